import { startTestApplication, type TestApplication } from '../support/application';
import { createJob, upload } from '../support/partner';

const BODY = {
  partner: 'demo',
  tenant: 'north',
  bundle: 'bundles/scores',
  schoolYear: '2026',
  files: { INPUT_FILE: 'scores.csv' },
  params: { TEST_TYPE: 'Fall' },
};

/** The limit on a client's open jobs as a partner's system meets it. */
describe.each([
  { limit: 10, before: 0 },
  // Past 1,000 jobs are counted without a lock, and not at each creation, as long as there is room.
  { limit: 1_020, before: 12 },
  { limit: 1_020, before: 1_015 },
])('MAX_OPEN_JOBS_PER_CLIENT=$limit with $before open jobs', ({ limit, before }) => {
  let slipway: TestApplication;
  beforeEach(async () => {
    slipway = await startTestApplication({ env: { MAX_OPEN_JOBS_PER_CLIENT: String(limit) } });
    await addJobs('busy', before);
  });
  afterEach(() => slipway.close());

  /** So many jobs of one client, like one of another. */
  const addJobs = async (clientId: string, count: number) => {
    await createJob(slipway);
    await slipway.db.query(
      `INSERT INTO job (uid, partner_id, tenant_id, school_year, bundle_path, bundle_version, params, client_issuer, client_id, expires_at)
       SELECT gen_random_uuid(), partner_id, tenant_id, school_year, bundle_path, bundle_version, params, client_issuer, $1, expires_at
         FROM job, generate_series(1, $2::int)`,
      [clientId, count],
    );
  };
  const create = async (headers: Record<string, string>) =>
    slipway.request('post', '/v1/jobs', { body: BODY, token: await slipway.token({ client_id: 'busy' }), headers });

  it('lets 100 creations at once make exactly as many as there is room for', async () => {
    const rows = await slipway.rowCounts();
    const answers = await Promise.all(
      // Also with keys, whose transactions are longer.
      Array.from({ length: 100 }, (_, index) => create(index % 2 ? { 'idempotency-key': `key-${index}` } : {})),
    );
    const room = Math.min(100, limit - before);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(room);
    for (const answer of answers.filter(({ status }) => status !== 201)) {
      expect([answer.status, answer.json.code]).toEqual([429, 'too_many_open_jobs']);
      expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    }
    expect(await slipway.rowCounts()).toEqual({
      ...rows,
      job: (rows['job'] ?? 0) + room,
      job_file: (rows['job_file'] ?? 0) + room,
      job_event: (rows['job_event'] ?? 0) + room,
      idempotency_key: answers.filter(({ status }, index) => status === 201 && index % 2).length,
    });
  });
});

describe('a limit of two open jobs', () => {
  let slipway: TestApplication;
  beforeAll(async () => {
    slipway = await startTestApplication({ env: { MAX_OPEN_JOBS_PER_CLIENT: '2' } });
  });
  beforeEach(() => slipway.db.query(`UPDATE job SET status = 'cancelled', finished_at = now() WHERE finished_at IS NULL`));
  afterAll(() => slipway.close());

  const create = async (claims: Record<string, unknown> = {}) =>
    (await slipway.request('post', '/v1/jobs', { body: BODY, token: await slipway.token(claims) })).status;
  const change = async (uid: string, what: string) => slipway.request('post', `/v1/jobs/${uid}/${what}`);
  const startedJob = async () => {
    const { uid, uploads } = await createJob(slipway);
    await upload(uploads.INPUT_FILE, 'a,b\n1,2\n');
    expect((await change(uid, 'start')).status).toBe(202);
    return uid as string;
  };

  it('counts those that are created, queued and running', async () => {
    await createJob(slipway);
    await startedJob();
    expect(await create()).toBe(429);
    await slipway.db.query(`UPDATE job SET status = 'running' WHERE status = 'queued'`);
    expect(await create()).toBe(429);
  });

  it('does not count one that has ended, or was never started and has expired', async () => {
    const [first, second] = [await startedJob(), (await createJob(slipway)).uid];
    expect(await create()).toBe(429);
    expect((await change(first, 'cancel')).status).toBe(202);
    expect(await create()).toBe(201);
    expect(await create()).toBe(429);
    await slipway.db.query(`UPDATE job SET expires_at = now() WHERE uid = $1`, [second]);
    expect(await create()).toBe(201);
    expect(await create()).toBe(429);
  });

  it("is a client's own", async () => {
    for (const client_id of ['a', 'b']) {
      const claims = { client_id };
      expect([await create(claims), await create(claims), await create(claims)]).toEqual([201, 201, 429]);
    }
  });

  it('holds for a retry, which opens a job again', async () => {
    const job = await startedJob();
    await change(job, 'cancel');
    const others = [await createJob(slipway), await createJob(slipway)];
    const refused = await change(job, 'retry');
    expect([refused.status, refused.json.code]).toEqual([429, 'too_many_open_jobs']);
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    expect((await slipway.request('get', `/v1/jobs/${job}`)).json).toMatchObject({ status: 'cancelled', runs: [{}] });
    await change(others[0].uid, 'cancel');
    expect((await change(job, 'retry')).status).toBe(202);
    expect(await create()).toBe(429);
  });

  it('says first what is wrong with a job', async () => {
    await Promise.all([createJob(slipway), createJob(slipway)]);
    const response = await slipway.request('post', '/v1/jobs', { body: { ...BODY, tenant: 'west' } });
    expect(response.json.code).toBe('tenant_not_found');
  });
});

it('without a limit, at 0, refuses nobody', async () => {
  const slipway = await startTestApplication({ env: { MAX_OPEN_JOBS_PER_CLIENT: '0' } });
  try {
    expect((await slipway.request('post', '/v1/jobs', { body: BODY })).status).toBe(201);
  } finally {
    await slipway.close();
  }
});
