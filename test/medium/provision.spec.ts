import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/platform/database/data-source';
import { provision } from '../../src/tenancy/provision';
import type { ProvisionDocument } from '../../src/tenancy/provision-document';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
let db: DataSource;

beforeEach(async () => {
  database = await createTestDatabase();
  db = await new DataSource(dataSourceOptions(database.url, 4)).initialize();
});
afterEach(async () => {
  await db.destroy();
  await database.drop();
});

const tenant = (code: string, schoolYears: number[] = [2025, 2026], name = code) => ({ code, name, schoolYears });
const DOCUMENT: ProvisionDocument = {
  partners: [
    { code: 'demo', name: 'Demo', bundles: ['a/one', 'a/two'], tenants: [tenant('north'), tenant('south')] },
    { code: 'other', name: 'Other', bundles: 'all', tenants: [tenant('north', [2026])] },
  ],
};
const REGISTRY = ['a/one', 'a/two', 'a/three'];
const NOTHING = { partners: 0, tenants: 0, schoolYears: 0, bundles: 0, operators: 0 };

/** Everything that a provisioning can touch, by what people see of it and by its ids. */
async function contents(): Promise<{ tenants: string[]; bundles: string[]; uids: string[] }> {
  const [row] = await db.query(`
    SELECT ARRAY(SELECT format('%s(%s)/%s(%s) %s', p.code, p.name, t.code, t.name,
                               ARRAY(SELECT end_year FROM tenant_school_year WHERE tenant_id = t.id ORDER BY 1))
                   FROM partner p LEFT JOIN tenant t ON t.partner_id = p.id ORDER BY 1) AS tenants,
           ARRAY(SELECT p.code || ' ' || b.bundle_path FROM partner_bundle b JOIN partner p ON p.id = b.partner_id ORDER BY 1) AS bundles,
           ARRAY(SELECT format('%s %s', id, uid) FROM partner UNION ALL SELECT format('%s %s', id, uid) FROM tenant ORDER BY 1) AS uids`);
  return row;
}

it('adds what is missing', async () => {
  expect(await provision(db, DOCUMENT, REGISTRY)).toEqual({ partners: 2, tenants: 3, schoolYears: 5, bundles: 5, operators: 0 });
  const { tenants, bundles } = await contents();
  expect(tenants).toEqual([
    'demo(Demo)/north(north) {2025,2026}',
    'demo(Demo)/south(south) {2025,2026}',
    'other(Other)/north(north) {2026}',
  ]);
  expect(bundles).toEqual(['demo a/one', 'demo a/two', 'other a/one', 'other a/three', 'other a/two']);
});

it('changes nothing the second time', async () => {
  await provision(db, DOCUMENT, REGISTRY);
  const before = await contents();
  expect(await provision(db, DOCUMENT, REGISTRY)).toEqual(NOTHING);
  expect(await contents()).toEqual(before);
});

it('adds only what is new in a document that grew', async () => {
  await provision(db, DOCUMENT, REGISTRY);
  const [demo, other] = DOCUMENT.partners as [ProvisionDocument['partners'][number], ProvisionDocument['partners'][number]];
  const grown = { partners: [{ ...demo, tenants: [tenant('north', [2025, 2026, 2027]), tenant('west', [])] }, other] };
  expect(await provision(db, grown, [...REGISTRY, 'a/four'])).toEqual({
    partners: 0,
    tenants: 1,
    schoolYears: 1,
    bundles: 1,
    operators: 0,
  });
});

it('renames, and keeps the ids', async () => {
  await provision(db, DOCUMENT, REGISTRY);
  const { uids } = await contents();
  const renamed = {
    partners: [{ code: 'demo', name: 'Demo Inc.', bundles: [], tenants: [tenant('north', [], 'North District')] }],
  };
  expect(await provision(db, renamed, null)).toEqual(NOTHING);
  const after = await contents();
  expect(after.tenants).toContain('demo(Demo Inc.)/north(North District) {2025,2026}');
  expect(after.uids).toEqual(uids);
});

it('never deletes what a document does not have', async () => {
  await provision(db, DOCUMENT, REGISTRY);
  const before = await contents();
  expect(await provision(db, { partners: [] }, null)).toEqual(NOTHING);
  expect(await provision(db, { partners: [{ code: 'demo', name: 'Demo', bundles: [], tenants: [] }] }, null)).toEqual(NOTHING);
  expect(await contents()).toEqual(before);
});

it('writes nothing at all where a partner wants all bundles and no registry was read', async () => {
  await expect(provision(db, DOCUMENT, null)).rejects.toThrow(/other has "bundles: all"/);
  expect(await contents()).toEqual({ tenants: [], bundles: [], uids: [] });
});

it('adds everything once when several run at the same time', async () => {
  const reversed = { partners: [...DOCUMENT.partners].reverse() };
  const reports = await Promise.all(
    [DOCUMENT, reversed, DOCUMENT, reversed].map((document) => provision(db, document, REGISTRY)),
  );
  const total = (of: keyof typeof NOTHING) => reports.reduce((sum, report) => sum + report[of], 0);
  expect([total('partners'), total('tenants'), total('schoolYears'), total('bundles')]).toEqual([2, 3, 5, 5]);
  expect((await contents()).tenants).toHaveLength(3);
});

it('admits operators before they sign in, once, and leaves one who was disabled and what their issuer calls them', async () => {
  const operators = [
    { issuer: 'https://login.test', subject: 'olivia', name: 'Olivia', email: 'olivia@example.org' },
    { issuer: 'https://login.test', subject: 'oscar', name: 'Oscar' },
  ];
  const document = { partners: [], operators };
  await db.query(
    `INSERT INTO app_user (uid, issuer, subject, name) VALUES (gen_random_uuid(), 'https://login.test', 'oscar', 'Oscar O.')`,
  );
  expect(await provision(db, document, null)).toEqual({ ...NOTHING, operators: 2 });
  expect(await provision(db, document, null)).toEqual(NOTHING);
  const users = () =>
    db.query(`SELECT u.name, u.email, u.state, r.role FROM app_user u JOIN user_role r ON r.user_id = u.id ORDER BY u.subject`);
  expect(await users()).toEqual([
    { name: 'Olivia', email: 'olivia@example.org', state: 'admitted', role: 'operator' },
    { name: 'Oscar O.', email: null, state: 'admitted', role: 'operator' },
  ]);
  await db.query(`UPDATE app_user SET state = 'disabled' WHERE subject = 'olivia'`);
  await provision(db, document, null);
  expect((await users())[0].state).toBe('disabled');
});
