import { overwriting, signInAdministrators, type Administrators } from '../support/administrators';
import { WEB_OPERATIONS } from '../support/api-document';
import type { Method } from '../support/application';
import { startWebTestApplication, type WebTestApplication } from '../support/web';

const PARTNER = '/api/admin/partners/{partner}';
const TENANT = `${PARTNER}/tenants/{tenant}`;
const CONNECTION = `${TENANT}/ods-connections/{schoolYear}`;

/** What the administration can change, each with a body that does. */
const CHANGES: readonly [operation: string, body: object | undefined][] = [
  ['post /api/admin/partners', { code: 'new', name: 'New' }],
  [`patch ${PARTNER}`, { name: 'Demo, renamed' }],
  [`put ${PARTNER}/bundles`, { bundles: [] }],
  [`post ${PARTNER}/tenants`, { code: 'west', name: 'West' }],
  [`patch ${TENANT}`, { name: 'North, renamed' }],
  [`put ${TENANT}/school-years`, { schoolYears: ['2026'] }],
  [`put ${CONNECTION}`, { baseUrl: 'https://ods.example.org/api', key: 'key', secret: 'a-secret-of-the-ods' }],
  [`delete ${CONNECTION}`, undefined],
  ['post /api/admin/users', { issuer: 'test', subject: 'new', name: 'New', roles: [] }],
  ['patch /api/admin/users/{uid}', { state: 'disabled' }],
  ['put /api/admin/users/{uid}/roles', { roles: [{ role: 'partner_admin', partner: 'demo' }] }],
  [`post ${PARTNER}/users`, { issuer: 'test', subject: 'crew', name: 'Crew', roles: [{ role: 'staff', tenant: 'north' }] }],
  [`put ${PARTNER}/users/{uid}/roles`, { roles: [{ role: 'staff', tenant: 'south' }] }],
];
/** Of a connection that there is not yet. */
const MAKE = { 'if-none-match': '*' };
/** Tries a connection, and writes nothing. */
const NO_CHANGE = [`post ${CONNECTION}/test`];

describe('every change that the administration makes', () => {
  let slipway: WebTestApplication;
  let people: Administrators;
  beforeAll(async () => {
    slipway = await startWebTestApplication();
    people = await signInAdministrators(slipway);
    const body = { baseUrl: 'https://old.example.org/api', key: 'key', secret: 'old' };
    await people.operator.request('put', '/api/admin/partners/demo/tenants/north/ods-connections/2025', { body, headers: MAKE });
  });
  afterAll(() => slipway.close());

  const make = (operation: string, body: object | undefined) => {
    const [method = '', path = ''] = operation.split(' ');
    const filled = path
      .replace('{partner}', 'demo')
      .replace('{tenant}', 'north')
      .replace('{schoolYear}', method === 'delete' ? '2025' : '2026')
      .replace('{uid}', people.staff.user.uid);
    return people.operator.request(method as Method, filled, {
      body,
      ...(operation === `put ${CONNECTION}` ? { headers: MAKE } : {}),
    });
  };
  const count = async (): Promise<number> =>
    ((await slipway.db.query('SELECT count(*)::int AS count FROM audit_record')) as { count: number }[])[0]!.count;
  const everything = async (): Promise<unknown> => {
    const tables = ['partner', 'partner_bundle', 'tenant', 'tenant_school_year', 'app_user', 'user_role', 'ods_connection'];
    return slipway.db.query(
      `SELECT ${tables.map((table) => `(SELECT json_agg(t ORDER BY t::text) FROM ${table} t) AS ${table}`).join(', ')}`,
    );
  };

  it('is here', () => {
    const documented = WEB_OPERATIONS.filter(({ method, path }) => path.startsWith('/api/admin/') && method !== 'get');
    expect([...CHANGES.map(([operation]) => operation), ...NO_CHANGE].sort()).toEqual(
      documented.map(({ method, path }) => `${method} ${path}`).sort(),
    );
  });

  it.each(CHANGES)('leaves its record, or is not made: %s', async (operation, body) => {
    const before = await everything();
    const records = await count();
    await slipway.db.query('ALTER TABLE audit_record ADD CONSTRAINT no_room CHECK (false) NOT VALID');
    try {
      await expect(make(operation, body)).rejects.toThrow('internal_error');
    } finally {
      await slipway.db.query('ALTER TABLE audit_record DROP CONSTRAINT no_room');
    }
    expect(await everything()).toEqual(before);

    const { status, text } = await make(operation, body);
    expect([200, 201, 204]).toContain(status);
    expect(text).not.toContain('a-secret-of-the-ods');
    expect(await everything()).not.toEqual(before);
    expect(await count()).toBe(records + 1);
    const { items } = (await people.operator.request('get', '/api/admin/audit?limit=1')).json;
    expect(items[0].user).toEqual({ uid: people.operator.user.uid, name: 'Olga Operator' });
    expect(JSON.stringify(items)).not.toContain('a-secret-of-the-ods');
  });
});

describe('changes that several make at once', () => {
  let slipway: WebTestApplication;
  let people: Administrators;
  beforeAll(async () => {
    slipway = await startWebTestApplication();
    people = await signInAdministrators(slipway);
  });
  afterAll(() => slipway.close());

  const NORTH = '/api/admin/partners/demo/tenants/north';
  const staffOf = (tenant: string) => ({ role: 'staff', tenant });
  it.each<[string, Method, () => string, readonly object[]]>([
    ['names', 'patch', () => NORTH, ['A', 'B', 'C', 'D'].map((name) => ({ name }))],
    [
      'school years',
      'put',
      () => `${NORTH}/school-years`,
      [[], ['2024'], ['2025', '2026'], ['2027']].map((schoolYears) => ({ schoolYears })),
    ],
    [
      'bundles',
      'put',
      () => '/api/admin/partners/demo/bundles',
      [[], ['bundles/scores'], ['bundles/other'], ['bundles/other', 'bundles/scores']].map((bundles) => ({ bundles })),
    ],
    [
      'roles',
      'put',
      () => `/api/admin/partners/demo/users/${people.admin.user.uid}/roles`,
      [[], [staffOf('north')], [staffOf('south')], [staffOf('north'), staffOf('south')]].map((roles) => ({ roles })),
    ],
  ])('follow one another: of %s', async (_name, method, path, bodies) => {
    const [newest]: { id: string }[] = await slipway.db.query('SELECT coalesce(max(id), 0) AS id FROM audit_record');
    const colleague = overwriting(await slipway.signIn({ roles: [{ role: 'operator' }] }));
    const asked = [...bodies, ...bodies].map((body, index) =>
      (index % 2 === 0 ? colleague : people.operator).request(method, path(), { body }),
    );
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual(asked.map(() => 200));
    const records: { before: unknown; after: unknown }[] = await slipway.db.query(
      'SELECT before, after FROM audit_record WHERE id > $1 ORDER BY id',
      [newest!.id],
    );
    expect(records.length).toBeGreaterThan(0);
    for (const [index, { before }] of records.slice(1).entries()) expect(before).toEqual(records[index]!.after);
  });
});
