import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { startTestApplication, type TestApplication, type TestResponse } from '../support/application';
import { createJob, upload } from '../support/partner';

/** `Idempotency-Key` as a partner's system meets it. */
describe('Idempotency-Key', () => {
  let slipway: TestApplication;
  let onHead: (() => Promise<number>) | undefined;
  let keys = 0;
  beforeAll(async () => {
    slipway = await startTestApplication({
      s3: {
        intercept: (request, response) => {
          if (request.method !== 'HEAD' || !onHead) return false;
          void onHead().then((status) => response.writeHead(status).end());
          return true;
        },
      },
    });
  });
  afterEach(() => (onHead = undefined));
  afterAll(() => slipway.close());

  const newKey = () => `key-${keys++}`;
  const job = (changes: Record<string, unknown> = {}) => ({
    partner: 'demo',
    tenant: 'north',
    bundle: 'bundles/scores',
    schoolYear: '2026',
    files: { INPUT_FILE: 'scores.csv' },
    params: { TEST_TYPE: 'Fall' },
    ...changes,
  });
  const post = async (path: string, key: string, { body, claims }: { body?: unknown; claims?: Record<string, unknown> } = {}) =>
    slipway.request('post', path, { body, token: await slipway.token(claims), headers: { 'idempotency-key': key } });
  const create = (key: string, body: unknown = job(), claims?: Record<string, unknown>) =>
    post('/v1/jobs', key, { body, claims });
  const replayed = ({ headers }: TestResponse) => headers.get('idempotency-replayed');
  const jobCount = async () => (await slipway.rowCounts())['job'];
  const uploadedJob = async () => {
    const created = await createJob(slipway);
    await upload(created.uploads.INPUT_FILE, 'a,b\n1,2\n');
    return created.uid as string;
  };
  const rowOf = async (key: string) =>
    (await slipway.db.query(`SELECT *, expires_at - now() AS left FROM idempotency_key WHERE key = $1`, [key]))[0];
  const setRow = (key: string, assignments: string) =>
    slipway.db.query(`UPDATE idempotency_key SET ${assignments} WHERE key = $1`, [key]);

  describe('on the creation of a job', () => {
    it('repeats the first answer, with upload URLs that work, and makes no second job', async () => {
      const key = newKey();
      const first = await create(key);
      expect([first.status, replayed(first)]).toEqual([201, null]);
      const before = await slipway.rowCounts();
      // The same body in another order and layout.
      const again = await create(key, JSON.stringify(Object.fromEntries(Object.entries(job()).reverse()), null, 1));
      expect([again.status, replayed(again), again.headers.get('location')]).toEqual([201, 'true', `/v1/jobs/${first.json.uid}`]);
      const withoutUrls = ({ uid, status, expiresAt, uploads }: TestResponse['json']) => [
        uid,
        status,
        expiresAt,
        Object.keys(uploads),
      ];
      expect(withoutUrls(again.json)).toEqual(withoutUrls(first.json));
      expect(Object.keys(again.json)).toEqual(Object.keys(first.json));
      await upload(again.json.uploads.INPUT_FILE, 'a,b\n1,2\n');
      expect(await slipway.rowCounts()).toEqual(before);
    });

    it('repeats it without uploads once the job has started, since they could only spoil its run', async () => {
      const key = newKey();
      const { uid, expiresAt, uploads } = (await create(key)).json;
      await upload(uploads.INPUT_FILE, 'a,b\n1,2\n');
      expect((await slipway.request('post', `/v1/jobs/${uid}/start`)).status).toBe(202);
      const again = await create(key);
      expect([again.status, again.json]).toEqual([201, { uid, status: 'created', uploadUrls: {}, uploads: {}, expiresAt }]);
    });

    it('makes one job of many requests at once, the others being told to ask again', async () => {
      const key = newKey();
      const before = (await jobCount()) ?? 0;
      const answers = await Promise.all(Array.from({ length: 30 }, () => create(key)));
      expect(await jobCount()).toBe(before + 1);
      const created = answers.filter(({ status }) => status === 201);
      expect(created.filter((answer) => replayed(answer) === null)).toHaveLength(1);
      expect(new Set(created.map(({ json }) => json.uid)).size).toBe(1);
      for (const answer of answers.filter(({ status }) => status !== 201)) {
        expect([answer.status, answer.json.code]).toEqual([409, 'idempotency_in_progress']);
        expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
      }
      expect((await create(key)).json.uid).toBe(created[0]?.json.uid);
    });

    it.each<[string, unknown, string]>([
      ['another body', job({ tenant: 'south' }), '/v1/jobs'],
      ['another operation', {}, '/v1/jobs/019ab6c2-7a10-7c3e-9d51-0b8a4f3f2a11/start'],
    ])('refuses the key for %s', async (_name, body, path) => {
      const key = newKey();
      await create(key);
      const before = await slipway.rowCounts();
      const refused = await post(path, key, { body });
      expect([refused.status, refused.json.code]).toEqual([422, 'idempotency_key_reused']);
      expect(refused.json.errors).toEqual([
        { header: 'Idempotency-Key', code: 'idempotency_key_reused', detail: expect.any(String) },
      ]);
      expect(await slipway.rowCounts()).toEqual(before);
    });

    it('is useless to another client', async () => {
      const key = newKey();
      const mine = await create(key);
      const theirs = await create(key, job(), { client_id: 'another' });
      expect([theirs.status, replayed(theirs)]).toEqual([201, null]);
      expect(theirs.json.uid).not.toBe(mine.json.uid);
    });

    it.each([
      [{ scope: 'read:jobs partner:demo' }, 'insufficient_scope'],
      [{ scope: 'create:jobs partner:other' }, 'partner_not_allowed'],
      [{ exp: 1 }, 'token_expired'],
    ])('repeats nothing to a token that has %j', async (claims, code) => {
      const key = newKey();
      await create(key);
      expect((await create(key, job(), claims)).json.code).toBe(code);
    });

    it('keeps no refusal: the key may be used for the mended request', async () => {
      const key = newKey();
      for (const [body, code] of [
        [job({ tenant: 'west' }), 'tenant_not_found'],
        [job({ tenant: 5 }), 'invalid_request'],
        [job({ partner: 'other' }), 'partner_not_allowed'],
      ] as const)
        expect((await create(key, body)).json.code).toBe(code);
      expect(await rowOf(key)).toBeUndefined();
      const mended = await create(key);
      expect([mended.status, replayed(mended)]).toEqual([201, null]);
    });

    it('looks at the shape of a body before its digest', async () => {
      const nested = `{"partner":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
      expect((await create(newKey(), nested)).json.code).toBe('invalid_request');
    });

    it('is kept for 24 hours, and then free', async () => {
      const key = newKey();
      const first = await create(key);
      const { left } = await rowOf(key);
      expect(left).toMatchObject({ hours: 23, minutes: 59 });
      await setRow(key, `expires_at = now()`);
      const later = await create(key, job({ tenant: 'south' }));
      expect([later.status, replayed(later)]).toEqual([201, null]);
      expect(later.json.uid).not.toBe(first.json.uid);
    });

    it('keeps no URL', async () => {
      const key = newKey();
      const { uid, expiresAt } = (await create(key)).json;
      expect((await rowOf(key)).answer).toEqual({ uid, expiresAt });
    });
  });

  describe('on the start of a job', () => {
    it('repeats the first answer, where another start would be refused', async () => {
      const [uid, key] = [await uploadedJob(), newKey()];
      const first = await post(`/v1/jobs/${uid}/start`, key);
      const before = await slipway.rowCounts();
      const again = await post(`/v1/jobs/${uid}/start`, key, { body: {} });
      expect([again.status, again.json, replayed(again)]).toEqual([202, first.json, 'true']);
      expect((await post(`/v1/jobs/${uid}/start`, newKey())).json.code).toBe('job_already_started');
      expect(await slipway.rowCounts()).toEqual(before);
    });

    it("does not repeat it to a token that has lost the job's partner", async () => {
      const [uid, key] = [await uploadedJob(), newKey()];
      await post(`/v1/jobs/${uid}/start`, key);
      const refused = await post(`/v1/jobs/${uid}/start`, key, { claims: { scope: 'create:jobs partner:other' } });
      expect([refused.status, refused.json.code, replayed(refused)]).toEqual([404, 'job_not_found', null]);
    });

    it('keeps no failure of ours: the same request works once storage is back', async () => {
      const [uid, key] = [await uploadedJob(), newKey()];
      onHead = () => Promise.resolve(500);
      expect((await post(`/v1/jobs/${uid}/start`, key)).json.code).toBe('storage_unavailable');
      onHead = undefined;
      expect((await post(`/v1/jobs/${uid}/start`, key)).status).toBe(202);
    });

    it('changes nothing where its key was taken over by another request meanwhile', async () => {
      const [uid, key] = [await uploadedJob(), newKey()];
      onHead = async () => {
        onHead = undefined;
        await setRow(key, `claim = gen_random_uuid()`);
        return 503;
      };
      // The S3 client asks again after the 503, and finds the file.
      const late = await post(`/v1/jobs/${uid}/start`, key);
      expect([late.status, late.json.code]).toEqual([409, 'idempotency_in_progress']);
      expect((await slipway.request('get', `/v1/jobs/${uid}`)).json).toMatchObject({ status: 'created', runs: [] });
      expect((await rowOf(key)).answer).toBeNull();
    });
  });

  it('of a request that died is in use for a minute, and then free', async () => {
    const [uid, key] = [await uploadedJob(), newKey()];
    await post(`/v1/jobs/${uid}/upload-urls`, key);
    await setRow(key, `answer = NULL, expires_at = now() + interval '60 seconds'`);
    const early = await post(`/v1/jobs/${uid}/upload-urls`, key);
    expect([early.status, early.json.code, early.headers.get('retry-after')]).toEqual([409, 'idempotency_in_progress', '1']);
    await setRow(key, `expires_at = now()`);
    const later = await post(`/v1/jobs/${uid}/start`, key);
    expect([later.status, replayed(later)]).toEqual([202, null]);
  });

  it('is held for a minute while its request is under way', async () => {
    const [uid, key] = [await uploadedJob(), newKey()];
    let left: Record<string, number> = {};
    onHead = async () => {
      ({ left } = await rowOf(key));
      return 500;
    };
    await post(`/v1/jobs/${uid}/start`, key);
    const seconds = (left['minutes'] ?? 0) * 60 + (left['seconds'] ?? 0);
    expect(seconds).toBeGreaterThan(45);
    expect(seconds).toBeLessThanOrEqual(60);
  });

  it('on cancel and retry repeats the first answer', async () => {
    const uid = await uploadedJob();
    expect((await slipway.request('post', `/v1/jobs/${uid}/start`)).status).toBe(202);
    for (const change of ['cancel', 'retry']) {
      const key = newKey();
      const first = await post(`/v1/jobs/${uid}/${change}`, key);
      expect([first.status, replayed(first)]).toEqual([202, null]);
      const before = await slipway.rowCounts();
      const again = await post(`/v1/jobs/${uid}/${change}`, key);
      expect([again.status, again.json, replayed(again)]).toEqual([202, first.json, 'true']);
      expect((await post(`/v1/jobs/${uid}/${change}`, newKey())).status).toBe(409);
      expect(await slipway.rowCounts()).toEqual(before);
    }
  });

  it('on the renewal of upload URLs makes new ones', async () => {
    const [uid, key] = [(await createJob(slipway)).uid as string, newKey()];
    expect(replayed(await post(`/v1/jobs/${uid}/upload-urls`, key))).toBeNull();
    const again = await post(`/v1/jobs/${uid}/upload-urls`, key);
    expect([again.status, replayed(again)]).toEqual([200, 'true']);
    await upload(again.json.uploads.INPUT_FILE, 'a,b\n1,2\n');
  });

  it.each(['x', '!"#$%&~', 'x'.repeat(255)])('may be %s', async (key) => {
    expect((await create(key)).status).toBe(201);
  });

  it.each([
    ['empty', ['']],
    ['of 256 characters', ['x'.repeat(256)]],
    ['with a space', ['a b']],
    ['outside ASCII', ['é']],
    ['given twice', ['a', 'a']],
  ])('may not be %s', async (_name, values) => {
    const before = await jobCount();
    const request = httpRequest(`${slipway.url}/v1/jobs`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await slipway.token()}`,
        'idempotency-key': values,
      },
    });
    request.end(JSON.stringify(job()));
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    let text = '';
    for await (const chunk of response) text += String(chunk);
    expect(response.statusCode).toBe(400);
    expect(JSON.parse(text)).toMatchObject({
      code: 'invalid_request',
      errors: [{ header: 'Idempotency-Key', code: 'invalid_request' }],
    });
    expect(await jobCount()).toBe(before);
  });

  it('means nothing where nothing is made', async () => {
    const key = newKey();
    for (const path of ['/v1/token/verify', '/v1/token/verify']) expect(replayed(await post(path, key))).toBeNull();
    expect(await rowOf(key)).toBeUndefined();
  });
});
