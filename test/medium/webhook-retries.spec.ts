import { randomBytes } from 'node:crypto';
import { Encryption } from '../../src/platform/encryption/encryption';
import { RETRY_WAITS_SECONDS } from '../../src/webhooks/retry-schedule';
import { waitFor } from '../support/wait';
import { answer204, answerWith, startWebhookReceiver, verifyWebhook, type ReceivedWebhook } from '../support/webhook-receiver';
import { SETTINGS, useWebhookScene } from '../support/webhook-scene';

const scene = useWebhookScene();

describe('webhooks', () => {
  it('come again after a failure, under the same id and with a signature of their own', async () => {
    const endpoint = await scene.register();
    scene.receiver.answer(answerWith(500));
    scene.startSender();
    await scene.failJob();
    const waiting = await scene.deliveryWith(endpoint, { errorCode: 'unexpected_status' });
    expect(waiting).toMatchObject({ status: 'pending', attempts: 1, responseStatus: 500, finishedAt: null });
    const seconds = (waiting.nextAttemptAt!.getTime() - waiting.lastAttemptAt!.getTime()) / 1000;
    // The first wait, of 5 s, begins after the attempt; the next would be of a minute.
    expect(seconds).toBeGreaterThan(4);
    expect(seconds).toBeLessThan(50);
    expect((await scene.endpointOf(endpoint)).failingSince).toEqual(expect.any(Date));

    scene.receiver.answer(answer204);
    await scene.makeDue();
    const [first, second] = (await scene.received(2)) as [ReceivedWebhook, ReceivedWebhook];
    expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
    expect(second.body).toBe(first.body);
    verifyWebhook(second, endpoint.secret);
    await scene.deliveryWith(endpoint, { status: 'delivered', attempts: 2, responseStatus: 204, errorCode: null });
    expect((await scene.endpointOf(endpoint)).failingSince).toBeNull();
  });

  it('have failed after the last of their attempts', async () => {
    const endpoint = await scene.register();
    scene.receiver.answer(answerWith(404));
    await scene.failJob();
    await scene.db.query('UPDATE webhook_delivery SET attempts = $1', [RETRY_WAITS_SECONDS.length - 1]);
    scene.startSender();
    await scene.deliveryWith(endpoint, {
      status: 'pending',
      attempts: RETRY_WAITS_SECONDS.length,
      errorCode: 'unexpected_status',
    });
    await scene.makeDue();
    const failed = await scene.deliveryWith(endpoint, { status: 'failed' });
    expect(failed).toMatchObject({ attempts: RETRY_WAITS_SECONDS.length + 1, nextAttemptAt: null, responseStatus: 404 });
    expect(failed.finishedAt).toEqual(expect.any(Date));
  });

  it.each([301, 302, 307, 308])('do not follow a redirect by %i', async (status) => {
    const elsewhere = await startWebhookReceiver();
    const endpoint = await scene.register();
    scene.receiver.answer(answerWith(status, { location: elsewhere.url }));
    scene.startSender();
    await scene.failJob();
    await scene.deliveryWith(endpoint, { errorCode: 'unexpected_status', responseStatus: status });
    expect(elsewhere.received).toEqual([]);
    await elsewhere.close();
  });

  it('end with an endpoint that says it is gone', async () => {
    const endpoint = await scene.register();
    scene.receiver.answer(answerWith(410));
    scene.startSender();
    await scene.failJob();
    await scene.deliveryWith(endpoint, { status: 'failed', errorCode: 'gone', responseStatus: 410 });
    expect((await scene.endpointOf(endpoint)).disabledReason).toBe('gone');
    await scene.failJob();
    expect(await scene.log(endpoint)).toHaveLength(1);

    await scene.webhooks.update(scene.access(), endpoint.uid, { enabled: true });
    scene.receiver.answer(answer204);
    await scene.failJob();
    await scene.deliveryWith(endpoint, { status: 'delivered' });
  });

  it('disable an endpoint after days of nothing but failures', async () => {
    const endpoint = await scene.register();
    scene.receiver.answer(answerWith(503));
    scene.startSender();
    await scene.failJob();
    await scene.deliveryWith(endpoint, { errorCode: 'unexpected_status' });
    await scene.db.query(`UPDATE webhook_endpoint SET failing_since = now() - interval '4 days 23 hours'`);
    await scene.makeDue();
    await scene.deliveryWith(endpoint, { attempts: 2, errorCode: 'unexpected_status' });
    expect((await scene.endpointOf(endpoint)).disabledReason).toBeNull();
    await scene.db.query(`UPDATE webhook_endpoint SET failing_since = now() - interval '5 days 1 minute'`);
    await scene.makeDue();
    await waitFor(async () => (await scene.endpointOf(endpoint)).disabledReason === 'failing');
    // What still waits is told as what it is.
    await scene.makeDue();
    await scene.deliveryWith(endpoint, { status: 'failed', errorCode: 'endpoint_disabled' });
    expect(scene.receiver.received).toHaveLength(3);
    expect((await scene.webhooks.update(scene.access(), endpoint.uid, { enabled: true })) as object).toMatchObject({
      endpoint: { disabledReason: null, failingSince: null },
    });
  });

  it('leave an endpoint alone for as long as its Retry-After says', async () => {
    const endpoint = await scene.register();
    scene.receiver.answer(answerWith(429, { 'retry-after': '3600' }));
    await scene.failJob();
    scene.startSender();
    const waiting = await scene.deliveryWith(endpoint, { errorCode: 'unexpected_status', responseStatus: 429 });
    expect((waiting.nextAttemptAt!.getTime() - Date.now()) / 1000).toBeGreaterThan(3_500);
    await scene.failJob();
    const other = await scene.register();
    await scene.failJob();
    await scene.deliveryWith(other, { responseStatus: 429 });
    expect(scene.receiver.received).toHaveLength(2);
    scene.receiver.answer(answer204);
    await scene.db.query('UPDATE webhook_endpoint SET paused_until = now()');
    await scene.received(4);
  });

  it('are tried once where they are a test, also at a disabled endpoint, and say nothing about it', async () => {
    const endpoint = await scene.register();
    await scene.webhooks.update(scene.access(), endpoint.uid, { enabled: false });
    scene.startSender();
    await scene.webhooks.test(scene.access(), endpoint.uid);
    const [webhook] = (await scene.received(1)) as [ReceivedWebhook];
    expect(verifyWebhook(webhook, endpoint.secret)).toMatchObject({ type: 'webhook.test', data: { endpointUid: endpoint.uid } });
    await scene.deliveryWith(endpoint, { status: 'delivered' });

    scene.receiver.answer(answerWith(410));
    await scene.webhooks.update(scene.access(), endpoint.uid, { enabled: true });
    await scene.webhooks.test(scene.access(), endpoint.uid);
    await scene.deliveryWith(endpoint, { status: 'failed', attempts: 1, errorCode: 'gone' });
    expect(await scene.endpointOf(endpoint)).toMatchObject({ disabledReason: null, failingSince: null });
  });

  it('go again, when asked, under the id that the receiver knows', async () => {
    const endpoint = await scene.register();
    scene.startSender();
    await scene.failJob();
    const first = await scene.deliveryWith(endpoint, { status: 'delivered' });
    await scene.webhooks.redeliver(scene.access(), endpoint.uid, first.uid);
    const [one, two] = (await scene.received(2)) as [ReceivedWebhook, ReceivedWebhook];
    expect(two.headers['webhook-id']).toBe(one.headers['webhook-id']);
    await waitFor(async () => (await scene.log(endpoint)).every(({ status }) => status === 'delivered'));
    expect(await scene.log(endpoint)).toHaveLength(2);
  });

  it.each([
    ['an address that is not allowed', 'http://127.0.0.1:9/', [], 'address_refused'],
    ['a name that leads to one', 'http://localhost:9/', [], 'address_refused'],
    ['metadata', 'http://169.254.169.254/latest/meta-data', ['127.0.0.0/8'], 'address_refused'],
    ['a port where nobody listens', 'http://127.0.0.1:9/', ['127.0.0.0/8'], 'connection_failed'],
    ['a name that there is not', 'http://nowhere.invalid/', ['127.0.0.0/8'], 'dns_failed'],
  ])('are not delivered to %s', async (_name, url, allowedCidrs, errorCode) => {
    const endpoint = await scene.register();
    // As if the rules had been others when it was registered.
    await scene.db.query('UPDATE webhook_endpoint SET url = $1', [url]);
    scene.startSender({ ...SETTINGS, allowedCidrs });
    await scene.webhooks.test(scene.access(), endpoint.uid);
    expect((await scene.deliveryWith(endpoint, { status: 'failed' })).errorCode).toBe(errorCode);
  });

  it('are not delivered over TLS that cannot be verified, or to what does not speak HTTP', async () => {
    const endpoint = await scene.register({ url: scene.receiver.url.replace('http:', 'https:') });
    scene.startSender();
    await scene.webhooks.test(scene.access(), endpoint.uid);
    expect((await scene.deliveryWith(endpoint, { status: 'failed' })).errorCode).toBe('tls_failed');

    scene.receiver.answer((_request, response) => void response.socket?.end('nonsense\r\n\r\n'));
    await scene.webhooks.update(scene.access(), endpoint.uid, { url: scene.receiver.url });
    await scene.webhooks.test(scene.access(), endpoint.uid);
    await scene.deliveryWith(endpoint, { status: 'failed', errorCode: 'invalid_response' });
  });

  it('wait, and do not count against the endpoint, while their secret cannot be decrypted', async () => {
    const endpoint = await scene.register();
    const sender = scene.startSender(SETTINGS, new Encryption({ keys: [{ id: 'other', key: randomBytes(32) }] }));
    await scene.failJob();
    await scene.deliveryWith(endpoint, { status: 'pending', errorCode: 'secret_unreadable', attempts: 1 });
    expect((await scene.endpointOf(endpoint)).failingSince).toBeNull();
    await sender.stop(0);
    scene.startSender();
    await scene.makeDue();
    await scene.deliveryWith(endpoint, { status: 'delivered' });
  });
});
