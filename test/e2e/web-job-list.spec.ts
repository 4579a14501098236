import { makeJob, type TenantRow } from '../support/factories';
import { openEventStream, type TestEventStream } from '../support/event-stream';
import { waitFor } from '../support/wait';
import { WEB_ORIGIN, startWebTestApplication, type SignedInAgent, type WebTestApplication } from '../support/web';
import { AccessWatch } from '../../src/web/auth/access-watch';
import { JOBS_PER_SCAN } from '../../src/jobs/tenant-job-list.queries';

const BASE = '/api/partners/demo/tenants/north';
const NEW_JOB = {
  bundle: 'bundles/scores',
  schoolYear: '2026',
  files: { INPUT_FILE: 'scores.csv' },
  params: { TEST_TYPE: 'Fall' },
};
const staff = (tenant: string) => ({ roles: [{ role: 'staff', partner: 'demo', tenant }] as const });

async function tenantRow(slipway: WebTestApplication, code: string): Promise<TenantRow> {
  const [row] = await slipway.db.query(
    `SELECT t.id, t.code, 2026 AS "schoolYear", json_build_object('id', p.id::text, 'code', p.code) AS partner
       FROM tenant t JOIN partner p ON p.id = t.partner_id WHERE p.code = 'demo' AND t.code = $1`,
    [code],
  );
  return row as TenantRow;
}

describe("the list of a tenant's jobs on the web page", () => {
  let slipway: WebTestApplication;
  let ada: SignedInAgent;
  const uids: Record<string, string> = {};
  beforeAll(async () => {
    slipway = await startWebTestApplication();
    ada = await slipway.signIn(staff('north'));
    const grace = await slipway.signIn({ name: 'Grace Hopper', ...staff('north') });
    const make = async (name: string, user: SignedInAgent, changes: object, sql = 'status = status') => {
      const { uid } = (await user.request('post', `${BASE}/jobs`, { body: { ...NEW_JOB, ...changes } })).json;
      uids[name] = uid;
      await slipway.db.query(`UPDATE job SET ${sql} WHERE uid = $1`, [uid]);
    };
    const ended = (minutes: number) => `started_at = now(), finished_at = now() - ${minutes} * interval '1 minute'`;
    await make('good', ada, { files: { INPUT_FILE: 'Fall_Results.CSV' } }, `status = 'succeeded', ${ended(1)}`);
    await make(
      'bad',
      grace,
      {},
      `status = 'failed', error = '{"code":"c","title":"t","detail":"d","file":null,"line":null}', ${ended(3)}`,
    );
    await make('late', ada, { schoolYear: '2025' }, `expires_at = now() - interval '1 second'`);
    await make('open', ada, {});
    const token = await slipway.token({ client_id: 'hidden-client', client_name: 'District SIS' });
    uids.api = (
      await slipway.request('post', '/v1/jobs', { token, body: { ...NEW_JOB, partner: 'demo', tenant: 'north' } })
    ).json.uid;
    await makeJob(slipway.db, { tenant: await tenantRow(slipway, 'south') });
    await grace.request('post', `${BASE}/jobs/${uids.bad}/resolve`);
  });
  afterAll(() => slipway.close());

  const names = (items: { uid: string }[]): string[] =>
    items.map(({ uid }) => Object.keys(uids).find((name) => uids[name] === uid) ?? uid);
  const list = async (query = ''): Promise<string[]> => names((await ada.request('get', `${BASE}/jobs?${query}`)).json.items);

  it.each([
    ['', ['api', 'open', 'late', 'bad', 'good']],
    ['sort=createdAt', ['good', 'bad', 'late', 'open', 'api']],
    ['sort=-finishedAt', ['api', 'open', 'late', 'good', 'bad']],
    ['sort=finishedAt', ['bad', 'good', 'late', 'open', 'api']],
    ['status=created', ['api', 'open']],
    ['status=expired', ['late']],
    ['status=expired,failed', ['late', 'bad']],
    ['status=failed,succeeded&sort=finishedAt', ['bad', 'good']],
    ['schoolYear=2025', ['late']],
    ['bundle=bundles/other', []],
    ['origin=api', ['api']],
    ['origin=web&status=created', ['open']],
    ['resolved=true', ['bad']],
    ['resolved=false&status=failed', []],
    ['search=fall_res', ['good']],
    ['search=grace', ['bad']],
    ['search=district', ['api']],
    ['search=hidden-client', []],
    ['search=%25', []],
    ['createdAfter=2999-01-01T00:00:00Z', []],
    ['createdBefore=2999-01-01T00:00:00Z&sort=finishedAt&status=created', ['open', 'api']],
  ])('with %s', async (query, expected) => {
    expect(await list(query)).toEqual(expected);
  });

  it('finds a job by its uid, and by the beginning of it', async () => {
    expect(await list(`search=${uids.good?.toUpperCase()}`)).toEqual(['good']);
    expect(await list(`search=${uids.good?.slice(0, 35)}`)).toContain('good');
  });

  it.each(['-createdAt', 'createdAt', '-finishedAt', 'finishedAt'])('goes through the pages by %s', async (sort) => {
    const found: string[] = [];
    let cursor = '';
    for (let page = 0; page < 5; page++) {
      const { items, nextCursor, hasMore } = (await ada.request('get', `${BASE}/jobs?sort=${sort}&limit=2${cursor}`)).json;
      found.push(...names(items));
      if (!hasMore) break;
      cursor = `&cursor=${nextCursor}`;
    }
    expect(found).toEqual(await list(`sort=${sort}`));
  });

  it('refuses a cursor of other filters, and values that there are not', async () => {
    const { nextCursor } = (await ada.request('get', `${BASE}/jobs?limit=1`)).json;
    expect((await ada.request('get', `${BASE}/jobs?limit=1&sort=createdAt&cursor=${nextCursor}`)).json.code).toBe(
      'invalid_cursor',
    );
    for (const query of [
      'status=done',
      'status=',
      'sort=uid',
      'origin=x',
      'resolved=1',
      'search=',
      `search=${'x'.repeat(201)}`,
      'nope=1',
    ])
      expect([query, (await ada.request('get', `${BASE}/jobs?${query}`)).status]).toEqual([query, 400]);
  });

  it('looks at so many jobs for one page, and goes on behind them', async () => {
    const olga = await slipway.signIn(staff('south'));
    const south = await tenantRow(slipway, 'south');
    await slipway.db.query(
      `INSERT INTO job (uid, partner_id, tenant_id, school_year, bundle_path, bundle_version, params, client_issuer, client_id, client_name, expires_at, created_at)
       SELECT gen_random_uuid(), $1, $2, 2026, 'b', 'v', '{}', 'i', 'c', CASE WHEN n = 1 THEN 'Needle' END, now() + interval '1 day',
              now() - ($3::int - n) * interval '1 second' FROM generate_series(1, $3::int) n`,
      [south.partner.id, south.id, JOBS_PER_SCAN + 10],
    );
    const path = '/api/partners/demo/tenants/south/jobs?search=needle';
    const first = (await olga.request('get', path)).json;
    expect([first.items, first.hasMore]).toEqual([[], true]);
    const second = (await olga.request('get', `${path}&cursor=${first.nextCursor}`)).json;
    expect([second.items.map((job: { submittedBy: string }) => job.submittedBy), second.hasMore]).toEqual([['Needle'], false]);
  });

  it('counts by day in the zone that was asked for', async () => {
    const days = (await ada.request('get', `${BASE}/jobs/statistics?days=2&timeZone=Pacific/Auckland`)).json.days;
    expect(days).toHaveLength(2);
    const sum = (key: string) => days.reduce((total: number, day: Record<string, number>) => total + (day[key] ?? 0), 0);
    expect([sum('submitted'), sum('succeeded'), sum('failed')]).toEqual([5, 1, 1]);
    const [{ today }] = await slipway.db.query(`SELECT (now() AT TIME ZONE 'Pacific/Auckland')::date::text AS today`);
    expect(days[1].date).toBe(today);
    expect((await ada.request('get', `${BASE}/jobs/statistics`)).json.days).toHaveLength(30);
    for (const query of ['timeZone=Nowhere/Town', 'days=0', 'days=91', "timeZone='"])
      expect((await ada.request('get', `${BASE}/jobs/statistics?${query}`)).status).toBe(400);
  });
});

describe("the changes of a tenant's jobs on the web page", () => {
  let slipway: WebTestApplication;
  let ada: SignedInAgent;
  const streams: TestEventStream[] = [];
  beforeAll(async () => {
    slipway = await startWebTestApplication();
    ada = await slipway.signIn(staff('north'));
  });
  afterAll(() => slipway.close());
  afterEach(async () => {
    for (const stream of streams) stream.close();
    await Promise.all(streams.splice(0).map((stream) => stream.ended));
  });

  const open = async (path = `${BASE}/jobs/changes`, user = ada): Promise<TestEventStream> => {
    const stream = await openEventStream(`${slipway.url}${path}`, { cookie: user.cookie, origin: WEB_ORIGIN });
    streams.push(stream);
    await waitFor(() => stream.text().includes('retry:'));
    return stream;
  };
  const told = (stream: TestEventStream, uid: string): string[] =>
    stream.events().flatMap((event: { uid?: string; status: string }) => (event.uid === uid ? [event.status] : []));

  it('are told to everybody who looks at the tenant, and to nobody else', async () => {
    const olga = await slipway.signIn(staff('south'));
    const [one, two] = [await open(), await open()];
    const foreign = await open('/api/partners/demo/tenants/south/jobs/changes', olga);
    // What is new is told of in a few seconds, what changes at once.
    const { uid } = (await ada.request('post', `${BASE}/jobs`, { body: NEW_JOB })).json;
    await waitFor(() => told(one, uid).includes('created') && told(two, uid).includes('created'));
    await ada.request('post', `${BASE}/jobs/${uid}/cancel`);
    await waitFor(() => told(one, uid).includes('cancelled') && told(two, uid).includes('cancelled'));
    expect(told(one, uid)).toEqual(['created', 'cancelled']);
    expect(foreign.events().filter((event: { uid?: string }) => event.uid !== undefined)).toEqual([]);
  });

  it('are told to 20 readers of one user, and no more', async () => {
    const eve = await slipway.signIn(staff('north'));
    for (let count = 0; count < 20; count++) await open(undefined, eve);
    const refused = await eve.request('get', `${BASE}/jobs/changes`);
    expect([refused.status, refused.json.code, refused.headers.get('retry-after')]).toEqual([429, 'too_many_streams', '30']);
  });

  describe('are told no more, and neither are the events of a job, to who', () => {
    const south = '/api/partners/demo/tenants/south/jobs';
    /** The streams ask every 20 seconds; a test cannot wait for that. */
    let watching: jest.SpyInstance;
    beforeAll(() => {
      const watch = slipway.app.get(AccessWatch);
      const ended = watch.ended.bind(watch);
      watching = jest
        .spyOn(watch, 'ended')
        .mockImplementation((request, response, tenant) => ended(request, response, tenant, 50));
    });
    afterAll(() => watching.mockRestore());

    it.each([
      ['has lost the role', `DELETE FROM user_role WHERE user_id = $1`],
      ['has been disabled', `UPDATE app_user SET state = 'disabled' WHERE id = $1`],
      ['has been signed out', `DELETE FROM web_session WHERE sess -> 'signIn' ->> 'userId' = $1`],
    ])('%s', async (_name, sql) => {
      const eve = await slipway.signIn(staff('south'));
      const { uid } = (await eve.request('post', south, { body: NEW_JOB })).json;
      const own = [await open(`${south}/changes`, eve), await open(`${south}/${uid}/events`, eve)];
      await waitFor(() => own[1]!.events().length === 1);
      await slipway.db.query(sql, [eve.user.id]);
      await Promise.all(own.map((stream) => stream.ended));
      // The page connects again by itself.
      for (const path of ['changes', `${uid}/events`])
        expect([401, 403, 404]).toContain(
          (await eve.request('get', `${south}/${path}`, { headers: { accept: 'text/event-stream' } })).status,
        );
    });
  });

  it("are a job's events, too, for whoever follows one", async () => {
    const { uid } = (await ada.request('post', `${BASE}/jobs`, { body: NEW_JOB })).json;
    const stream = await open(`${BASE}/jobs/${uid}/events`);
    await ada.request('post', `${BASE}/jobs/${uid}/cancel`);
    await stream.ended;
    expect(stream.events().map(({ type }: { type: string }) => type)).toEqual(['job.created', 'job.cancelled']);
  });
});
