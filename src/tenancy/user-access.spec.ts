import { judgeAccess, type AccessNeeded } from './user-access';
import type { FoundUser } from './user-access.queries';

const found = (changes: Partial<FoundUser> & { operator?: boolean } = {}): FoundUser => {
  const { operator = false, ...rest } = changes;
  return {
    user: { id: '1', uid: 'u', name: 'Ada', email: null, operator },
    state: 'admitted',
    partner: null,
    tenant: null,
    ...rest,
  };
};
const NONE = { isAdmin: false, isStaff: false };
const ADMIN: AccessNeeded = { kind: 'partner_admin', partner: 'demo' };
const TENANT: AccessNeeded = { kind: 'tenant', partner: 'demo', tenant: 'north' };

it.each<[string, FoundUser | null, AccessNeeded, string]>([
  ['a user that there is no more', null, { kind: 'admitted' }, 'user_unknown'],
  ['a waiting user', found({ state: 'waiting', operator: true }), { kind: 'operator' }, 'not_admitted'],
  ['a disabled user', found({ state: 'disabled', tenant: { isStaff: true } }), TENANT, 'not_admitted'],
  ['somebody who is no operator', found(), { kind: 'operator' }, 'role_missing'],
  ['an operator at a partner that there is not', found({ operator: true }), ADMIN, 'partner_not_found'],
  ['a stranger at a partner', found({ partner: NONE }), ADMIN, 'partner_not_found'],
  ["a partner's staff at its administration", found({ partner: { ...NONE, isStaff: true } }), ADMIN, 'role_missing'],
  ['an operator at a tenant that there is not', found({ operator: true, partner: NONE }), TENANT, 'tenant_not_found'],
  ['a stranger at a tenant', found({ partner: NONE, tenant: { isStaff: false } }), TENANT, 'tenant_not_found'],
  [
    "another tenant's staff",
    found({ partner: { ...NONE, isStaff: true }, tenant: { isStaff: false } }),
    TENANT,
    'tenant_not_found',
  ],
  [
    "a partner's administrator at a tenant that it has not",
    found({ partner: { ...NONE, isAdmin: true } }),
    TENANT,
    'tenant_not_found',
  ],
])('refuses %s', (_, user, needed, kind) => {
  expect(judgeAccess(user, needed)).toEqual({ kind });
});

it.each<[string, FoundUser, AccessNeeded, string | null]>([
  ['anybody who is admitted', found(), { kind: 'admitted' }, null],
  ['an operator', found({ operator: true }), { kind: 'operator' }, 'operator'],
  ['an operator at any partner', found({ operator: true, partner: NONE }), ADMIN, 'operator'],
  ["a partner's administrator", found({ partner: { ...NONE, isAdmin: true } }), ADMIN, 'partner_admin'],
  ['an operator at any tenant', found({ operator: true, partner: NONE, tenant: { isStaff: false } }), TENANT, 'operator'],
  [
    "a partner's administrator at its tenants",
    found({ partner: { ...NONE, isAdmin: true }, tenant: { isStaff: true } }),
    TENANT,
    'partner_admin',
  ],
  ["a tenant's staff", found({ partner: { ...NONE, isStaff: true }, tenant: { isStaff: true } }), TENANT, 'staff'],
])('lets %s pass', (_, user, needed, role) => {
  expect(judgeAccess(user, needed)).toEqual({ kind: 'allowed', user: user.user, role });
});
