import { v7 as uuidv7 } from 'uuid';
import { ALL_SCOPES, startTestApplication, type Json, type TestApplication } from '../support/application';
import { makeJob, type TenantRow } from '../support/factories';
import { createJob } from '../support/partner';
import { findTenant } from '../support/tenants';

/** GET /v1/jobs as a partner's system and its people look through it. */
describe('the list of jobs', () => {
  let slipway: TestApplication;
  let north: TenantRow;
  let south: TenantRow;
  let otherNorth: TenantRow;
  beforeAll(async () => {
    slipway = await startTestApplication();
    const tenants = [findTenant(slipway.db, 'demo', 'north'), findTenant(slipway.db, 'demo', 'south')] as const;
    [north, south, otherNorth] = await Promise.all([...tenants, findTenant(slipway.db, 'other', 'north')]);
  });
  afterAll(() => slipway.close());
  beforeEach(() => slipway.db.query('TRUNCATE job CASCADE'));

  const list = async (query = '', options = {}): Promise<Json> => {
    const response = await slipway.request('get', `/v1/jobs?${query}`, options);
    expect([response.status, response.text]).toEqual([200, expect.any(String)]);
    return response.json;
  };
  const uidsOf = (page: Json): string[] => page.items.map((item: { uid: string }) => item.uid);
  const listed = async (query = '', options = {}): Promise<string[]> => uidsOf(await list(query, options));

  /** A job with whatever its row is to say; made a second after the one before. */
  let second = 0;
  async function add(tenant: TenantRow, set: Record<string, unknown> = {}): Promise<string> {
    const { id, uid } = await makeJob(slipway.db, { tenant, status: 'created' });
    const values = { created_at: new Date(Date.UTC(2026, 0, 12) + 1000 * second++), ...set };
    const columns = Object.keys(values).map((column, index) => `${column} = $${index + 2}`);
    await slipway.db.query(`UPDATE job SET ${columns.join(', ')} WHERE id = $1`, [id, ...Object.values(values)]);
    return uid;
  }
  const ended = { started_at: '2026-01-12T00:00:00Z', finished_at: '2026-01-12T00:00:01Z' };

  it('tells of each job what the job itself tells, without its files, params, progress and runs', async () => {
    const { uid } = await createJob(slipway);
    const { files: _f, params: _p, progress: _g, runs: _r, ...summary } = (await slipway.request('get', `/v1/jobs/${uid}`)).json;
    expect(await list()).toEqual({ items: [summary], nextCursor: null, hasMore: false });
    expect(summary).toMatchObject({
      uid,
      status: 'created',
      origin: 'api',
      partner: 'demo',
      tenant: 'north',
      schoolYear: '2026',
    });
  });

  it('has the newest first, also of one millisecond, page by page with a link to the next', async () => {
    const at = '2026-02-01T00:00:00Z';
    const made = [await add(north), await add(south), await add(north, { created_at: at }), await add(south, { created_at: at })];
    made.push(await add(north, { created_at: at }));
    const seen: string[] = [];
    let path: string | null = '/v1/jobs?partner=demo&limit=2';
    for (let pages = 1; path; pages++) {
      const response = await slipway.request('get', path);
      seen.push(...uidsOf(response.json));
      const link: string | null = response.headers.get('link');
      expect([response.json.hasMore, response.json.nextCursor === null, link === null]).toEqual(
        pages < 3 ? [true, false, false] : [false, true, true],
      );
      path = link && (/^<(.+)>; rel="next"$/.exec(link)?.[1] ?? null);
    }
    expect(seen).toEqual(made.reverse());
  });

  it('is stable while jobs are added', async () => {
    const made = [await add(north), await add(north), await add(north), await add(north)];
    const first = await list('limit=2');
    await add(north);
    const rest = await list(`limit=2&cursor=${first.nextCursor}`);
    expect([...uidsOf(first), ...uidsOf(rest)]).toEqual([...made].reverse());
    expect(rest.hasMore).toBe(false);
  });

  it('has the jobs of the web, marked as such', async () => {
    const [{ id }] = await slipway.db.query(
      `INSERT INTO app_user (uid, issuer, subject, name) VALUES ($1, 'i', 's', 'n') RETURNING id`,
      [uuidv7()],
    );
    const api = await add(north);
    const web = await add(north, { created_by_user_id: id, client_issuer: null, client_id: null });
    expect((await list()).items.map((job: Json) => [job.uid, job.origin])).toEqual([
      [web, 'web'],
      [api, 'api'],
    ]);
    expect(await listed('createdBy=me', { token: await slipway.token({ client_id: 'client' }) })).toEqual([]);
  });

  it('is filtered by everything that the contract names, each alone and all together', async () => {
    const { issuer } = slipway.issuer;
    const plain = await add(north);
    const odd = await add(south, { bundle_path: 'assessments/ODD', school_year: 2025, client_issuer: issuer, client_id: 'sis' });
    const sameNameElsewhere = await add(north, { client_id: 'sis' });
    expect(await listed('partner=demo')).toEqual([sameNameElsewhere, odd, plain]);
    const single = ['tenant=south', 'bundle=assessments/ODD', 'schoolYear=2025', 'createdBy=me'];
    for (const query of [...single, single.join('&'), `${single.join('&')}&status=created&partner=demo`])
      expect([query, await listed(query)]).toEqual([query, [odd]]);
    for (const query of ['tenant=east', 'bundle=assessments', 'schoolYear=2024', `${single.join('&')}&status=failed`])
      expect([query, await listed(query)]).toEqual([query, []]);
  });

  it('is filtered by time, itself excluded', async () => {
    const [a, b, c] = [await add(north), await add(north), await add(north)];
    const { items } = await list();
    const at = items[1].createdAt;
    expect(await listed(`createdAfter=${at}`)).toEqual([c]);
    expect(await listed(`createdBefore=${at}`)).toEqual([a]);
    expect(await listed(`createdAfter=${items[2].createdAt}&createdBefore=${items[0].createdAt}`)).toEqual([b]);
  });

  it('goes by the status that a job reads, swept or not', async () => {
    const past = '2026-01-13T00:00:00Z';
    const jobs = {
      swept: await add(north, { status: 'expired', finished_at: past, expires_at: past }),
      created: await add(north),
      unswept: await add(north, { expires_at: past }),
      queued: await add(north, { status: 'queued', started_at: past }),
      running: await add(north, { status: 'running', started_at: past }),
      succeeded: await add(north, { status: 'succeeded', ...ended }),
      failed: await add(north, {
        status: 'failed',
        ...ended,
        error: { code: 'x', title: 'X', detail: 'x', file: null, line: 1 },
      }),
      cancelled: await add(north, { status: 'cancelled', finished_at: past }),
    };
    for (const status of ['created', 'queued', 'running', 'succeeded', 'failed', 'cancelled'] as const)
      expect([status, await listed(`status=${status}`)]).toEqual([status, [jobs[status]]]);
    const { items } = await list('status=expired');
    expect(items.map((job: Json) => [job.uid, job.status])).toEqual([
      [jobs.unswept, 'expired'],
      [jobs.swept, 'expired'],
    ]);
    const first = await list('status=expired&limit=1');
    expect(uidsOf(await list(`status=expired&limit=1&cursor=${first.nextCursor}`))).toEqual([jobs.swept]);
    expect((await list('status=failed')).items[0].error).toEqual({ code: 'x', title: 'X', detail: 'x', file: null, line: 1 });
  });

  describe('for several partners', () => {
    it('has those of the token, in one order, and the tenants of one code of each', async () => {
      const token = await slipway.token({ scope: `${ALL_SCOPES} partner:demo partner:other partner:ghost` });
      const made = [await add(north), await add(otherNorth), await add(south), await add(otherNorth), await add(north)];
      expect(await listed('', { token })).toEqual([...made].reverse());
      expect(await listed('tenant=north', { token })).toEqual([made[4], made[3], made[1], made[0]]);
      expect(await listed('partner=other', { token })).toEqual([made[3], made[1]]);
      const first = await list('limit=3', { token });
      expect(uidsOf(await list(`limit=3&cursor=${first.nextCursor}`, { token }))).toEqual([made[1], made[0]]);
    });

    it('has nothing of a partner that the token does not name, and refuses to be asked for one', async () => {
      await add(otherNorth);
      expect(await listed()).toEqual([]);
      expect(await listed('', { token: await slipway.token({ scope: 'read:jobs' }) })).toEqual([]);
      for (const partner of ['other', 'ghost']) {
        const response = await slipway.request('get', `/v1/jobs?partner=${partner}`);
        expect([response.status, response.json.code]).toEqual([403, 'partner_not_allowed']);
        expect(response.json.errors).toEqual([{ parameter: 'partner', code: 'partner_not_allowed', detail: expect.any(String) }]);
      }
    });
  });

  it('can be read without a client, but not by what that client made', async () => {
    const made = await add(north);
    const token = await slipway.token({ client_id: undefined });
    expect(await listed('', { token })).toEqual([made]);
    const response = await slipway.request('get', '/v1/jobs?createdBy=me', { token });
    expect([response.status, response.json.code]).toEqual([403, 'client_missing']);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="slipway"');
  });

  it.each([
    ['limit=201', 'limit'],
    ['partner=a%0Ab', 'partner'],
    ['tenant=a/b', 'tenant'],
    ['schoolYear=26', 'schoolYear'],
    ['status=done', 'status'],
    ['status=created&status=queued', 'status'],
    ['createdBefore=2026-02-30T00:00:00Z', 'createdBefore'],
    ['createdAfter=', 'createdAfter'],
    ['createdBy=sis', 'createdBy'],
    ['sort=uid', 'sort'],
  ])('refuses the query %p and says which parameter it is', async (query, parameter) => {
    const response = await slipway.request('get', `/v1/jobs?${query}`);
    expect([response.status, response.json.code]).toEqual([400, 'invalid_request']);
    expect(response.json.errors).toEqual([{ parameter, code: 'invalid_request', detail: expect.any(String) }]);
  });

  it('refuses a cursor of other filters, of another client, of another list, or of nobody', async () => {
    await add(north);
    await add(north);
    const { nextCursor } = await list('limit=1');
    const ofSets = (await slipway.request('get', '/v1/output-sets?partner=demo')).json.nextCursor;
    const refused = async (query: string, options = {}) => {
      const response = await slipway.request('get', `/v1/jobs?${query}`, options);
      expect([query, response.status, response.json.code]).toEqual([query, 400, 'invalid_cursor']);
    };
    await refused(`tenant=north&cursor=${nextCursor}`);
    await refused(`createdBy=me&cursor=${nextCursor}`);
    await refused(`cursor=${nextCursor}`, { token: await slipway.token({ client_id: 'lms' }) });
    await refused(`cursor=${ofSets}`);
    await refused('cursor=AAAAAAAAAAAAAAAAAAAAAAAA');
  });
});
