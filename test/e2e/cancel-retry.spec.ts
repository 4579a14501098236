import { startTestApplication, type TestApplication } from '../support/application';
import { createJob, upload } from '../support/partner';

/** POST /v1/jobs/{uid}/cancel and /retry as a partner's system meets them; no worker runs here. */
describe('the end of a job, and what comes after', () => {
  let slipway: TestApplication;
  beforeAll(async () => {
    slipway = await startTestApplication();
  });
  afterAll(() => slipway.close());

  const post = (uid: string, operation: string, options = {}) => slipway.request('post', `/v1/jobs/${uid}/${operation}`, options);
  const get = async (uid: string) => (await slipway.request('get', `/v1/jobs/${uid}`)).json;
  async function uploadedJob(): Promise<string> {
    const { uid, uploads } = await createJob(slipway);
    await upload(uploads.INPUT_FILE, 'student_id,score\n1,2\n');
    return uid;
  }
  async function startedJob(): Promise<string> {
    const uid = await uploadedJob();
    expect((await post(uid, 'start')).status).toBe(202);
    return uid;
  }
  const expectProblem = (response: Awaited<ReturnType<typeof post>>, code: string, detail: string) => {
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(response.json).toEqual({
      ...{ type: `urn:slipway:problem:${code}`, title: expect.any(String), status: 409, detail, code },
      requestId: response.headers.get('x-request-id'),
    });
  };

  it('cancels a job before its start, which then can be neither started nor retried', async () => {
    const uid = await uploadedJob();
    const response = await post(uid, 'cancel');
    expect([response.status, response.json]).toEqual([202, { uid, status: 'cancelled' }]);
    expect(await get(uid)).toMatchObject({
      status: 'cancelled',
      startedAt: null,
      finishedAt: expect.stringMatching(/Z$/),
      runs: [],
    });
    expectProblem(await post(uid, 'cancel'), 'job_finished', 'The job cannot be cancelled: its status is cancelled.');
    expectProblem(await post(uid, 'start'), 'job_cancelled', 'The job cannot be started: its status is cancelled.');
    expectProblem(
      await post(uid, 'retry'),
      'job_not_retryable',
      'The job cannot be retried: it was never started. Create a new job.',
    );
  });

  it('knows a uid in capitals as the one that it is, and forgets the files of its job', async () => {
    const uid = await uploadedJob();
    expect((await post(uid.toUpperCase(), 'cancel')).json).toEqual({ uid, status: 'cancelled' });
    const removals = await slipway.db.query(`SELECT DISTINCT key_prefix FROM object_removal WHERE key_prefix ILIKE $1`, [
      `%${uid}%`,
    ]);
    expect(removals).toEqual([{ key_prefix: `inputs/${uid}/` }]);
  });

  it('cancels a queued job, and retries it', async () => {
    const uid = await startedJob();
    const { startedAt } = await get(uid);
    expectProblem(
      await post(uid, 'retry'),
      'job_not_retryable',
      'The job cannot be retried: its status is queued, and only a job that failed or was cancelled can be.',
    );
    expect((await post(uid, 'cancel', { body: {} })).json).toEqual({ uid, status: 'cancelled' });
    const retried = await post(uid, 'retry', { body: {} });
    expect([retried.status, retried.json]).toEqual([202, { uid, status: 'queued' }]);
    expect(await get(uid)).toMatchObject({
      ...{ status: 'queued', startedAt, finishedAt: null, error: null, progress: null },
      runs: [
        { number: 1, status: 'cancelled', finishedAt: expect.any(String) },
        { number: 2, status: 'queued', attempts: 0, startedAt: null, finishedAt: null },
      ],
    });
    expectProblem(await post(uid, 'start'), 'job_already_started', 'The job cannot be started: its status is queued.');
  });

  it('lets a start and a cancel race: the job ends cancelled, with no run that is live', async () => {
    const token = await slipway.token();
    for (let round = 0; round < 8; round++) {
      const uid = await uploadedJob();
      const [started, cancelled] = await Promise.all([post(uid, 'start', { token }), post(uid, 'cancel', { token })]);
      expect(cancelled.status).toBe(202);
      expect([202, 409]).toContain(started.status);
      if (started.status === 409) expect(started.json.code).toBe('job_cancelled');
      const job = await get(uid);
      expect(job.status).toBe('cancelled');
      expect(job.runs.map(({ status }: { status: string }) => status)).toEqual(started.status === 202 ? ['cancelled'] : []);
    }
  });

  it('lets one of many parallel retries through', async () => {
    const uid = await startedJob();
    await post(uid, 'cancel');
    const token = await slipway.token();
    const responses = await Promise.all(Array.from({ length: 20 }, () => post(uid, 'retry', { token })));
    expect(responses.map(({ status }) => status).sort()).toEqual([202, ...Array<number>(19).fill(409)]);
    for (const { json } of responses.filter(({ status }) => status === 409)) expect(json.code).toBe('job_not_retryable');
    expect((await get(uid)).runs).toHaveLength(2);
  });

  it('retries no job whose inputs have been removed, and says of each file that it was', async () => {
    const uid = await startedJob();
    await post(uid, 'cancel');
    expect((await get(uid)).files.INPUT_FILE).toMatchObject({ name: 'scores.csv', removedAt: null });
    await slipway.db.query(`UPDATE job SET inputs_removed_at = '2026-02-12T03:00:00Z' WHERE uid = $1`, [uid]);
    expect((await get(uid)).files.INPUT_FILE).toMatchObject({ name: 'scores.csv', removedAt: '2026-02-12T03:00:00.000Z' });
    expectProblem(
      await post(uid, 'retry'),
      'job_not_retryable',
      'The job cannot be retried: its input files have been removed. Create a new job.',
    );
  });

  it('refuses both for an expired job', async () => {
    const uid = await uploadedJob();
    await slipway.db.query(`UPDATE job SET expires_at = now() - interval '1 second' WHERE uid = $1`, [uid]);
    const { status, finishedAt, expiresAt } = await get(uid);
    expect({ status, finishedAt }).toEqual({ status: 'expired', finishedAt: expiresAt });
    expectProblem(await post(uid, 'cancel'), 'job_finished', 'The job cannot be cancelled: its status is expired.');
    expectProblem(
      await post(uid, 'retry'),
      'job_not_retryable',
      'The job cannot be retried: its status is expired, and only a job that failed or was cancelled can be.',
    );
  });

  it.each(['cancel', 'retry'])('%s takes no field, needs a client, and knows no job of another partner', async (operation) => {
    const uid = await startedJob();
    expect((await post(uid, operation, { body: { force: true } })).json).toMatchObject({ status: 400, code: 'unknown_field' });
    const anonymous = await slipway.token({ client_id: undefined });
    expect((await post(uid, operation, { token: anonymous })).json).toMatchObject({ status: 403, code: 'client_missing' });
    const token = await slipway.token({ scope: 'create:jobs partner:other' });
    const [foreign, absent, malformed] = await Promise.all(
      [uid, '019ab6c2-7a10-7c3e-9d51-0b8a4f3f2a11', 'x'].map(async (id) => {
        const { status, json } = await post(id, operation, { token });
        return { status, ...json, requestId: '' };
      }),
    );
    expect(foreign).toMatchObject({ status: 404, code: 'job_not_found' });
    expect(absent).toEqual(foreign);
    expect(malformed).toEqual(foreign);
    expect(await get(uid)).toMatchObject({ status: 'queued', runs: [{ number: 1, status: 'queued' }] });
  });
});
