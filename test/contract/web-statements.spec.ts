import { PostgresQueryRunner } from 'typeorm/driver/postgres/PostgresQueryRunner';
import { startWebTestApplication, type SignedInAgent, type WebTestApplication } from '../support/web';

const BASE = '/api/partners/demo/tenants/north';
const NEW_JOB = { bundle: 'bundles/scores', schoolYear: '2026', files: { INPUT_FILE: 'a.csv' }, params: { TEST_TYPE: 'Fall' } };

/** What each operation on a tenant's jobs asks the database beside what the External API asks, too; committed for reviews. */
describe('the statements of', () => {
  let slipway: WebTestApplication;
  let ada: SignedInAgent;
  let uid: string;
  const statements: string[] = [];
  beforeAll(async () => {
    slipway = await startWebTestApplication();
    ada = await slipway.signIn({ roles: [{ role: 'staff', partner: 'demo', tenant: 'north' }] });
    uid = (await ada.request('post', `${BASE}/jobs`, { body: NEW_JOB })).json.uid;
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

  it('getting a tenant, and listing and getting bundles', async () => {
    for (const path of [BASE, `${BASE}/bundles`, `${BASE}/bundles/bundles/scores`])
      expect(await ada.request('get', path)).toMatchObject({ status: 200 });
    expect(statements).toMatchSnapshot();
  });

  it('creating a job', async () => {
    expect(await ada.request('post', `${BASE}/jobs`, { body: NEW_JOB })).toMatchObject({ status: 201 });
    expect(statements).toMatchSnapshot();
  });

  it('listing jobs by their creation and by their end, with filters and a search', async () => {
    const filters = 'status=expired,created&bundle=bundles/scores&schoolYear=2026&origin=web&resolved=false&search=a';
    for (const query of ['limit=1', `sort=-finishedAt&${filters}&createdAfter=2026-01-01T00:00:00Z`])
      expect(await ada.request('get', `${BASE}/jobs?${query}`)).toMatchObject({ status: 200 });
    expect(statements).toMatchSnapshot();
  });

  it('getting a job, and counting them', async () => {
    for (const path of [`${BASE}/jobs/${uid}`, `${BASE}/jobs/statistics`])
      expect(await ada.request('get', path)).toMatchObject({ status: 200 });
    expect(statements).toMatchSnapshot();
  });

  it('marking a job as dealt with', async () => {
    const error = { code: 'c', title: 't', detail: 'd', file: null, line: null };
    await slipway.db.query(
      `UPDATE job SET status = 'failed', started_at = now(), finished_at = now(), error = $2 WHERE uid = $1`,
      [uid, error],
    );
    statements.length = 0;
    expect(await ada.request('post', `${BASE}/jobs/${uid}/resolve`)).toMatchObject({ status: 200 });
    expect(statements).toMatchSnapshot();
  });

  it('adding, editing and deleting a note', async () => {
    const note = (await ada.request('post', `${BASE}/jobs/${uid}/notes`, { body: { text: 'x' } })).json.uid;
    await ada.request('patch', `${BASE}/jobs/${uid}/notes/${note}`, { body: { text: 'y' } });
    expect(await ada.request('delete', `${BASE}/jobs/${uid}/notes/${note}`)).toMatchObject({ status: 204 });
    expect(statements).toMatchSnapshot();
  });

  it('making links', async () => {
    expect(await ada.request('post', `${BASE}/jobs/${uid}/input-links`)).toMatchObject({ status: 200 });
    expect(await ada.request('post', `${BASE}/jobs/${uid}/output-links`)).toMatchObject({ status: 404 });
    expect(statements).toMatchSnapshot();
  });
});
