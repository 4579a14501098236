import { validate, version } from 'uuid';
import { ALL_SCOPES, startTestApplication, type Json, type RequestOptions, type TestApplication } from '../support/application';

const PATH = '/v1/webhook-endpoints';
const URL = 'https://hooks.example.org/slipway?token=hidden';
const EVENTS = ['job.succeeded', 'job.failed', 'job.cancelled', 'job.expired'];

/** /v1/webhook-endpoints as a partner's engineer uses it; what is then sent is in medium/webhook-sender.spec.ts. */
describe('webhook endpoints', () => {
  let slipway: TestApplication;
  beforeAll(async () => {
    slipway = await startTestApplication();
  });
  afterAll(() => slipway.close());
  beforeEach(() => slipway.db.query('TRUNCATE webhook_endpoint CASCADE'));

  const post = (path: string, body?: unknown, options: RequestOptions = {}) =>
    slipway.request('post', path, { body, ...options });
  const get = (path: string, options?: RequestOptions) => slipway.request('get', path, options);
  async function create(changes: Record<string, unknown> = {}, options?: RequestOptions): Promise<Json> {
    const response = await post(PATH, { partner: 'demo', url: URL, ...changes }, options);
    expect([response.status, response.text]).toEqual([201, expect.any(String)]);
    return response.json;
  }
  const problem = (response: { status: number; json: Json }): unknown[] => [response.status, response.json.code];

  it('are created with a secret that is shown once, and kept encrypted', async () => {
    const response = await post(PATH, { partner: 'demo', url: URL, eventTypes: ['job.failed'] });
    const { uid, secret, createdAt, ...rest } = response.json;
    expect(response.status).toBe(201);
    expect(response.headers.get('location')).toBe(`${PATH}/${uid}`);
    expect([validate(uid), version(uid)]).toEqual([true, 7]);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(new Date(createdAt).toISOString()).toBe(createdAt);
    expect(rest).toEqual({
      partner: 'demo',
      url: URL,
      eventTypes: ['job.failed'],
      enabled: true,
      disabledReason: null,
      failingSince: null,
    });

    const shown = await get(`${PATH}/${uid}`);
    expect(shown.json).toEqual({ uid, createdAt, ...rest });
    const [row] = await slipway.db.query('SELECT secret FROM webhook_secret');
    expect(row.secret).toMatch(/^v1:development:/);
    expect(row.secret).not.toContain(secret.slice('whsec_'.length));
  });

  it('are for all events where none are named', async () => {
    expect((await create()).eventTypes).toEqual(EVENTS);
  });

  it.each<[string, unknown, string[]]>([
    ['nothing', {}, ['/partner', '/url']],
    ['a URL that is none', { partner: 'demo', url: 5 }, ['/url']],
    ['a URL of 2,049 characters', { partner: 'demo', url: `https://a.example.org/${'x'.repeat(2027)}` }, ['/url']],
    ['a URL with a line break', { partner: 'demo', url: 'https://a.example.org/\nx' }, ['/url']],
    ['no events', { partner: 'demo', url: URL, eventTypes: [] }, ['/eventTypes']],
    ['an unknown event', { partner: 'demo', url: URL, eventTypes: ['job.created'] }, ['/eventTypes']],
    ['an event twice', { partner: 'demo', url: URL, eventTypes: ['job.failed', 'job.failed'] }, ['/eventTypes']],
    ['events that are no list', { partner: 'demo', url: URL, eventTypes: 'job.failed' }, ['/eventTypes']],
    ['null for events', { partner: 'demo', url: URL, eventTypes: null }, ['/eventTypes']],
    ['a secret of its own', { partner: 'demo', url: URL, secret: 'whsec_x' }, ['/secret']],
  ])('are refused with %s', async (_name, body, pointers) => {
    const response = await post(PATH, body);
    expect(response.status).toBe(400);
    expect(response.json.errors.map(({ pointer }: Json) => pointer)).toEqual(pointers);
    expect(await get(PATH).then(({ json }) => json.items)).toEqual([]);
  });

  it.each([
    'http://hooks.example.org/',
    'https://127.0.0.1/',
    'http://127.0.0.1/',
    'https://localhost/',
    'https://10.1.2.3/',
    'https://169.254.169.254/',
    'https://[::1]/',
    'https://user:pw@hooks.example.org/',
    'https://hooks.example.org/#part',
    'hooks.example.org',
  ])('are not sent to %s, neither from the start nor after a change', async (url) => {
    const refused = await post(PATH, { partner: 'demo', url });
    expect(problem(refused)).toEqual([400, 'webhook_url_not_allowed']);
    expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(refused.json.errors).toEqual([{ pointer: '/url', code: 'webhook_url_not_allowed', detail: expect.any(String) }]);
    const { uid } = await create();
    const changed = await slipway.request('patch', `${PATH}/${uid}`, { body: { url } });
    expect(problem(changed)).toEqual([400, 'webhook_url_not_allowed']);
    expect((await get(`${PATH}/${uid}`)).json.url).toBe(URL);
  });

  it('are for the partners of the token', async () => {
    expect(problem(await post(PATH, { partner: 'other', url: URL }))).toEqual([403, 'partner_not_allowed']);
    const token = await slipway.token({ scope: `${ALL_SCOPES} partner:nowhere` });
    expect(problem(await post(PATH, { partner: 'nowhere', url: URL }, { token }))).toEqual([400, 'partner_not_found']);
    expect(problem(await get(`${PATH}?partner=other`))).toEqual([403, 'partner_not_allowed']);
  });

  it('need the scope manage:webhooks, and a client', async () => {
    const jobs = await slipway.token({ scope: 'create:jobs read:jobs read:jobs:output-files partner:demo' });
    expect(problem(await get(PATH, { token: jobs }))).toEqual([403, 'insufficient_scope']);
    const nobody = await slipway.token({ client_id: undefined });
    expect(problem(await get(PATH, { token: nobody }))).toEqual([403, 'client_missing']);
  });

  it("are nobody's but their client's, and only while its token has the partner", async () => {
    const { uid } = await create();
    const delivery = (await post(`${PATH}/${uid}/test`)).json.uid;
    const strangers = {
      'another client': await slipway.token({ client_id: 'another' }),
      'the same name at another partner': await slipway.token({ scope: `${ALL_SCOPES} partner:other` }),
      'the same client without the partner': await slipway.token({ scope: ALL_SCOPES }),
    };
    for (const [name, token] of Object.entries(strangers)) {
      const requests = [
        get(`${PATH}/${uid}`, { token }),
        slipway.request('patch', `${PATH}/${uid}`, { body: { enabled: false }, token }),
        slipway.request('delete', `${PATH}/${uid}`, { token }),
        post(`${PATH}/${uid}/rotate-secret`, undefined, { token }),
        post(`${PATH}/${uid}/test`, undefined, { token }),
        get(`${PATH}/${uid}/deliveries`, { token }),
        post(`${PATH}/${uid}/deliveries/${delivery}/redeliver`, undefined, { token }),
      ];
      for (const response of await Promise.all(requests))
        expect([name, ...problem(response)]).toEqual([name, 404, 'webhook_endpoint_not_found']);
      expect([name, (await get(PATH, { token })).json.items]).toEqual([name, []]);
    }
    expect((await get(`${PATH}/${uid}`)).json.enabled).toBe(true);
    expect((await get(`${PATH}/${uid}/deliveries`)).json.items).toHaveLength(1);
  });

  it('answer alike for a uid that is unknown and for one that is none', async () => {
    for (const uid of ['019ab6d0-31aa-7f0e-8c11-2a3b4c5d6e70', 'nonsense', '%00'])
      expect(problem(await get(`${PATH}/${uid}`))).toEqual([404, 'webhook_endpoint_not_found']);
    const { uid } = await create();
    for (const delivery of ['019ab6d0-31aa-7f0e-8c11-2a3b4c5d6e70', 'nonsense'])
      expect(problem(await post(`${PATH}/${uid}/deliveries/${delivery}/redeliver`))).toEqual([404, 'webhook_delivery_not_found']);
  });

  it('are changed in what is given, and in nothing else', async () => {
    const { uid, secret: _secret, ...created } = await create();
    const patch = (body: unknown) => slipway.request('patch', `${PATH}/${uid}`, { body });
    const url = 'https://hooks.example.org/v2';
    expect((await patch({ url })).json).toEqual({ uid, ...created, url });
    expect((await patch({ eventTypes: ['job.failed'] })).json).toEqual({ uid, ...created, url, eventTypes: ['job.failed'] });
    expect((await patch({ enabled: false })).json).toMatchObject({ enabled: false, disabledReason: 'requested', url });
    expect((await patch({})).json).toMatchObject({ enabled: false, eventTypes: ['job.failed'] });
    expect((await patch({ enabled: true })).json).toMatchObject({ enabled: true, disabledReason: null });
    for (const body of [{ url: null }, { enabled: null }, { enabled: 'no' }, { eventTypes: null }, { partner: 'other' }])
      expect((await patch(body)).status).toBe(400);
  });

  it('are gone after they are deleted, with their secrets', async () => {
    const { uid } = await create();
    const removed = await slipway.request('delete', `${PATH}/${uid}`);
    expect([removed.status, removed.text]).toEqual([204, '']);
    expect(problem(await get(`${PATH}/${uid}`))).toEqual([404, 'webhook_endpoint_not_found']);
    expect(problem(await slipway.request('delete', `${PATH}/${uid}`))).toEqual([404, 'webhook_endpoint_not_found']);
    expect((await get(PATH)).json.items).toEqual([]);
    expect(await slipway.db.query('SELECT FROM webhook_secret')).toEqual([]);
  });

  it('are at most 20 a client, however many are asked for at once', async () => {
    const statuses = await Promise.all(Array.from({ length: 25 }, async () => post(PATH, { partner: 'demo', url: URL })));
    expect(statuses.filter(({ status }) => status === 201)).toHaveLength(20);
    for (const refused of statuses.filter(({ status }) => status !== 201))
      expect(problem(refused)).toEqual([409, 'too_many_webhook_endpoints']);
    const token = await slipway.token({ client_id: 'another' });
    const { uid } = await create({}, { token });
    const [mine] = (await get(PATH)).json.items;
    expect(mine.uid).not.toBe(uid);
    await slipway.request('delete', `${PATH}/${mine.uid}`);
    await create();
  });

  it('are listed oldest first, in pages', async () => {
    const token = await slipway.token({ scope: `${ALL_SCOPES} partner:demo partner:other` });
    const uids: string[] = [];
    for (const partner of ['demo', 'demo', 'other', 'demo', 'demo']) uids.push((await create({ partner }, { token })).uid);
    const first = await get(`${PATH}?limit=3`, { token });
    expect(first.json.items.map(({ uid }: Json) => uid)).toEqual(uids.slice(0, 3));
    expect(first.json.hasMore).toBe(true);
    expect(first.headers.get('link')).toContain('rel="next"');
    const second = await get(`${PATH}?limit=3&cursor=${first.json.nextCursor}`, { token });
    expect(second.json).toMatchObject({ items: [{ uid: uids[3] }, { uid: uids[4] }], nextCursor: null, hasMore: false });
    expect((await get(`${PATH}?partner=other`, { token })).json.items).toMatchObject([{ uid: uids[2] }]);
    expect(problem(await get(`${PATH}?partner=demo&cursor=${first.json.nextCursor}`, { token }))).toEqual([
      400,
      'invalid_cursor',
    ]);
    expect(problem(await get(`${PATH}?limit=0`, { token }))).toEqual([400, 'invalid_request']);
  });

  it('get another secret, while the one before it lasts for a while', async () => {
    const { uid, secret } = await create();
    const before = Date.now();
    const rotated = await post(`${PATH}/${uid}/rotate-secret`);
    expect([rotated.status, rotated.json.secret === secret]).toEqual([200, false]);
    expect(rotated.json.secret).toMatch(/^whsec_/);
    const hours = (Date.parse(rotated.json.previousSecretExpiresAt) - before) / 3_600_000;
    expect(hours).toBeGreaterThan(23.9);
    expect(hours).toBeLessThan(24.1);
    for (const gracePeriodSeconds of [-1, 604_801, 1.5, '60', null])
      expect(problem(await post(`${PATH}/${uid}/rotate-secret`, { gracePeriodSeconds }))).toEqual([400, 'invalid_request']);
  });

  it('get one secret more for each of several rotations at once', async () => {
    const { uid } = await create();
    const rotations = await Promise.all([1, 2, 3, 4].map(() => post(`${PATH}/${uid}/rotate-secret`)));
    expect(rotations.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const [counts] = await slipway.db.query(
      'SELECT count(*)::int AS all, count(*) FILTER (WHERE expires_at IS NULL)::int AS current FROM webhook_secret',
    );
    expect(counts).toEqual({ all: 5, current: 1 });
  });

  it('show their deliveries newest first, in pages and by status', async () => {
    const { uid } = await create();
    const uids: string[] = [];
    for (let count = 0; count < 3; count++) uids.unshift((await post(`${PATH}/${uid}/test`)).json.uid);
    await slipway.db.query(
      `UPDATE webhook_delivery SET status = 'failed', next_attempt_at = NULL, finished_at = now(), last_attempt_at = now(), attempts = 1,
              error_code = 'timeout', duration_ms = 10000 WHERE uid = $1`,
      [uids[1]],
    );
    const first = await get(`${PATH}/${uid}/deliveries?limit=2`);
    expect(first.json.items.map((item: Json) => item.uid)).toEqual(uids.slice(0, 2));
    expect(first.json.items[0]).toEqual({
      uid: uids[0],
      webhookId: uids[0],
      eventType: 'webhook.test',
      jobUid: null,
      status: 'pending',
      attempts: 0,
      nextAttemptAt: expect.stringMatching(/Z$/),
      lastAttemptAt: null,
      responseStatus: null,
      durationMs: null,
      errorCode: null,
      createdAt: expect.stringMatching(/Z$/),
      finishedAt: null,
      payload: { type: 'webhook.test', timestamp: expect.stringMatching(/\.\d{3}Z$/), data: { endpointUid: uid } },
    });
    const second = await get(`${PATH}/${uid}/deliveries?limit=2&cursor=${first.json.nextCursor}`);
    expect(second.json).toMatchObject({ items: [{ uid: uids[2] }], nextCursor: null, hasMore: false });
    const failed = await get(`${PATH}/${uid}/deliveries?status=failed`);
    expect(failed.json.items).toMatchObject([{ uid: uids[1], status: 'failed', errorCode: 'timeout', durationMs: 10_000 }]);
    const other = await create();
    const stranger = `${PATH}/${other.uid}/deliveries?limit=2&cursor=${first.json.nextCursor}`;
    expect(problem(await get(stranger))).toEqual([400, 'invalid_cursor']);
    expect(problem(await get(`${PATH}/${uid}/deliveries?status=lost`))).toEqual([400, 'invalid_request']);
  });

  it('send a delivery again in one of its own, under the id of the first', async () => {
    const { uid } = await create();
    const first = (await post(`${PATH}/${uid}/test`)).json.uid;
    const again = await post(`${PATH}/${uid}/deliveries/${first}/redeliver`);
    expect(again.status).toBe(202);
    const { items } = (await get(`${PATH}/${uid}/deliveries`)).json;
    expect(items).toMatchObject([
      { uid: again.json.uid, webhookId: first },
      { uid: first, webhookId: first },
    ]);
    expect(items[0].payload).toEqual(items[1].payload);
    const other = await create();
    const foreign = await post(`${PATH}/${other.uid}/deliveries/${first}/redeliver`);
    expect(problem(foreign)).toEqual([404, 'webhook_delivery_not_found']);
  });

  it('repeat the answer to a request with the same Idempotency-Key, secrets included', async () => {
    const once = async (path: string, key: string, body?: unknown) => {
      const headers = { 'idempotency-key': key };
      const [first, second] = [await post(path, body, { headers }), await post(path, body, { headers })];
      expect([second.status, second.json, second.headers.get('idempotency-replayed')]).toEqual([
        first.status,
        first.json,
        'true',
      ]);
      return first.json;
    };
    const { uid, secret } = await once(PATH, 'create', { partner: 'demo', url: URL });
    const rotated = await once(`${PATH}/${uid}/rotate-secret`, 'rotate', { gracePeriodSeconds: 60 });
    const test = await once(`${PATH}/${uid}/test`, 'test');
    await once(`${PATH}/${uid}/deliveries/${test.uid}/redeliver`, 'again');
    const [counts] = await slipway.db.query(
      `SELECT (SELECT count(*)::int FROM webhook_endpoint) AS endpoints, (SELECT count(*)::int FROM webhook_secret) AS secrets,
              (SELECT count(*)::int FROM webhook_delivery) AS deliveries`,
    );
    expect(counts).toEqual({ endpoints: 1, secrets: 2, deliveries: 2 });
    const kept: Json[] = await slipway.db.query('SELECT answer::text FROM idempotency_key');
    for (const { answer } of kept) {
      expect(answer).not.toContain(secret);
      expect(answer).not.toContain(rotated.secret);
    }
  });
});
