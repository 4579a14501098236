import { PostgresQueryRunner } from 'typeorm/driver/postgres/PostgresQueryRunner';
import { signInAdministrators, type Administrators } from '../support/administrators';
import { startWebTestApplication, type WebTestApplication } from '../support/web';

/** What each operation of the administration asks the database, committed: a statement more, or one a row, shows in a review. */
describe('the statements of', () => {
  let slipway: WebTestApplication;
  let people: Administrators;
  const statements: string[] = [];
  beforeAll(async () => {
    slipway = await startWebTestApplication();
    people = await signInAdministrators(slipway);
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

  const demo = '/api/admin/partners/demo';
  const ok = { status: 200 };
  const staff = (tenant: string) => ({ role: 'staff', partner: 'demo', tenant });

  it('listing partners, their tenants, bundles and API clients', async () => {
    for (const path of ['/api/admin/partners', demo, `${demo}/tenants`, `${demo}/bundles`, `${demo}/api-clients`])
      expect(await people.admin.request('get', path)).toMatchObject(ok);
    expect(statements).toMatchSnapshot();
  });

  it('listing users, all and those of a partner', async () => {
    expect(await people.operator.request('get', '/api/admin/users?search=a&state=admitted')).toMatchObject(ok);
    expect(await people.admin.request('get', `${demo}/users?limit=1`)).toMatchObject(ok);
    expect(statements).toMatchSnapshot();
  });

  it('reading what is to be edited', async () => {
    const { uid } = people.staff.user;
    for (const path of [`${demo}/tenants/north`, `${demo}/users/${uid}`])
      expect(await people.admin.request('get', path)).toMatchObject(ok);
    expect(await people.operator.request('get', `/api/admin/users/${uid}`)).toMatchObject(ok);
    expect(statements).toMatchSnapshot();
  });

  it('refusing an edit of what somebody else has changed', async () => {
    const headers = { 'if-match': '"old"' };
    const edits: [string, 'put' | 'patch', object][] = [
      [`${demo}/tenants/north`, 'patch', { name: 'New' }],
      [`/api/admin/users/${people.staff.user.uid}/roles`, 'put', { roles: [] }],
    ];
    for (const [path, method, body] of edits)
      expect(await people.operator.request(method, path, { body, headers })).toMatchObject({ status: 412 });
    expect(statements).toMatchSnapshot();
  });

  it('listing what was changed', async () => {
    const filters = `partner=demo&user=${people.admin.user.uid}&action=tenant.created&createdAfter=2026-01-01T00:00:00Z`;
    expect(await people.operator.request('get', `/api/admin/audit?${filters}`)).toMatchObject(ok);
    expect(statements).toMatchSnapshot();
  });

  it('creating and renaming a partner and a tenant', async () => {
    await people.operator.request('post', '/api/admin/partners', { body: { code: 'new', name: 'New' } });
    await people.operator.request('patch', '/api/admin/partners/new', { body: { name: 'Newer' } });
    await people.operator.request('post', '/api/admin/partners/new/tenants', { body: { code: 'west', name: 'West' } });
    const renamed = await people.operator.request('patch', '/api/admin/partners/new/tenants/west', {
      body: { name: 'Wild West' },
    });
    expect(renamed).toMatchObject(ok);
    expect(statements).toMatchSnapshot();
  });

  it("setting a tenant's school years and a partner's bundles", async () => {
    const years = await people.admin.request('put', `${demo}/tenants/south/school-years`, { body: { schoolYears: ['2026'] } });
    const bundles = await people.operator.request('put', `${demo}/bundles`, { body: { bundles: [] } });
    expect([years, bundles]).toMatchObject([ok, ok]);
    expect(statements).toMatchSnapshot();
  });

  it('admitting a user, setting their roles and disabling them', async () => {
    const body = { issuer: 'test', subject: 'new', name: 'New', roles: [{ role: 'operator' }, staff('north')] };
    const { uid } = (await people.operator.request('post', '/api/admin/users', { body })).json;
    await people.operator.request('put', `/api/admin/users/${uid}/roles`, { body: { roles: [staff('south')] } });
    const disabled = await people.operator.request('patch', `/api/admin/users/${uid}`, { body: { state: 'disabled' } });
    expect(disabled).toMatchObject(ok);
    expect(statements).toMatchSnapshot();
  });

  it('saving, listing and deleting an ODS connection', async () => {
    const path = `${demo}/tenants/north/ods-connections`;
    const body = { baseUrl: 'https://ods.example.org/api', key: 'key', secret: 'secret' };
    const headers = { 'if-none-match': '*' };
    expect(await people.admin.request('put', `${path}/2026`, { body, headers })).toMatchObject(ok);
    const changed = { ...body, secret: 'another' };
    expect(await people.admin.request('put', `${path}/2026`, { body: changed })).toMatchObject(ok);
    expect(await people.admin.request('get', path)).toMatchObject(ok);
    expect(await people.admin.request('delete', `${path}/2026`)).toMatchObject({ status: 204 });
    expect(statements).toMatchSnapshot();
  });
});
