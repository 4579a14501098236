import { Logger } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { claimRun } from '../../src/jobs/run-claim';
import { failRun, finishRun } from '../../src/jobs/run-end';
import type { RunAttempt } from '../../src/jobs/runs.service';
import { dataSourceOptions } from '../../src/platform/database/data-source';
import { Encryption } from '../../src/platform/encryption/encryption';
import { EncryptionUpkeep } from '../../src/platform/encryption/encryption-upkeep';
import { CreateWebhookEndpoint } from '../../src/webhooks/create-webhook-endpoint';
import { DeliverWebhook } from '../../src/webhooks/deliver-webhook';
import { RETRY_WAITS_SECONDS } from '../../src/webhooks/retry-schedule';
import { claimDeliveries, markDelivered, markFailed, type ClaimedDelivery } from '../../src/webhooks/webhook-attempt.queries';
import { WebhookEndpointsService, type WebhookDeliveryView } from '../../src/webhooks/webhook-endpoints.service';
import type { WebhookEventType } from '../../src/webhooks/webhook-events';
import { WEBHOOK_SECRETS } from '../../src/webhooks/webhook-secret';
import { WebhookSender } from '../../src/webhooks/webhook-sender';
import { WebhookMetrics } from '../../src/webhooks/webhook-metrics';
import { WebhookUpkeep } from '../../src/webhooks/webhook-upkeep';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { makeRun, makeTenant, type RunRow, type TenantRow } from '../support/factories';
import { waitFor } from '../support/wait';
import {
  answer204,
  answerNothing,
  answerWith,
  startWebhookReceiver,
  verifyWebhook,
  type ReceivedWebhook,
  type WebhookReceiver,
} from '../support/webhook-receiver';

const SETTINGS = { allowedCidrs: ['127.0.0.0/8'], httpOnLoopback: true, logRetentionDays: 30 };
const EVENTS: WebhookEventType[] = ['job.succeeded', 'job.failed', 'job.cancelled', 'job.expired'];
const COUNTS = { rowsRead: 1, rowsWritten: 1, files: { inputs: {}, outputs: {} }, warnings: [], warningCount: 0 };
const ERROR = {
  code: 'column_missing',
  title: 'A column is missing',
  detail: 'Ada Lovelace, row 7',
  file: 'INPUT_FILE',
  line: 7,
};
const KEY = { id: 'first', key: randomBytes(32) };

let database: TestDatabase;
let db: DataSource;
let webhooks: WebhookEndpointsService;
let receiver: WebhookReceiver;
let tenant: TenantRow;
const encryption = new Encryption({ keys: [KEY] });
const senders: WebhookSender[] = [];
const logged: string[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  db = await new DataSource(dataSourceOptions(database.url, 8)).initialize();
  webhooks = new WebhookEndpointsService(db, new CreateWebhookEndpoint(db, encryption, SETTINGS), encryption, SETTINGS);
  tenant = await makeTenant(db);
  for (const level of ['log', 'warn', 'error'] as const)
    jest.spyOn(Logger.prototype, level).mockImplementation((...message: unknown[]) => void logged.push(JSON.stringify(message)));
});
beforeEach(async () => {
  receiver = await startWebhookReceiver();
  logged.length = 0;
});
afterEach(async () => {
  await Promise.all(senders.splice(0).map((sender) => sender.stop(0)));
  await receiver.close();
  await db.query('TRUNCATE webhook_endpoint CASCADE');
});
afterAll(async () => {
  jest.restoreAllMocks();
  await db.destroy();
  await database.drop();
});

const access = () => ({ issuer: 'https://issuer.test', clientId: 'sis', partners: [tenant.partner.code] });

interface TestEndpoint {
  readonly uid: string;
  readonly secret: string;
}
async function register({
  url = receiver.url,
  eventTypes = EVENTS,
}: { url?: string; eventTypes?: WebhookEventType[] } = {}): Promise<TestEndpoint> {
  const result = await webhooks.createEndpoint(access(), { partner: tenant.partner.code, url, eventTypes });
  if (result.kind !== 'created') throw new Error(result.kind);
  return { uid: result.endpoint.uid, secret: result.secret };
}

/** A worker's part that sends, as often as a test needs one. */
function startSender(settings = SETTINGS, keys = encryption): WebhookSender {
  const sender = new WebhookSender(db, new DeliverWebhook(db, keys, new WebhookMetrics(new Registry()), settings));
  senders.push(sender);
  sender.onApplicationBootstrap();
  return sender;
}

async function log({ uid }: { uid: string }): Promise<WebhookDeliveryView[]> {
  const result = await webhooks.listDeliveries(access(), uid, null, null, 200);
  if (result.kind !== 'found') throw new Error(result.kind);
  return [...result.page.items];
}
const deliveryWith = (endpoint: TestEndpoint, expected: Partial<WebhookDeliveryView>): Promise<WebhookDeliveryView> =>
  waitFor(async () => {
    const [newest] = await log(endpoint);
    return (
      newest && Object.entries(expected).every(([key, value]) => newest[key as keyof WebhookDeliveryView] === value) && newest
    );
  });
const endpointOf = async ({ uid }: TestEndpoint) => {
  const result = await webhooks.get(access(), uid);
  if (result.kind !== 'found') throw new Error(result.kind);
  return result.endpoint;
};
/** A second ago: the column's milliseconds may round `now()` up. */
const makeDue = () =>
  db.query(`UPDATE webhook_delivery SET next_attempt_at = now() - interval '1 second' WHERE status = 'pending'`);
const received = (count: number): Promise<ReceivedWebhook[]> =>
  waitFor(() => receiver.received.length >= count && receiver.received);

async function startRun(): Promise<{ run: RunRow; attempt: RunAttempt }> {
  const run = await makeRun(db, { tenant });
  const claim = await claimRun(db, run.uid);
  if (claim.kind !== 'claimed') throw new Error('the run was not claimed');
  return { run, attempt: claim.run };
}
/** Ends a job and so has it told. */
async function failJob(): Promise<string> {
  const { run, attempt } = await startRun();
  await failRun(db, attempt, ERROR);
  return run.job.uid;
}

describe('webhooks', () => {
  it('tell of a job that succeeded, signed so that the package of Standard Webhooks verifies it', async () => {
    const endpoint = await register();
    startSender();
    const { run, attempt } = await startRun();
    await finishRun(db, attempt, [{ name: 'a.jsonl', key: 'outputs/a', versionId: null, size: 1, records: 1 }], COUNTS);

    const [webhook] = (await received(1)) as [ReceivedWebhook];
    const [job] = await db.query(
      `SELECT finished_at AS "finishedAt", s.uid AS "outputSetUid" FROM job JOIN output_set s ON s.job_id = job.id WHERE job.id = $1`,
      [run.job.id],
    );
    const finishedAt = job.finishedAt.toISOString();
    expect(verifyWebhook(webhook, endpoint.secret)).toEqual({
      type: 'job.succeeded',
      timestamp: finishedAt,
      data: {
        jobUid: run.job.uid,
        partner: tenant.partner.code,
        tenant: tenant.code,
        bundle: 'assessments/TEST',
        schoolYear: '2026',
        status: 'succeeded',
        finishedAt,
        error: null,
        outputSetUid: job.outputSetUid,
      },
    });
    expect(webhook).toMatchObject({ method: 'POST', path: '/hook', headers: { 'content-type': 'application/json' } });
    expect(() => verifyWebhook({ ...webhook, body: webhook.body.replace('succeeded', 'failed') }, endpoint.secret)).toThrow();
    const delivered = await deliveryWith(endpoint, { status: 'delivered' });
    expect(delivered).toMatchObject({
      attempts: 1,
      responseStatus: 204,
      errorCode: null,
      nextAttemptAt: null,
      jobUid: run.job.uid,
    });
    expect(delivered.messageUid).toBe(webhook.headers['webhook-id']);
    expect(delivered.durationMs).toBeLessThan(5_000);
  });

  it('tell of a job that failed without what may quote a file', async () => {
    await register();
    startSender();
    const jobUid = await failJob();
    const [{ json, body }] = (await received(1)) as [ReceivedWebhook];
    expect(json).toMatchObject({ type: 'job.failed', data: { jobUid, status: 'failed', outputSetUid: null } });
    expect(json.data.error).toEqual({ code: ERROR.code, title: ERROR.title });
    expect(body).not.toContain('Ada');
  });

  it('are queued in the transaction that ends the job, and not where it is undone', async () => {
    const endpoint = await register();
    const { attempt } = await startRun();
    const undone = db.transaction(async (tx) => {
      await finishRun(tx, attempt, [], COUNTS);
      const [{ count }] = await tx.query('SELECT count(*)::int AS count FROM webhook_delivery');
      expect(count).toBe(1);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await log(endpoint)).toEqual([]);
    await finishRun(db, attempt, [], COUNTS);
    expect(await log(endpoint)).toHaveLength(1);
  });

  it('go to each endpoint of the partner that is enabled and wants the event, with ids of their own', async () => {
    const [all, failures, successes, disabled, removed] = [
      await register(),
      await register({ eventTypes: ['job.failed'] }),
      await register({ eventTypes: ['job.succeeded'] }),
      await register(),
      await register(),
    ];
    await webhooks.update(access(), disabled.uid, { enabled: false });
    await webhooks.delete(access(), removed.uid);
    await failJob();
    const other = await startRunOfAnotherPartner();
    await failRun(db, other, ERROR);
    const rows: { uid: string; endpoint: string }[] = await db.query(
      `SELECT d.uid, e.uid AS endpoint FROM webhook_delivery d JOIN webhook_endpoint e ON e.id = d.endpoint_id ORDER BY e.id`,
    );
    expect(rows.map(({ endpoint }) => endpoint)).toEqual([all.uid, failures.uid]);
    expect(new Set(rows.map(({ uid }) => uid)).size).toBe(2);
    for (const { uid } of rows) expect(uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab]/);
    expect(await log(successes)).toEqual([]);
  });

  async function startRunOfAnotherPartner() {
    const run = await makeRun(db);
    const claim = await claimRun(db, run.uid);
    if (claim.kind !== 'claimed') throw new Error('the run was not claimed');
    return claim.run;
  }

  it('come again after a failure, under the same id and with a signature of their own', async () => {
    const endpoint = await register();
    receiver.answer(answerWith(500));
    startSender();
    await failJob();
    const waiting = await deliveryWith(endpoint, { errorCode: 'unexpected_status' });
    expect(waiting).toMatchObject({ status: 'pending', attempts: 1, responseStatus: 500, finishedAt: null });
    const seconds = (waiting.nextAttemptAt!.getTime() - waiting.lastAttemptAt!.getTime()) / 1000;
    expect(seconds).toBeGreaterThan(4);
    expect(seconds).toBeLessThan(10);
    expect((await endpointOf(endpoint)).failingSince).toEqual(expect.any(Date));

    receiver.answer(answer204);
    await makeDue();
    const [first, second] = (await received(2)) as [ReceivedWebhook, ReceivedWebhook];
    expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
    expect(second.body).toBe(first.body);
    verifyWebhook(second, endpoint.secret);
    await deliveryWith(endpoint, { status: 'delivered', attempts: 2, responseStatus: 204, errorCode: null });
    expect((await endpointOf(endpoint)).failingSince).toBeNull();
  });

  it('have failed after the last of their attempts', async () => {
    const endpoint = await register();
    receiver.answer(answerWith(404));
    await failJob();
    await db.query('UPDATE webhook_delivery SET attempts = $1', [RETRY_WAITS_SECONDS.length - 1]);
    startSender();
    await deliveryWith(endpoint, { status: 'pending', attempts: RETRY_WAITS_SECONDS.length, errorCode: 'unexpected_status' });
    await makeDue();
    const failed = await deliveryWith(endpoint, { status: 'failed' });
    expect(failed).toMatchObject({ attempts: RETRY_WAITS_SECONDS.length + 1, nextAttemptAt: null, responseStatus: 404 });
    expect(failed.finishedAt).toEqual(expect.any(Date));
  });

  it.each([301, 302, 307, 308])('do not follow a redirect by %i', async (status) => {
    const elsewhere = await startWebhookReceiver();
    const endpoint = await register();
    receiver.answer(answerWith(status, { location: elsewhere.url }));
    startSender();
    await failJob();
    await deliveryWith(endpoint, { errorCode: 'unexpected_status', responseStatus: status });
    expect(elsewhere.received).toEqual([]);
    await elsewhere.close();
  });

  it('end with an endpoint that says it is gone', async () => {
    const endpoint = await register();
    receiver.answer(answerWith(410));
    startSender();
    await failJob();
    await deliveryWith(endpoint, { status: 'failed', errorCode: 'gone', responseStatus: 410 });
    expect((await endpointOf(endpoint)).disabledReason).toBe('gone');
    await failJob();
    expect(await log(endpoint)).toHaveLength(1);

    await webhooks.update(access(), endpoint.uid, { enabled: true });
    receiver.answer(answer204);
    await failJob();
    await deliveryWith(endpoint, { status: 'delivered' });
  });

  it('disable an endpoint after days of nothing but failures', async () => {
    const endpoint = await register();
    receiver.answer(answerWith(503));
    startSender();
    await failJob();
    await deliveryWith(endpoint, { errorCode: 'unexpected_status' });
    await db.query(`UPDATE webhook_endpoint SET failing_since = now() - interval '4 days 23 hours'`);
    await makeDue();
    await deliveryWith(endpoint, { attempts: 2, errorCode: 'unexpected_status' });
    expect((await endpointOf(endpoint)).disabledReason).toBeNull();
    await db.query(`UPDATE webhook_endpoint SET failing_since = now() - interval '5 days 1 minute'`);
    await makeDue();
    await waitFor(async () => (await endpointOf(endpoint)).disabledReason === 'failing');
    // What still waits is told as what it is.
    await makeDue();
    await deliveryWith(endpoint, { status: 'failed', errorCode: 'endpoint_disabled' });
    expect(receiver.received).toHaveLength(3);
    expect((await webhooks.update(access(), endpoint.uid, { enabled: true })) as object).toMatchObject({
      endpoint: { disabledReason: null, failingSince: null },
    });
  });

  it('leave an endpoint alone for as long as its Retry-After says', async () => {
    const endpoint = await register();
    receiver.answer(answerWith(429, { 'retry-after': '3600' }));
    await failJob();
    startSender();
    const waiting = await deliveryWith(endpoint, { errorCode: 'unexpected_status', responseStatus: 429 });
    expect((waiting.nextAttemptAt!.getTime() - Date.now()) / 1000).toBeGreaterThan(3_500);
    await failJob();
    const other = await register();
    await failJob();
    await deliveryWith(other, { responseStatus: 429 });
    expect(receiver.received).toHaveLength(2);
    receiver.answer(answer204);
    await db.query('UPDATE webhook_endpoint SET paused_until = now()');
    await received(4);
  });

  it('are tried once where they are a test, also at a disabled endpoint, and say nothing about it', async () => {
    const endpoint = await register();
    await webhooks.update(access(), endpoint.uid, { enabled: false });
    startSender();
    await webhooks.test(access(), endpoint.uid);
    const [webhook] = (await received(1)) as [ReceivedWebhook];
    expect(verifyWebhook(webhook, endpoint.secret)).toMatchObject({ type: 'webhook.test', data: { endpointUid: endpoint.uid } });
    await deliveryWith(endpoint, { status: 'delivered' });

    receiver.answer(answerWith(410));
    await webhooks.update(access(), endpoint.uid, { enabled: true });
    await webhooks.test(access(), endpoint.uid);
    await deliveryWith(endpoint, { status: 'failed', attempts: 1, errorCode: 'gone' });
    expect(await endpointOf(endpoint)).toMatchObject({ disabledReason: null, failingSince: null });
  });

  it('go again, when asked, under the id that the receiver knows', async () => {
    const endpoint = await register();
    startSender();
    await failJob();
    const first = await deliveryWith(endpoint, { status: 'delivered' });
    await webhooks.redeliver(access(), endpoint.uid, first.uid);
    const [one, two] = (await received(2)) as [ReceivedWebhook, ReceivedWebhook];
    expect(two.headers['webhook-id']).toBe(one.headers['webhook-id']);
    await waitFor(async () => (await log(endpoint)).every(({ status }) => status === 'delivered'));
    expect(await log(endpoint)).toHaveLength(2);
  });

  it('are signed with the old secret and the new one while a secret is replaced', async () => {
    const endpoint = await register();
    startSender();
    const rotate = async (seconds: number) => {
      const result = await webhooks.rotateSecret(access(), endpoint.uid, seconds);
      if (result.kind !== 'rotated') throw new Error(result.kind);
      return result.secret;
    };
    const second = await rotate(60);
    const third = await rotate(60);
    await failJob();
    const [webhook] = (await received(1)) as [ReceivedWebhook];
    for (const secret of [endpoint.secret, second, third]) verifyWebhook(webhook, secret);
    expect(String(webhook.headers['webhook-signature']).split(' ')).toHaveLength(3);

    await db.query(`UPDATE webhook_secret SET expires_at = now() WHERE expires_at IS NOT NULL`);
    const fourth = await rotate(0);
    await failJob();
    const [, after] = (await received(2)) as [ReceivedWebhook, ReceivedWebhook];
    verifyWebhook(after, fourth);
    for (const secret of [endpoint.secret, second, third]) expect(() => verifyWebhook(after, secret)).toThrow();
  });

  it.each([
    ['an address that is not allowed', 'http://127.0.0.1:9/', [], 'address_refused'],
    ['a name that leads to one', 'http://localhost:9/', [], 'address_refused'],
    ['metadata', 'http://169.254.169.254/latest/meta-data', ['127.0.0.0/8'], 'address_refused'],
    ['a port where nobody listens', 'http://127.0.0.1:9/', ['127.0.0.0/8'], 'connection_failed'],
    ['a name that there is not', 'http://nowhere.invalid/', ['127.0.0.0/8'], 'dns_failed'],
  ])('are not delivered to %s', async (_name, url, allowedCidrs, errorCode) => {
    const endpoint = await register();
    // As if the rules had been others when it was registered.
    await db.query('UPDATE webhook_endpoint SET url = $1', [url]);
    startSender({ ...SETTINGS, allowedCidrs });
    await webhooks.test(access(), endpoint.uid);
    expect((await deliveryWith(endpoint, { status: 'failed' })).errorCode).toBe(errorCode);
  });

  it('are not delivered over TLS that cannot be verified, or to what does not speak HTTP', async () => {
    const endpoint = await register({ url: receiver.url.replace('http:', 'https:') });
    startSender();
    await webhooks.test(access(), endpoint.uid);
    expect((await deliveryWith(endpoint, { status: 'failed' })).errorCode).toBe('tls_failed');

    receiver.answer((_request, response) => void response.socket?.end('nonsense\r\n\r\n'));
    await webhooks.update(access(), endpoint.uid, { url: receiver.url });
    await webhooks.test(access(), endpoint.uid);
    await deliveryWith(endpoint, { status: 'failed', errorCode: 'invalid_response' });
  });

  it('wait, and do not count against the endpoint, while their secret cannot be decrypted', async () => {
    const endpoint = await register();
    const sender = startSender(SETTINGS, new Encryption({ keys: [{ id: 'other', key: randomBytes(32) }] }));
    await failJob();
    await deliveryWith(endpoint, { status: 'pending', errorCode: 'secret_unreadable', attempts: 1 });
    expect((await endpointOf(endpoint)).failingSince).toBeNull();
    await sender.stop(0);
    startSender();
    await makeDue();
    await deliveryWith(endpoint, { status: 'delivered' });
  });

  it('each leave once, however many workers there are', async () => {
    const endpoint = await register();
    for (let count = 0; count < 60; count++) await webhooks.test(access(), endpoint.uid);
    for (let count = 0; count < 4; count++) startSender();
    await waitFor(async () => (await log(endpoint)).every(({ status }) => status === 'delivered'), { deadlineMs: 10_000 });
    const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect([ids.length, new Set(ids).size]).toEqual([60, 60]);
  });

  it('for one endpoint that never answers do not hold up those for another', async () => {
    const stuck = await startWebhookReceiver();
    stuck.answer(answerNothing);
    const dead = await register({ url: stuck.url });
    for (let count = 0; count < 200; count++) await webhooks.test(access(), dead.uid);
    startSender();
    await waitFor(() => stuck.received.length === 4);
    const alive = await register();
    await webhooks.test(access(), alive.uid);
    await deliveryWith(alive, { status: 'delivered' });
    expect(stuck.received).toHaveLength(4);

    // Once it has failed, it gets one at a time.
    await db.query(`UPDATE webhook_endpoint SET failing_since = now() WHERE uid = $1`, [dead.uid]);
    await Promise.all(senders.splice(0).map((sender) => sender.stop(0)));
    startSender();
    await waitFor(() => stuck.received.length === 5);
    await webhooks.test(access(), alive.uid);
    await waitFor(() => receiver.received.length === 2);
    expect(stuck.received).toHaveLength(5);
    await stuck.close();
  });

  it('that a worker had in hand when it stopped are given back at once, as if they had not been tried', async () => {
    const endpoint = await register();
    receiver.answer(answerNothing);
    const sender = startSender();
    await failJob();
    await received(1);
    await sender.stop(0);
    expect(await log(endpoint)).toMatchObject([{ status: 'pending', attempts: 0, errorCode: null }]);
    receiver.answer(answer204);
    startSender();
    const [first, second] = (await received(2)) as [ReceivedWebhook, ReceivedWebhook];
    expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
  });

  describe('that a worker claimed before it died', () => {
    const LIMITS = { deliveries: 10, perEndpoint: 10, perFailingEndpoint: 10, secrets: 5, leaseSeconds: 60 };
    const claim = async (): Promise<ClaimedDelivery[]> => claimDeliveries(db, new Map(), LIMITS);

    it('are claimed by nobody else until the claim has run out, and then sent by another', async () => {
      const endpoint = await register();
      await failJob();
      await makeDue();
      const [lost] = (await claim()) as [ClaimedDelivery];
      expect(await claim()).toEqual([]);
      const [pending] = await log(endpoint);
      expect((pending!.nextAttemptAt!.getTime() - Date.now()) / 1000).toBeGreaterThan(50);
      await makeDue();
      startSender();
      const [webhook] = (await received(1)) as [ReceivedWebhook];
      expect(webhook.headers['webhook-id']).toBe(lost.messageUid);
      await deliveryWith(endpoint, { status: 'delivered', attempts: 2 });
    });

    it('are not touched by it when it lives on after all', async () => {
      const endpoint = await register();
      await failJob();
      await makeDue();
      const [stale] = (await claim()) as [ClaimedDelivery];
      await makeDue();
      expect(await claim()).toHaveLength(1);
      const before = await log(endpoint);
      await markDelivered(db, stale, 204, 1);
      const failure = {
        errorCode: 'gone',
        responseStatus: 410,
        durationMs: 1,
        retryInSeconds: null,
        pauseSeconds: 60,
        counts: true,
      } as const;
      expect(await markFailed(db, stale, failure, 5)).toBeNull();
      expect(await log(endpoint)).toEqual(before);
      expect(await endpointOf(endpoint)).toMatchObject({ disabledReason: null, failingSince: null });
    });
  });

  it('leave no URL, secret or payload in the log', async () => {
    const endpoint = await register({ url: `${receiver.url}?token=hidden` });
    receiver.answer(answerWith(410));
    startSender();
    const jobUid = await failJob();
    await deliveryWith(endpoint, { status: 'failed' });
    await waitFor(() => logged.length >= 2);
    expect(logged.join()).toContain(endpoint.uid);
    for (const hidden of ['hidden', '127.0.0.1', endpoint.secret, jobUid]) expect(logged.join()).not.toContain(hidden);
  });
});

describe('the upkeep of webhooks', () => {
  const upkeep = () => new WebhookUpkeep(db, SETTINGS);
  const reencrypt = (keys: Encryption) => new EncryptionUpkeep(db, keys, [WEBHOOK_SECRETS]).run();

  it('ends the log after its days, but keeps what is still to be sent', async () => {
    const endpoint = await register();
    for (let count = 0; count < 3; count++) await webhooks.test(access(), endpoint.uid);
    const [pending, recent] = await log(endpoint);
    const end = `SET status = 'delivered', next_attempt_at = NULL, finished_at = now() - $1 * interval '1 hour'`;
    await db.query(`UPDATE webhook_delivery ${end} WHERE uid <> $2`, [30 * 24 + 1, pending!.uid]);
    await db.query(`UPDATE webhook_delivery ${end} WHERE uid = $2`, [30 * 24 - 1, recent!.uid]);
    await Promise.all([upkeep().run(), upkeep().run()]);
    expect((await log(endpoint)).map(({ uid }) => uid)).toEqual([pending!.uid, recent!.uid]);
  });

  it('takes out expired secrets, and deleted endpoints once nothing of theirs is in the log', async () => {
    const [kept, removed, logged] = [await register(), await register(), await register()];
    await webhooks.rotateSecret(access(), kept.uid, 0);
    await webhooks.test(access(), logged.uid);
    for (const { uid } of [removed, logged]) await webhooks.delete(access(), uid);
    await upkeep().run();
    expect(await db.query('SELECT uid FROM webhook_endpoint ORDER BY id')).toEqual([{ uid: kept.uid }, { uid: logged.uid }]);
    expect(await db.query('SELECT expires_at FROM webhook_secret')).toEqual([{ expires_at: null }]);
  });

  it('brings secrets under the first key, so that the one before it can be dropped', async () => {
    const endpoint = await register();
    const next = { id: 'second', key: randomBytes(32) };
    await reencrypt(new Encryption({ keys: [next, KEY] }));
    const [row] = await db.query('SELECT secret FROM webhook_secret');
    expect(row.secret).toMatch(/^v1:second:/);
    expect(logged.join()).toContain('1 webhook secrets were encrypted anew');
    startSender(SETTINGS, new Encryption({ keys: [next] }));
    await failJob();
    const [webhook] = (await received(1)) as [ReceivedWebhook];
    verifyWebhook(webhook, endpoint.secret);

    logged.length = 0;
    await reencrypt(new Encryption({ keys: [{ id: 'third', key: randomBytes(32) }] }));
    expect(logged.join()).toContain('1 webhook secrets cannot be decrypted');
  });
});
