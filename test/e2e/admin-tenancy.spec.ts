import type { Json } from '../support/application';
import { auditOf, signInAdministrators, type Administrators } from '../support/administrators';
import { createJob } from '../support/partner';
import { startWebTestApplication, type SignedInAgent, type WebTestApplication } from '../support/web';

let slipway: WebTestApplication;
let people: Administrators;
beforeAll(async () => {
  slipway = await startWebTestApplication();
  people = await signInAdministrators(slipway);
});
afterAll(() => slipway.close());

const auditCount = async (): Promise<number> =>
  (await slipway.db.query('SELECT count(*)::int AS count FROM audit_record'))[0].count;

/** The newest record. */
const lastAudit = async (): Promise<Json> => (await auditOf(people))[0];

type Who = keyof Administrators | 'nobody';
const as = (who: Who) => (who === 'nobody' ? slipway.nobody : people[who]);

const OPERATORS_ONLY = { nobody: 401, staff: 403, admin: 403, stranger: 403 };
const PARTNER_ADMINS = { nobody: 401, staff: 403, stranger: 404 };
const UID = '019ab6d0-31aa-7f0e-8c11-2a3b4c5d6e70';
const person = { issuer: 'test', subject: 's', name: 'N' };
const connection = { baseUrl: 'https://ods.example.org/api', key: 'key', secret: 'a-secret' };

describe('the administration is closed to everybody else:', () => {
  it.each<['get' | 'post' | 'put' | 'patch' | 'delete', string, unknown, Partial<Record<Who, number>>]>([
    ['get', '/partners', undefined, { nobody: 401, staff: 403 }],
    ['post', '/partners', { code: 'new', name: 'New' }, OPERATORS_ONLY],
    ['get', '/partners/demo', undefined, PARTNER_ADMINS],
    ['patch', '/partners/demo', { name: 'X' }, OPERATORS_ONLY],
    ['get', '/partners/demo/bundles', undefined, PARTNER_ADMINS],
    ['put', '/partners/demo/bundles', { bundles: [] }, OPERATORS_ONLY],
    ['get', '/partners/demo/tenants', undefined, PARTNER_ADMINS],
    ['post', '/partners/demo/tenants', { code: 'new', name: 'New' }, PARTNER_ADMINS],
    ['patch', '/partners/demo/tenants/north', { name: 'X' }, PARTNER_ADMINS],
    ['put', '/partners/demo/tenants/north/school-years', { schoolYears: [] }, PARTNER_ADMINS],
    ['get', '/users', undefined, OPERATORS_ONLY],
    ['post', '/users', { ...person, roles: [] }, OPERATORS_ONLY],
    ['patch', `/users/${UID}`, { state: 'disabled' }, OPERATORS_ONLY],
    ['put', `/users/${UID}/roles`, { roles: [] }, OPERATORS_ONLY],
    ['get', '/partners/demo/users', undefined, PARTNER_ADMINS],
    ['post', '/partners/demo/users', { ...person, roles: [{ role: 'staff', tenant: 'north' }] }, PARTNER_ADMINS],
    ['put', `/partners/demo/users/${UID}/roles`, { roles: [] }, PARTNER_ADMINS],
    ['get', '/partners/demo/tenants/north/ods-connections', undefined, PARTNER_ADMINS],
    ['put', '/partners/demo/tenants/north/ods-connections/2026', connection, PARTNER_ADMINS],
    ['delete', '/partners/demo/tenants/north/ods-connections/2026', undefined, PARTNER_ADMINS],
    ['post', '/partners/demo/tenants/north/ods-connections/2026/test', undefined, PARTNER_ADMINS],
    ['get', '/partners/demo/api-clients', undefined, PARTNER_ADMINS],
    ['get', '/registry', undefined, OPERATORS_ONLY],
    ['get', '/audit', undefined, OPERATORS_ONLY],
  ])('%s %s', async (method, path, body, expected) => {
    const before = await auditCount();
    for (const [who, status] of Object.entries(expected)) {
      const answer = await as(who as Who).request(method, `/api/admin${path}`, { body });
      expect([who, answer.status, answer.json.code]).toEqual([
        who,
        status,
        { 401: 'not_signed_in', 403: 'role_missing', 404: 'partner_not_found' }[status],
      ]);
    }
    expect(await auditCount()).toBe(before);
  });
});

describe('partners', () => {
  it('are listed to those who administer them, and found by a part of their name', async () => {
    const codes = async (agent: SignedInAgent, query = ''): Promise<string[]> =>
      (await agent.request('get', `/api/admin/partners${query}`)).json.items.map(({ code }: Json) => code);
    expect(await codes(people.operator)).toEqual(['demo', 'other']);
    expect(await codes(people.admin)).toEqual(['demo']);
    expect(await codes(people.operator, '?search=OTH')).toEqual(['other']);
    // No administrator's answer to a search for nothing is that they are none.
    expect(await codes(people.admin, '?search=other')).toEqual([]);
    const first = (await people.operator.request('get', '/api/admin/partners?limit=1')).json;
    expect(first).toMatchObject({ items: [{ code: 'demo', name: 'Demo', tenants: 2 }], hasMore: true });
    expect(await codes(people.operator, `?limit=1&cursor=${first.nextCursor}`)).toEqual(['other']);
    const lent = await people.admin.request('get', `/api/admin/partners?limit=1&cursor=${first.nextCursor}`);
    expect(lent.json.code).toBe('invalid_cursor');
  });

  it('are got by those who administer them', async () => {
    const get = async (agent: SignedInAgent, code: string) => (await agent.request('get', `/api/admin/partners/${code}`)).json;
    expect(await get(people.admin, 'demo')).toMatchObject({ code: 'demo', name: 'Demo', tenants: 2 });
    expect(await get(people.operator, 'other')).toMatchObject({ code: 'other' });
    expect((await get(people.operator, 'none')).code).toBe('partner_not_found');
  });

  it('are created once, however many try, and renamed; each leaves a record, and what changes nothing leaves none', async () => {
    const create = () => people.operator.request('post', '/api/admin/partners', { body: { code: 'fresh', name: 'Fresh' } });
    const before = await auditCount();
    const answers = await Promise.all(Array.from({ length: 5 }, create));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
    expect(answers.find(({ status }) => status === 201)?.json).toMatchObject({ code: 'fresh', name: 'Fresh', tenants: 0 });
    expect(answers.find(({ status }) => status === 409)?.json).toMatchObject({
      code: 'code_taken',
      errors: [{ pointer: '/code' }],
    });
    expect(await auditCount()).toBe(before + 1);
    expect(await lastAudit()).toEqual({
      user: { uid: people.operator.user.uid, name: 'Olga Operator' },
      action: 'partner.created',
      subject: { partner: 'fresh', tenant: null, schoolYear: null, user: null },
      before: null,
      after: { code: 'fresh', name: 'Fresh' },
    });

    const rename = (name: string) => people.operator.request('patch', '/api/admin/partners/fresh', { body: { name } });
    expect((await rename('Renamed')).json).toMatchObject({ code: 'fresh', name: 'Renamed' });
    expect((await rename('Renamed')).status).toBe(200);
    expect(await auditCount()).toBe(before + 2);
    expect(await lastAudit()).toMatchObject({ action: 'partner.renamed', before: { name: 'Fresh' }, after: { name: 'Renamed' } });
    expect((await people.operator.request('patch', '/api/admin/partners/none', { body: { name: 'X' } })).status).toBe(404);
  });

  it.each([
    [{ code: 'a b', name: 'X' }, '/code'],
    [{ code: 'ok', name: ' ' }, '/name'],
    [{ code: 'ok', name: 'a\nb' }, '/name'],
    [{ code: 'ok', name: 'x'.repeat(256) }, '/name'],
    [{ code: 'ok', name: 'X', id: 1 }, '/id'],
  ])('are not created as %j', async (body, pointer) => {
    const answer = await people.operator.request('post', '/api/admin/partners', { body });
    expect([answer.status, answer.json.errors[0].pointer]).toEqual([400, pointer]);
  });

  it('may use what an operator enables of the registry', async () => {
    const path = '/api/admin/partners/demo/bundles';
    const listed = (await people.admin.request('get', path)).json.items;
    expect(listed.find(({ enabled }: Json) => enabled)).toMatchObject({ path: 'bundles/scores' });
    const all = listed.map((item: Json) => item.path);
    const before = await auditCount();
    const set = (bundles: string[]) => people.operator.request('put', path, { body: { bundles } });

    expect((await set(all)).json.items.every(({ enabled }: Json) => enabled)).toBe(true);
    expect(await lastAudit()).toMatchObject({
      action: 'partner.bundles_changed',
      before: { bundles: ['bundles/scores'] },
      after: { bundles: [...all].sort() },
    });
    const unknown = await set([...all, 'no/such']);
    expect(unknown.json).toMatchObject({ code: 'bundle_not_found', errors: [{ pointer: `/bundles/${all.length}` }] });
    await set(all);
    await set(['bundles/scores']);
    expect(await auditCount()).toBe(before + 2);
  });

  it('keep a bundle that the registry no longer has, until it is disabled', async () => {
    await slipway.db.query(
      `INSERT INTO partner_bundle (partner_id, bundle_path) SELECT id, 'bundles/gone' FROM partner WHERE code = 'other'`,
    );
    const path = '/api/admin/partners/other/bundles';
    const gone = { path: 'bundles/gone', displayName: null, version: null, enabled: true };
    expect((await people.stranger.request('get', path)).json.items).toContainEqual(gone);
    const kept = await people.operator.request('put', path, { body: { bundles: ['bundles/gone', 'bundles/scores'] } });
    expect(kept.json.items).toContainEqual(gone);
    const without = await people.operator.request('put', path, { body: { bundles: ['bundles/scores'] } });
    expect(without.json.items).not.toContainEqual(gone);
  });
});

describe('tenants', () => {
  const path = '/api/admin/partners/demo/tenants';

  it("are created, renamed and listed by the partner's administrator", async () => {
    const created = await people.admin.request('post', path, { body: { code: 'west', name: 'West' } });
    expect([created.status, created.json]).toEqual([
      201,
      expect.objectContaining({ code: 'west', name: 'West', schoolYears: [] }),
    ]);
    expect(await lastAudit()).toMatchObject({
      user: { name: 'Paula Partner' },
      action: 'tenant.created',
      subject: { partner: 'demo', tenant: 'west' },
    });
    expect((await people.admin.request('post', path, { body: { code: 'west', name: 'W' } })).json.code).toBe('code_taken');
    expect((await people.admin.request('patch', `${path}/west`, { body: { name: 'Wild West' } })).json.name).toBe('Wild West');
    const found = (await people.admin.request('get', `${path}?search=wild`)).json.items;
    expect(found).toEqual([expect.objectContaining({ code: 'west', name: 'Wild West' })]);
    // The same code is another partner's to take.
    const elsewhere = await people.stranger.request('post', '/api/admin/partners/other/tenants', {
      body: { code: 'west', name: 'West' },
    });
    expect(elsewhere.status).toBe(201);
  });

  it.each(['none', 'a%20b', '%00', 'east'])('that the partner does not have are not found: %s', async (tenant) => {
    for (const [method, end, body] of [
      ['patch', '', { name: 'X' }],
      ['put', '/school-years', { schoolYears: [] }],
      ['get', '/ods-connections', undefined],
    ] as const) {
      const answer = await people.admin.request(method, `${path}/${tenant}${end}`, { body });
      expect([method, answer.status, answer.json.code]).toEqual([method, 404, 'tenant_not_found']);
    }
  });

  it('have the school years that they are given; jobs of one that is disabled stay', async () => {
    const { uid } = await createJob(slipway);
    const set = (schoolYears: unknown) => people.admin.request('put', `${path}/north/school-years`, { body: { schoolYears } });
    const before = await auditCount();
    expect((await set(['2027', '2024'])).json).toMatchObject({ code: 'north', schoolYears: ['2024', '2027'] });
    expect(await lastAudit()).toMatchObject({
      action: 'tenant.school_years_changed',
      subject: { partner: 'demo', tenant: 'north' },
      before: { schoolYears: ['2024', '2025', '2026'] },
      after: { schoolYears: ['2024', '2027'] },
    });
    expect((await slipway.request('get', `/v1/jobs/${uid}`)).json).toMatchObject({ schoolYear: '2026', status: 'created' });
    await set(['2024', '2027']);
    await set(['2024', '2025', '2026']);
    expect(await auditCount()).toBe(before + 2);
    for (const wrong of [['26'], [2026], ['1899'], ['2201'], ['2026', '2026'], '2026', null, undefined]) {
      const answer = await set(wrong);
      expect([wrong, answer.status, answer.json.code]).toEqual([wrong, 400, 'invalid_request']);
    }
  });
});

const JOB = {
  partner: 'demo',
  bundle: 'bundles/scores',
  schoolYear: '2026',
  files: { INPUT_FILE: 'scores.csv' },
  params: { TEST_TYPE: 'Fall' },
};

describe('API clients', () => {
  it('are listed with their first and last job', async () => {
    for (const clientId of ['lms', 'sis', 'lms'])
      await slipway.request('post', '/v1/jobs', {
        token: await slipway.token({ client_id: clientId }),
        body: { ...JOB, tenant: 'south' },
      });
    const list = async (query = '') => (await people.admin.request('get', `/api/admin/partners/demo/api-clients${query}`)).json;
    const { items } = await list();
    expect(items.map(({ clientId }: Json) => clientId)).toEqual(['lms', 'sis']);
    expect(items[0]).toMatchObject({ issuer: slipway.issuer.issuer, jobs: 2, moreJobs: false });
    expect(Date.parse(items[0].firstJobAt)).toBeLessThan(Date.parse(items[0].lastJobAt));
    const first = await list('?limit=1');
    expect(first).toMatchObject({ items: [{ clientId: 'lms' }], hasMore: true });
    expect(await list(`?limit=1&cursor=${first.nextCursor}`)).toMatchObject({ items: [{ clientId: 'sis' }], hasMore: false });
    const elsewhere = await people.stranger.request('get', '/api/admin/partners/other/api-clients');
    expect(elsewhere.json.items).toEqual([]);
  });
});

describe('an operator', () => {
  it('sees how the registry does', async () => {
    expect((await people.operator.request('get', '/api/admin/registry')).json).toMatchObject({
      status: 'ready',
      version: expect.any(String),
      bundles: expect.any(Number),
      problems: [],
    });
  });

  it('finds records by partner, user, action and time, and goes through them page by page', async () => {
    const all = await auditOf(people);
    expect(all.length).toBeGreaterThan(5);
    const byAdmin = await auditOf(people, `&user=${people.admin.user.uid}`);
    expect(byAdmin.length).toBeGreaterThan(0);
    expect(new Set(byAdmin.map(({ user }) => user.name))).toEqual(new Set(['Paula Partner']));
    const ofOther = await auditOf(people, '&partner=other&action=tenant.created');
    expect(ofOther).toEqual([
      expect.objectContaining({ subject: expect.objectContaining({ partner: 'other', tenant: 'west' }) }),
    ]);
    expect(await auditOf(people, '&createdAfter=2999-01-01T00:00:00Z')).toEqual([]);
    expect(await auditOf(people, '&createdBefore=2999-01-01T00:00:00Z')).toHaveLength(all.length);
    const paged: Json[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query = `limit=2${cursor && `&cursor=${cursor}`}`;
      const { json }: { json: Json } = await people.operator.request('get', `/api/admin/audit?${query}`);
      paged.push(...json.items.map(({ uid: _uid, at: _at, ...record }: Json) => record));
      cursor = json.nextCursor;
    }
    expect(paged).toEqual(all);
    for (const wrong of ['user=x', 'action=x', 'createdAfter=x', 'partner=a%20b'])
      expect((await people.operator.request('get', `/api/admin/audit?${wrong}`)).status).toBe(400);
  });

  it('cannot change a record, nor can anybody with the database role', async () => {
    await expect(slipway.db.query(`UPDATE audit_record SET after = '{}'`)).rejects.toThrow('only ever added to');
    await expect(slipway.db.query(`DELETE FROM audit_record`)).rejects.toThrow('only ever added to');
    await expect(slipway.db.query(`TRUNCATE audit_record`)).rejects.toThrow('only ever added to');
    await expect(slipway.db.query(`TRUNCATE partner CASCADE`)).rejects.toThrow('only ever added to');
  });
});
