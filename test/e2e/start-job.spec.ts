import { startTestApplication, type TestApplication } from '../support/application';
import { createJob, upload } from '../support/partner';

/** POST /v1/jobs/{uid}/start and GET /v1/jobs/{uid} as a partner's system meets them; no worker runs here. */
describe('POST /v1/jobs/{uid}/start', () => {
  let slipway: TestApplication;
  type Fault = 'none' | 'forbidden' | 'broken' | 'silent';
  let fault = 'none' as Fault;
  beforeAll(async () => {
    slipway = await startTestApplication({
      env: { MAX_UPLOAD_BYTES: '1000' },
      s3: {
        intercept: (request, response) => {
          if (request.method !== 'HEAD' || fault === 'none') return false;
          if (fault !== 'silent') response.writeHead(fault === 'forbidden' ? 403 : 500).end();
          return true;
        },
      },
    });
  });
  afterEach(() => (fault = 'none'));
  afterAll(() => slipway.close());

  const start = (uid: string) => slipway.request('post', `/v1/jobs/${uid}/start`);
  const get = async (uid: string) => (await slipway.request('get', `/v1/jobs/${uid}`)).json;

  async function uploadedJob(files: Record<string, string> = { INPUT_FILE: 'student_id,score\n1,2\n' }) {
    const job = await createJob(slipway, {
      files: Object.fromEntries(Object.keys(files).map((envVar) => [envVar, `${envVar}.csv`])),
    });
    for (const [envVar, content] of Object.entries(files)) await upload(job.uploads[envVar], content);
    return job;
  }

  it('queues a run over the uploaded files', async () => {
    const { uid } = await uploadedJob();
    const response = await start(uid);
    expect(response.status).toBe(202);
    expect(response.json).toEqual({ uid, status: 'queued', startedAt: expect.stringMatching(/Z$/) });
    const job = await get(uid);
    expect(job).toMatchObject({
      uid,
      status: 'queued',
      origin: 'api',
      partner: 'demo',
      tenant: 'north',
      bundle: 'bundles/scores',
      schoolYear: '2026',
      params: { TEST_TYPE: 'Fall' },
      startedAt: response.json.startedAt,
      finishedAt: null,
      progress: null,
      error: null,
      files: { INPUT_FILE: { name: 'INPUT_FILE.csv', size: 21 } },
      runs: [{ number: 1, status: 'queued', attempts: 0, startedAt: null, finishedAt: null, error: null }],
    });
    expect(job.bundleVersion).toMatch(/^sha256-[0-9a-f]{64}$/);
    const [pin] = await slipway.db.query('SELECT version_id, etag FROM job_file JOIN job ON job.id = job_id WHERE uid = $1', [
      uid,
    ]);
    expect(pin).toEqual({ version_id: expect.any(String), etag: expect.stringMatching(/^"/) });
  });

  it('accepts no body and {}, and nothing else', async () => {
    const { uid } = await uploadedJob();
    const refused = await slipway.request('post', `/v1/jobs/${uid}/start`, { body: { force: true } });
    expect(refused.status).toBe(400);
    expect(refused.json).toMatchObject({ code: 'unknown_field', errors: [{ pointer: '/force' }] });
    expect((await slipway.request('post', `/v1/jobs/${uid}/start`, { body: {} })).status).toBe(202);
  });

  it('lets one of a hundred parallel calls start one run', async () => {
    const { uid } = await uploadedJob();
    const token = await slipway.token();
    const responses = await Promise.all(
      Array.from({ length: 100 }, () => slipway.request('post', `/v1/jobs/${uid}/start`, { token })),
    );
    const statuses = responses.map((response) => response.status).sort();
    expect(statuses).toEqual([202, ...Array<number>(99).fill(409)]);
    for (const response of responses.filter(({ status }) => status === 409))
      expect(response.json.code).toBe('job_already_started');
    expect((await get(uid)).runs).toHaveLength(1);
    const [{ messages }] = await slipway.db.query(
      `SELECT count(*)::int AS messages FROM pgboss.job WHERE data->>'runUid' = (SELECT run.uid::text FROM run JOIN job ON job.id = job_id WHERE job.uid = $1)`,
      [uid],
    );
    expect(messages).toBe(1);
  });

  it('names every missing file and changes nothing', async () => {
    const { uid, uploads } = await createJob(slipway, { files: { INPUT_FILE: 'a.csv', RETAKE_FILE: 'b.csv' } });
    const both = await start(uid);
    expect(both.status).toBe(409);
    expect(both.json).toMatchObject({ code: 'files_missing' });
    expect(both.json.errors).toEqual([
      { pointer: '/files/INPUT_FILE', code: 'files_missing', detail: expect.stringContaining('a.csv') },
      { pointer: '/files/RETAKE_FILE', code: 'files_missing', detail: expect.stringContaining('b.csv') },
    ]);
    await upload(uploads.INPUT_FILE, '');
    const one = await start(uid);
    expect(one.json.errors).toEqual([expect.objectContaining({ pointer: '/files/RETAKE_FILE', code: 'files_missing' })]);
    await upload(uploads.RETAKE_FILE, 'student_id,score\n');
    const empty = await start(uid);
    expect(empty.json).toMatchObject({ status: 409, code: 'files_empty', errors: [{ pointer: '/files/INPUT_FILE' }] });
    expect(await get(uid)).toMatchObject({ status: 'created', startedAt: null, runs: [] });
    await upload(uploads.INPUT_FILE, 'student_id,score\n');
    expect((await start(uid)).status).toBe(202);
  });

  it('refuses a file over the limit', async () => {
    const { uid } = await uploadedJob({ INPUT_FILE: 'x'.repeat(1001) });
    expect((await start(uid)).json).toMatchObject({
      status: 409,
      code: 'file_too_large',
      errors: [{ pointer: '/files/INPUT_FILE' }],
    });
  });

  it.each<[Fault]>([['forbidden'], ['broken'], ['silent']])(
    'says that the storage is away when it is %s, and recovers',
    async (kind) => {
      const { uid } = await uploadedJob();
      fault = kind;
      const before = Date.now();
      const response = await start(uid);
      expect(Date.now() - before).toBeLessThan(10_000);
      expect(response.status).toBe(503);
      expect(response.json.code).toBe('storage_unavailable');
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await get(uid)).toMatchObject({ status: 'created', runs: [] });
      fault = 'none';
      expect((await start(uid)).status).toBe(202);
    },
  );

  it.each([
    ['expired', "UPDATE job SET expires_at = now() - interval '1 second' WHERE uid = $1", 'job_expired', 'expired'],
    ['cancelled', "UPDATE job SET status = 'cancelled', finished_at = now() WHERE uid = $1", 'job_cancelled', 'cancelled'],
  ])('refuses an %s job', async (_name, sql, code, status) => {
    const { uid } = await uploadedJob();
    await slipway.db.query(sql, [uid]);
    const response = await start(uid);
    expect(response.status).toBe(409);
    expect(response.json).toMatchObject({ code, detail: expect.stringContaining(status) });
    expect(await get(uid)).toMatchObject({ status });
  });

  it('shows how far a run is, also when it was written by an older version of a worker', async () => {
    const { uid } = await uploadedJob();
    const newer = {
      ...{ stage: 'transforming', rowsRead: 12, rowsWritten: 11, percent: 40, node: '$sources.scores' },
      files: { inputs: { INPUT_FILE: 12 }, outputs: { 'scores.jsonl': 11 } },
      warnings: [{ detail: 'a setting is not known', file: 'earthmover.yaml', line: 3, node: null, operation: null }],
      warningCount: 1,
    };
    const older = { stage: 'storing', rowsRead: 12, rowsWritten: 11 };
    const show = async (progress: object) => {
      await slipway.db.query(`UPDATE job SET progress = $2 WHERE uid = $1`, [uid, JSON.stringify(progress)]);
      return (await get(uid)).progress;
    };
    expect(await show(newer)).toEqual(newer);
    expect(await show(older)).toEqual({
      ...older,
      ...{ percent: null, node: null, files: { inputs: {}, outputs: {} }, warnings: [], warningCount: 0 },
    });
  });

  describe('of a job that the caller may not see', () => {
    const strangers: [string, Record<string, unknown>][] = [
      ['the other partner', { scope: 'create:jobs read:jobs partner:other' }],
      ['no partner at all', { scope: 'create:jobs read:jobs partner:' }],
      ['a partner in other letters', { scope: 'create:jobs read:jobs partner:DEMO PARTNER:demo partner:demo:x' }],
    ];
    it.each(strangers)('answers %s as if there were none', async (_name, claims) => {
      const { uid } = await uploadedJob();
      const token = await slipway.token(claims);
      for (const [method, path] of [
        ['post', '/start'],
        ['get', ''],
      ] as const) {
        const foreign = await slipway.request(method, `/v1/jobs/${uid}${path}`, { token });
        const absent = await slipway.request(method, `/v1/jobs/019ab6c2-7a10-7c3e-9d51-0b8a4f3f2a11${path}`, { token });
        const malformed = await slipway.request(method, `/v1/jobs/1%27%20OR%201=1${path}`, { token });
        const answers = [foreign, absent, malformed].map(({ status, json }) => ({ status, ...json, requestId: '' }));
        expect(answers[0]).toMatchObject({ status: 404, code: 'job_not_found' });
        expect(answers[1]).toEqual(answers[0]);
        expect(answers[2]).toEqual(answers[0]);
      }
      expect(await get(uid)).toMatchObject({ status: 'created' });
    });
  });
});
