import { claimDeliveries, markDelivered, markFailed, type ClaimedDelivery } from '../../src/webhooks/webhook-attempt.queries';
import { waitFor } from '../support/wait';
import { answer204, answerNothing, startWebhookReceiver, type ReceivedWebhook } from '../support/webhook-receiver';
import { useWebhookScene } from '../support/webhook-scene';

const scene = useWebhookScene();

describe('webhooks', () => {
  it('each leave once, however many workers there are', async () => {
    const endpoint = await scene.register();
    for (let count = 0; count < 60; count++) await scene.webhooks.test(scene.access(), endpoint.uid);
    for (let count = 0; count < 4; count++) scene.startSender();
    await waitFor(async () => (await scene.log(endpoint)).every(({ status }) => status === 'delivered'));
    const ids = scene.receiver.received.map(({ headers }) => headers['webhook-id']);
    expect([ids.length, new Set(ids).size]).toEqual([60, 60]);
  });

  it('for one endpoint that never answers do not hold up those for another', async () => {
    const stuck = await startWebhookReceiver();
    stuck.answer(answerNothing);
    const dead = await scene.register({ url: stuck.url });
    for (let count = 0; count < 200; count++) await scene.webhooks.test(scene.access(), dead.uid);
    scene.startSender();
    await waitFor(() => stuck.received.length === 4);
    const alive = await scene.register();
    await scene.webhooks.test(scene.access(), alive.uid);
    await scene.deliveryWith(alive, { status: 'delivered' });
    expect(stuck.received).toHaveLength(4);

    // Once it has failed, it gets one at a time.
    await scene.db.query(`UPDATE webhook_endpoint SET failing_since = now() WHERE uid = $1`, [dead.uid]);
    await scene.stopSenders();
    scene.startSender();
    await waitFor(() => stuck.received.length === 5);
    await scene.webhooks.test(scene.access(), alive.uid);
    await waitFor(() => scene.receiver.received.length === 2);
    expect(stuck.received).toHaveLength(5);
    await stuck.close();
  });

  it('that a worker had in hand when it stopped are given back at once, as if they had not been tried', async () => {
    const endpoint = await scene.register();
    scene.receiver.answer(answerNothing);
    const sender = scene.startSender();
    await scene.failJob();
    await scene.received(1);
    await sender.stop(0);
    expect(await scene.log(endpoint)).toMatchObject([{ status: 'pending', attempts: 0, errorCode: null }]);
    scene.receiver.answer(answer204);
    scene.startSender();
    const [first, second] = (await scene.received(2)) as [ReceivedWebhook, ReceivedWebhook];
    expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
  });

  describe('that a worker claimed before it died', () => {
    const LIMITS = { deliveries: 10, perEndpoint: 10, perFailingEndpoint: 10, secrets: 5, leaseSeconds: 60 };
    const claim = async (): Promise<ClaimedDelivery[]> => claimDeliveries(scene.db, new Map(), LIMITS);

    it('are claimed by nobody else until the claim has run out, and then sent by another', async () => {
      const endpoint = await scene.register();
      await scene.failJob();
      await scene.makeDue();
      const [lost] = (await claim()) as [ClaimedDelivery];
      expect(await claim()).toEqual([]);
      const [pending] = await scene.log(endpoint);
      expect((pending!.nextAttemptAt!.getTime() - Date.now()) / 1000).toBeGreaterThan(50);
      await scene.makeDue();
      scene.startSender();
      const [webhook] = (await scene.received(1)) as [ReceivedWebhook];
      expect(webhook.headers['webhook-id']).toBe(lost.messageUid);
      await scene.deliveryWith(endpoint, { status: 'delivered', attempts: 2 });
    });

    it('are not touched by it when it lives on after all', async () => {
      const endpoint = await scene.register();
      await scene.failJob();
      await scene.makeDue();
      const [stale] = (await claim()) as [ClaimedDelivery];
      await scene.makeDue();
      expect(await claim()).toHaveLength(1);
      const before = await scene.log(endpoint);
      await markDelivered(scene.db, stale, 204, 1);
      const failure = {
        errorCode: 'gone',
        responseStatus: 410,
        durationMs: 1,
        retryInSeconds: null,
        pauseSeconds: 60,
        counts: true,
      } as const;
      expect(await markFailed(scene.db, stale, failure, 5)).toBeNull();
      expect(await scene.log(endpoint)).toEqual(before);
      expect(await scene.endpointOf(endpoint)).toMatchObject({ disabledReason: null, failingSince: null });
    });
  });
});
