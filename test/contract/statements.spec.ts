import { PostgresQueryRunner } from 'typeorm/driver/postgres/PostgresQueryRunner';
import { startTestApplication, type TestApplication } from '../support/application';
import { makeOutputSet } from '../support/factories';
import { createJob, upload } from '../support/partner';
import { waitFor } from '../support/wait';

/** What each operation asks the database, committed: a statement more, or one a row, shows in a review. */
describe('the statements of', () => {
  let slipway: TestApplication;
  const statements: string[] = [];
  beforeAll(async () => {
    slipway = await startTestApplication();
    // The first job of a bundle version stores its files.
    await createJob(slipway);
    const query = PostgresQueryRunner.prototype.query;
    jest.spyOn(PostgresQueryRunner.prototype, 'query').mockImplementation(function (this: PostgresQueryRunner, ...args) {
      statements.push(args[0].replace(/\s+/g, ' ').trim());
      return query.apply(this, args);
    });
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await slipway.close();
  });
  beforeEach(() => (statements.length = 0));

  it('creating a job', async () => {
    await createJob(slipway, { files: { INPUT_FILE: 'a.csv', RETAKE_FILE: 'b.csv' } });
    expect(statements).toMatchSnapshot();
  });

  it('creating a job with an Idempotency-Key, and repeating its answer', async () => {
    const request = {
      headers: { 'idempotency-key': 'a-key' },
      body: {
        partner: 'demo',
        tenant: 'north',
        bundle: 'bundles/scores',
        schoolYear: '2026',
        files: { INPUT_FILE: 'a.csv' },
        params: { TEST_TYPE: 'Fall' },
      },
    };
    await slipway.request('post', '/v1/jobs', request);
    expect(statements).toMatchSnapshot();
    statements.length = 0;
    expect((await slipway.request('post', '/v1/jobs', request)).headers.get('idempotency-replayed')).toBe('true');
    expect(statements).toMatchSnapshot();
  });

  it('starting a job', async () => {
    const { uid, uploads } = await createJob(slipway, { files: { INPUT_FILE: 'a.csv', RETAKE_FILE: 'b.csv' } });
    await upload(uploads.INPUT_FILE, 'x');
    await upload(uploads.RETAKE_FILE, 'x');
    statements.length = 0;
    expect((await slipway.request('post', `/v1/jobs/${uid}/start`)).status).toBe(202);
    expect(statements).toMatchSnapshot();
  });

  it('renewing upload URLs', async () => {
    const { uid } = await createJob(slipway, { files: { INPUT_FILE: 'a.csv', RETAKE_FILE: 'b.csv' } });
    statements.length = 0;
    await slipway.request('post', `/v1/jobs/${uid}/upload-urls`);
    expect(statements).toMatchSnapshot();
  });

  it('cancelling and retrying a job', async () => {
    const { uid, uploads } = await createJob(slipway);
    await upload(uploads.INPUT_FILE, 'x');
    await slipway.request('post', `/v1/jobs/${uid}/start`);
    statements.length = 0;
    expect((await slipway.request('post', `/v1/jobs/${uid}/cancel`)).status).toBe(202);
    expect((await slipway.request('post', `/v1/jobs/${uid}/retry`)).status).toBe(202);
    expect(statements).toMatchSnapshot();
  });

  it('getting a job', async () => {
    const { uid } = await createJob(slipway, { files: { INPUT_FILE: 'a.csv', RETAKE_FILE: 'b.csv' } });
    statements.length = 0;
    await slipway.request('get', `/v1/jobs/${uid}`);
    expect(statements).toMatchSnapshot();
  });

  it('listing bundles and getting one', async () => {
    await slipway.request('get', '/v1/bundles');
    await slipway.request('get', '/v1/bundles/bundles/scores');
    expect(statements).toMatchSnapshot();
  });

  it('listing jobs', async () => {
    await createJob(slipway);
    statements.length = 0;
    await slipway.request('get', '/v1/jobs?limit=1');
    const filters = 'partner=demo&tenant=north&bundle=bundles/scores&schoolYear=2026&status=expired&createdBy=me';
    await slipway.request('get', `/v1/jobs?${filters}&createdAfter=2026-01-01T00:00:00Z&createdBefore=2999-01-01T00:00:00Z`);
    expect(statements).toMatchSnapshot();
  });

  it("listing and following a job's events", async () => {
    const { uid } = await createJob(slipway);
    await slipway.request('post', `/v1/jobs/${uid}/cancel`);
    const follow = () => slipway.request('get', `/v1/jobs/${uid}/events`, { headers: { accept: 'text/event-stream' } });
    // From the first stream on the process listens, and looks once at what is followed just then.
    await follow();
    await waitFor(async () => {
      const sql = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%' AND state = 'idle'`;
      return (await slipway.db.query(sql)).length === 1;
    });
    statements.length = 0;
    await slipway.request('get', `/v1/jobs/${uid}/events`);
    await follow();
    expect(statements).toMatchSnapshot();
  });

  it('listing output sets and making links', async () => {
    const [row] = await slipway.db.query(
      `SELECT t.id, p.id AS "partnerId" FROM tenant t JOIN partner p ON p.id = t.partner_id WHERE p.code = 'demo' AND t.code = 'north'`,
    );
    const tenant = { id: row.id, code: 'north', partner: { id: row.partnerId, code: 'demo' }, schoolYear: 2026 };
    const files = ['a', 'b', 'c'].map((name) => ({ name, size: 1, records: 1 }));
    const sets = [await makeOutputSet(slipway.db, { tenant, files }), await makeOutputSet(slipway.db, { tenant, files })];
    statements.length = 0;
    await slipway.request('get', '/v1/output-sets?partner=demo&tenant=north&schoolYear=2026');
    await slipway.request('post', `/v1/output-sets/${sets[0]?.uid}/download-links`);
    expect(statements).toMatchSnapshot();
  });

  it('verifying a token', async () => {
    await slipway.request('post', '/v1/token/verify');
    expect(statements).toEqual([]);
  });
});
