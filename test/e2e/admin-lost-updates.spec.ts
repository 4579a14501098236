import type { Json, Method } from '../support/application';
import { auditOf, signInAdministrators, type Administrators } from '../support/administrators';
import { startWebTestApplication, type SignedInAgent, type UserRow, type WebTestApplication } from '../support/web';

const DEMO = '/api/admin/partners/demo';
const NORTH = `${DEMO}/tenants/north`;
const CONNECTION = `${NORTH}/ods-connections/2026`;
const connectionTo = (host: string) => ({ baseUrl: `https://${host}.example.org/api`, key: 'key', secret: 'secret' });
const staff = (tenant: string) => ({ role: 'staff', tenant });

let slipway: WebTestApplication;
let people: Administrators;
/** Whose roles are edited. */
let user: UserRow;
beforeAll(async () => {
  slipway = await startWebTestApplication();
  people = await signInAdministrators(slipway);
  user = await slipway.makeUser({ roles: [{ role: 'partner_admin', partner: 'demo' }] });
  await people.admin.request('put', CONNECTION, { body: connectionTo('first'), headers: { 'if-none-match': '*' } });
});
afterAll(() => slipway.close());

interface Edit {
  readonly method: Method;
  readonly path: string;
  /** Where what is edited is read. */
  readonly read: string;
  /** Each different from the others. */
  readonly bodies: readonly object[];
}

const names = ['A', 'B', 'C', 'D', 'E'].map((name) => ({ name }));
const roles = (...lists: object[][]): object[] => lists.map((list) => ({ roles: list }));
const admin = { role: 'partner_admin', partner: 'demo' };

/** Everything that replaces what a person saw. */
const EDITS: Readonly<Record<string, (uid: string) => Edit>> = {
  'a partner': () => ({ method: 'patch', path: DEMO, read: DEMO, bodies: names }),
  "a partner's bundles": () => ({
    method: 'put',
    path: `${DEMO}/bundles`,
    read: `${DEMO}/bundles`,
    bodies: [[], ['bundles/other'], ['bundles/scores'], ['bundles/other', 'bundles/scores']].map((bundles) => ({ bundles })),
  }),
  'a tenant': () => ({ method: 'patch', path: NORTH, read: NORTH, bodies: names }),
  "a tenant's school years": () => ({
    method: 'put',
    path: `${NORTH}/school-years`,
    read: NORTH,
    bodies: ['2021', '2022', '2023', '2024', '2025'].map((year) => ({ schoolYears: [year, '2026'] })),
  }),
  "a user's roles": (uid) => ({
    method: 'put',
    path: `/api/admin/users/${uid}/roles`,
    read: `/api/admin/users/${uid}`,
    bodies: roles([admin], [admin, { ...admin, partner: 'other' }], [admin, { role: 'staff', partner: 'other', tenant: 'east' }]),
  }),
  "a user's tenants at a partner": (uid) => ({
    method: 'put',
    path: `${DEMO}/users/${uid}/roles`,
    read: `${DEMO}/users/${uid}`,
    bodies: roles([staff('south')], [staff('north')], [staff('north'), staff('south')], []),
  }),
  'an ODS connection': () => ({
    method: 'put',
    path: CONNECTION,
    read: `${NORTH}/ods-connections`,
    bodies: ['a', 'b', 'c', 'd', 'e'].map(connectionTo),
  }),
};

const read = async ({ read: path }: Edit): Promise<Json> => {
  const { json } = await people.operator.request('get', path);
  return path.endsWith('/ods-connections') ? json.items[0] : json;
};
const send = ({ method, path }: Edit, body: object, headers: Record<string, string>, who: SignedInAgent = people.operator) =>
  who.request(method, path, { body, headers });

describe.each(Object.entries(EDITS))('of %s', (name, editOf) => {
  let edit: Edit;
  let first: object;
  let others: object[];
  beforeEach(async () => {
    edit = editOf(user.uid);
    [first, ...others] = edit.bodies as [object, ...object[]];
    expect((await send(edit, first, { 'if-match': '*' })).status).toBe(200);
  });
  const records = async (): Promise<number> => (await auditOf(people)).length;

  it('one of many edits of the same version is made, and no other', async () => {
    for (let round = 0; round < 3; round++) {
      const { etag } = await read(edit);
      const before = await records();
      const answers = await Promise.all(others.map((body) => send(edit, body, { 'if-match': etag })));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...others.slice(1).map(() => 412)]);
      const now = await read(edit);
      expect(now.etag).not.toBe(etag);
      expect(answers.find(({ status }) => status === 200)?.json.etag).toBe(now.etag);
      expect(await records()).toBe(before + 1);
      await send(edit, first, { 'if-match': now.etag });
      expect((await read(edit)).etag === etag).toBe(name !== 'an ODS connection');
    }
  });

  it('one that comes too late is told by whom, changes nothing, and is made with the tag of what is there now', async () => {
    const { etag } = await read(edit);
    const colleague = await slipway.signIn({ name: 'Colin Colleague', roles: [{ role: 'operator' }] });
    const [theirs, mine] = others as [object, object];
    expect((await send(edit, theirs, { 'if-match': etag }, colleague)).status).toBe(200);
    const now = await read(edit);
    const late = await send(edit, mine, { 'if-match': etag });
    expect([late.status, late.json.code]).toEqual([412, 'precondition_failed']);
    // What is changed of a user may be none of a partner's business, and neither is who does it.
    expect(late.json.detail.includes('Colin Colleague')).toBe(!edit.path.startsWith(`${DEMO}/users`));
    expect(await read(edit)).toEqual(now);
    expect((await send(edit, mine, { 'if-match': now.etag })).status).toBe(200);
  });

  it('one that has been made already succeeds again, whatever its version, and leaves no second record', async () => {
    const before = await records();
    const now = await read(edit);
    expect((await send(edit, first, { 'if-match': '"old"' })).json.etag).toBe(now.etag);
    expect(await records()).toBe(before);
  });

  it('one without a precondition, or with a malformed or another one, is refused', async () => {
    const now = await read(edit);
    const [body] = others as [object];
    const refusals: [Record<string, string>, number, string][] = [
      [{}, 428, 'precondition_required'],
      [{ 'if-match': 'no-quotes' }, 400, 'invalid_request'],
      [{ 'if-match': '"a" "b"' }, 400, 'invalid_request'],
      [{ 'if-match': Array.from({ length: 21 }, () => '"a"').join() }, 400, 'invalid_request'],
      [{ 'if-match': '"a", "b"' }, 412, 'precondition_failed'],
      // RFC 9110 §13.1.1: weak tags never match here.
      [{ 'if-match': `W/${now.etag}` }, 412, 'precondition_failed'],
    ];
    for (const [headers, status, code] of refusals) {
      const answer = await send(edit, body, headers);
      expect([headers, answer.status, answer.json.code]).toEqual([headers, status, code]);
    }
    expect(await read(edit)).toEqual(now);
    expect((await send(edit, body, { 'if-match': `"a", ${now.etag}` })).status).toBe(200);
  });
});

it('an ODS connection whose base URL somebody else has changed, or that is gone, needs to be read again and no credentials', async () => {
  await people.admin.request('put', CONNECTION, { body: connectionTo('seen') });
  const [{ etag, baseUrl }] = (await people.admin.request('get', `${NORTH}/ods-connections`)).json.items;
  const save = async () => {
    const { status, json } = await people.admin.request('put', CONNECTION, { body: { baseUrl }, headers: { 'if-match': etag } });
    return [status, json.code];
  };
  await people.operator.request('put', CONNECTION, { body: connectionTo('moved') });
  expect(await save()).toEqual([412, 'precondition_failed']);
  await people.operator.request('delete', CONNECTION);
  expect(await save()).toEqual([412, 'precondition_failed']);
  const headers = { 'if-none-match': '*' };
  await people.admin.request('put', CONNECTION, { body: connectionTo('first'), headers });
});

describe('a new ODS connection', () => {
  const path = `${DEMO}/tenants/south/ods-connections/2026`;
  const put = (headers: Record<string, string>, host = 'a') =>
    people.admin.request('put', path, { body: connectionTo(host), headers });
  beforeAll(() => people.admin.request('put', `${DEMO}/tenants/south/school-years`, { body: { schoolYears: ['2026'] } }));

  it('is made where there is none, and does not take the place of one that somebody else has made', async () => {
    expect((await put({ 'if-match': '*' })).status).toBe(412);
    const wrong: Record<string, string>[] = [{ 'if-none-match': '"a"' }, { 'if-none-match': '*', 'if-match': '*' }];
    for (const headers of wrong) expect((await put(headers)).json.code).toBe('invalid_request');
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((host) => put({ 'if-none-match': '*' }, host)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412]);
    expect(answers.find(({ status }) => status === 412)?.json.detail).toContain('Paula Partner');
  });
});

it("what is changed of a user at one partner is not seen from another one's tag", async () => {
  const east = { role: 'staff', partner: 'other', tenant: 'east' } as const;
  const both = await slipway.makeUser({ roles: [{ role: 'staff', partner: 'demo', tenant: 'north' }, east] });
  const atOther = `/api/admin/partners/other/users/${both.uid}`;
  const tag = async (): Promise<string> => (await people.stranger.request('get', atOther)).json.etag;
  const before = await tag();
  await people.admin.request('put', `${DEMO}/users/${both.uid}/roles`, { body: { roles: [staff('south')] } });
  expect(await tag()).toBe(before);
  const edit = { body: { roles: [] }, headers: { 'if-match': before } };
  expect((await people.stranger.request('put', `${atOther}/roles`, edit)).status).toBe(200);
});
