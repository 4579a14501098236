import type { Json } from '../support/application';
import { auditOf, overwriting, signInAdministrators, type Administrators } from '../support/administrators';
import { startWebTestApplication, type WebTestApplication } from '../support/web';

let slipway: WebTestApplication;
let people: Administrators;
beforeAll(async () => {
  slipway = await startWebTestApplication();
  people = await signInAdministrators(slipway);
});
afterAll(() => slipway.close());

const auditCount = async (): Promise<number> =>
  (await slipway.db.query('SELECT count(*)::int AS count FROM audit_record'))[0].count;
const staffOf = (tenant: string, partner = 'demo') => ({ role: 'staff', partner, tenant });
const rolesOf = (user: Json): string[] =>
  user.roles.map(({ role, partner, tenant }: Json) => [role, partner?.code, tenant?.code].filter(Boolean).join(' '));

describe('an operator', () => {
  it('admits somebody who waits, gives a role, and each works at once', async () => {
    const newcomer = await slipway.signIn({ name: 'New Comer', state: 'waiting' });
    const partners = async () => (await newcomer.request('get', '/api/admin/partners')).json.code ?? 'ok';
    expect(await partners()).toBe('not_admitted');
    const waiting = (await people.operator.request('get', '/api/admin/users?state=waiting')).json.items;
    expect(waiting).toEqual([expect.objectContaining({ uid: newcomer.user.uid, name: 'New Comer', roles: [] })]);

    const setState = (state: string) =>
      people.operator.request('patch', `/api/admin/users/${newcomer.user.uid}`, { body: { state } });
    expect((await setState('admitted')).json.state).toBe('admitted');
    expect(await partners()).toBe('role_missing');
    const roles = [{ role: 'partner_admin', partner: 'demo' }, staffOf('east', 'other')];
    const given = await people.operator.request('put', `/api/admin/users/${newcomer.user.uid}/roles`, { body: { roles } });
    expect(rolesOf(given.json)).toEqual(['partner_admin demo', 'staff other east']);
    expect(await partners()).toBe('ok');
    expect((await setState('disabled')).json.state).toBe('disabled');
    expect(await partners()).toBe('not_admitted');

    const records = (await auditOf(people)).slice(0, 3);
    expect(records.map(({ action, subject, before, after }) => [action, subject.user.name, before, after])).toEqual([
      ['user.state_changed', 'New Comer', { state: 'admitted' }, { state: 'disabled' }],
      ['user.roles_changed', 'New Comer', { roles: [] }, { roles: ['partner_admin demo', 'staff other/east'] }],
      ['user.state_changed', 'New Comer', { state: 'waiting' }, { state: 'admitted' }],
    ]);
    const before = await auditCount();
    await setState('disabled');
    await people.operator.request('put', `/api/admin/users/${newcomer.user.uid}/roles`, { body: { roles } });
    expect(await auditCount()).toBe(before);
  });

  it('admits somebody in advance, by what their issuer calls them', async () => {
    const body = { issuer: 'test', subject: 'advance', name: 'Ad Vance', email: 'ad@example.org', roles: [staffOf('north')] };
    const add = (changes = {}) => people.operator.request('post', '/api/admin/users', { body: { ...body, ...changes } });
    const answers = await Promise.all([add(), add(), add()]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(answers.map(({ json }) => json.uid)).size).toBe(1);
    expect(answers[0]?.json).toMatchObject({
      issuer: 'https://login.test',
      subject: 'advance',
      state: 'admitted',
      lastSignInAt: null,
    });
    const added = (await auditOf(people, '&action=user.added')).filter(({ subject }) => subject.user.name === 'Ad Vance');
    expect(added).toEqual([
      expect.objectContaining({ before: null, after: expect.objectContaining({ roles: ['staff demo/north'] }) }),
    ]);

    const again = await add({ roles: [staffOf('south')], name: 'Somebody Else' });
    expect([again.json.name, rolesOf(again.json)]).toEqual(['Ad Vance', ['staff demo north', 'staff demo south']]);
    await people.operator.request('patch', `/api/admin/users/${again.json.uid}`, { body: { state: 'disabled' } });
    expect((await add()).json.code).toBe('user_disabled');
    expect((await add({ issuer: 'elsewhere' })).json).toMatchObject({
      code: 'invalid_request',
      errors: [{ pointer: '/issuer' }],
    });
  });

  it.each<[unknown, string, string]>([
    ['operator', '/roles', 'invalid_request'],
    [[null], '/roles/0', 'invalid_request'],
    [[{ role: 'king' }], '/roles/0/role', 'invalid_request'],
    [[{ role: 'operator', partner: 'demo' }], '/roles/0', 'invalid_request'],
    [[{ role: 'partner_admin' }], '/roles/0/partner', 'invalid_request'],
    [[{ role: 'partner_admin', partner: 'demo', tenant: 'north' }], '/roles/0', 'invalid_request'],
    [[{ role: 'staff', partner: 'demo', tenant: 5 }], '/roles/0/tenant', 'invalid_request'],
    [[{ role: 'operator' }, { role: 'operator', partner: null }], '/roles/1', 'invalid_request'],
    [[{ role: 'operator', constructor: 1 }], '/roles/0', 'invalid_request'],
    [[{ role: 'operator' }, { role: 'partner_admin', partner: 'none' }], '/roles/1/partner', 'partner_not_found'],
    [[{ role: 'staff', partner: 'demo', tenant: 'east' }], '/roles/0/tenant', 'tenant_not_found'],
  ])('cannot give %j', async (roles, pointer, code) => {
    const before = await auditCount();
    const { uid } = people.staff.user;
    const answer = await people.operator.request('put', `/api/admin/users/${uid}/roles`, { body: { roles } });
    expect([answer.status, answer.json.code, answer.json.errors[0].pointer]).toEqual([400, code, pointer]);
    expect(await auditCount()).toBe(before);
  });

  it('looks for users by name, address or subject, and goes through them page by page', async () => {
    const found = async (query: string) => (await people.operator.request('get', `/api/admin/users?${query}`)).json;
    expect((await found('search=OTTO')).items.map(({ name }: Json) => name)).toEqual(['Otto Other']);
    expect((await found(`search=${people.staff.user.subject}`)).items.map(({ name }: Json) => name)).toEqual(['Stan Staff']);
    const all = (await found('limit=200')).items.map(({ uid }: Json) => uid);
    const paged: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Json = await found(`limit=2${cursor && `&cursor=${cursor}`}`);
      paged.push(...page.items.map(({ uid }: Json) => uid));
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(all);
  });

  it('is told of users that there are not', async () => {
    for (const uid of ['019ab6d0-31aa-7f0e-8c11-2a3b4c5d6e70', 'no-uid']) {
      const answer = await people.operator.request('patch', `/api/admin/users/${uid}`, { body: { state: 'disabled' } });
      expect([answer.status, answer.json.code]).toEqual([404, 'user_not_found']);
    }
  });

  it('cannot take away the last operator, also not two at once each other', async () => {
    const others = await Promise.all(
      [1, 2, 3].map(async () => overwriting(await slipway.signIn({ roles: [{ role: 'operator' }] }))),
    );
    const all = [people.operator, ...others];
    const end = (index: number) => {
      const { uid } = all[index]!.user;
      // Each by the next one; by role, or by state.
      const by = all[(index + 1) % all.length]!;
      return index % 2 === 0
        ? by.request('put', `/api/admin/users/${uid}/roles`, { body: { roles: [] } })
        : by.request('patch', `/api/admin/users/${uid}`, { body: { state: 'disabled' } });
    };
    await Promise.all([0, 1, 2, 3].map(end));
    const [{ operators }] = await slipway.db.query(
      `SELECT count(*)::int AS operators FROM user_role r JOIN app_user u ON u.id = r.user_id WHERE role = 'operator' AND state = 'admitted'`,
    );
    expect(operators).toBeGreaterThanOrEqual(1);

    await slipway.db.query(`UPDATE app_user SET state = 'admitted' WHERE id = ANY ($1)`, [all.map(({ user }) => user.id)]);
    await slipway.db.query(`DELETE FROM user_role WHERE role = 'operator'`);
    await slipway.db.query(`INSERT INTO user_role (user_id, role) VALUES ($1, 'operator')`, [people.operator.user.id]);
    const { uid } = people.operator.user;
    for (const [method, path, body] of [
      ['put', `/api/admin/users/${uid}/roles`, { roles: [staffOf('north')] }],
      ['patch', `/api/admin/users/${uid}`, { state: 'disabled' }],
    ] as const) {
      const answer = await people.operator.request(method, path, { body });
      expect([answer.status, answer.json.code]).toEqual([409, 'last_operator']);
    }
    // One who cannot sign in does not count.
    await slipway.makeUser({ state: 'waiting', roles: [{ role: 'operator' }] });
    expect((await people.operator.request('patch', `/api/admin/users/${uid}`, { body: { state: 'disabled' } })).status).toBe(409);
  });
});

describe("a partner's administrator", () => {
  const users = '/api/admin/partners/demo/users';

  it('sees those who have a role at the partner, with those roles alone', async () => {
    const both = await slipway.makeUser({ name: 'Bo Both', roles: [staffOf('north'), staffOf('east', 'other')] as never });
    const { items } = (await people.admin.request('get', users)).json;
    expect(rolesOf(items.find(({ uid }: Json) => uid === both.uid))).toEqual(['staff demo north']);
    const names = items.map(({ name }: Json) => name);
    expect(names).toEqual(expect.arrayContaining(['Paula Partner', 'Stan Staff']));
    expect(names).not.toContain('Otto Other');
    expect(names).not.toContain('Olga Operator');
  });

  it('admits staff, and sets their tenants; roles of others and above stay', async () => {
    const body = { issuer: 'test', subject: 'crew', name: 'Crew', roles: [{ role: 'staff', tenant: 'north' }] };
    const added = (await people.admin.request('post', users, { body })).json;
    expect([added.state, rolesOf(added)]).toEqual(['admitted', ['staff demo north']]);
    const everything = [{ role: 'partner_admin', partner: 'demo' }, staffOf('north'), staffOf('east', 'other')];
    await people.operator.request('put', `/api/admin/users/${added.uid}/roles`, { body: { roles: everything } });

    const set = (roles: unknown) => people.admin.request('put', `${users}/${added.uid}/roles`, { body: { roles } });
    expect(rolesOf((await set([{ role: 'staff', tenant: 'south' }])).json)).toEqual(['partner_admin demo', 'staff demo south']);
    const [record] = await auditOf(people);
    expect(record).toMatchObject({
      user: { name: 'Paula Partner' },
      action: 'user.roles_changed',
      subject: { partner: 'demo', user: { name: 'Crew' } },
      after: { roles: ['partner_admin demo', 'staff demo/south'] },
    });
    await set([]);
    const seen = (await people.operator.request('get', '/api/admin/users?search=crew')).json.items[0];
    expect(rolesOf(seen)).toEqual(['partner_admin demo', 'staff other east']);
  });

  it.each([
    [[{ role: 'operator' }], 'invalid_request'],
    [[{ role: 'partner_admin', partner: 'demo' }], 'invalid_request'],
    [[{ role: 'staff', partner: 'other', tenant: 'east' }], 'invalid_request'],
    [[{ role: 'staff', tenant: 'east' }], 'tenant_not_found'],
  ])('cannot give %j', async (roles, code) => {
    const before = await auditCount();
    const set = await people.admin.request('put', `${users}/${people.staff.user.uid}/roles`, { body: { roles } });
    const body = { issuer: 'test', subject: 'crew', name: 'Crew', roles };
    const add = await people.admin.request('post', users, { body });
    expect([set.status, set.json.code, add.status, add.json.code]).toEqual([400, code, 400, code]);
    expect(await auditCount()).toBe(before);
  });

  it('does not reach users of others, nor bring back one who was disabled', async () => {
    const roles = [{ role: 'staff', tenant: 'north' }];
    const foreign = await people.admin.request('put', `${users}/${people.stranger.user.uid}/roles`, { body: { roles } });
    expect([foreign.status, foreign.json.code]).toEqual([404, 'user_not_found']);
    const gone = await slipway.makeUser({ state: 'disabled' });
    const body = { issuer: 'test', subject: gone.subject, name: 'Back', roles };
    expect((await people.admin.request('post', users, { body })).json.code).toBe('user_disabled');
  });
});
