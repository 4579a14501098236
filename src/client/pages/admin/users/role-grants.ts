import type { Role, RoleGrant } from '../../../api/admin';

/** From the widest: everything, one partner with all its tenants, one tenant. */
export const ROLES: readonly Role[] = ['operator', 'partner_admin', 'staff'];

/** Codes hold no blank, so two grants have one key only if they are the same. */
export const grantKey = ({ role, partner, tenant }: RoleGrant): string =>
  [role, partner?.code ?? '', tenant?.code ?? ''].join(' ');

/** Widest first, then by codes: the order in which they are shown and sent. */
const byWidth = (a: RoleGrant, b: RoleGrant): number =>
  ROLES.indexOf(a.role) - ROLES.indexOf(b.role) || (grantKey(a) < grantKey(b) ? -1 : 1);

/** The grants with one more. A user never has the same one twice. */
export function addGrant(grants: readonly RoleGrant[], grant: RoleGrant): RoleGrant[] {
  return [...removeGrant(grants, grant), grant].sort(byWidth);
}

export function removeGrant(grants: readonly RoleGrant[], grant: RoleGrant): RoleGrant[] {
  return grants.filter((other) => grantKey(other) !== grantKey(grant));
}

/** The grant that already allows all that this one does, so that the reader sees that taking this one away changes nothing. */
export function widerGrant(grants: readonly RoleGrant[], grant: RoleGrant): RoleGrant | null {
  const isWider = ({ role, partner }: RoleGrant): boolean =>
    (role === 'operator' && grant.role !== 'operator') ||
    (role === 'partner_admin' && grant.role === 'staff' && partner?.code === grant.partner?.code);
  return [...grants].sort(byWidth).find(isWider) ?? null;
}

/** How many roles saving `after` in place of `before` would give and take away. */
export function countChanges(before: readonly RoleGrant[], after: readonly RoleGrant[]): number {
  const [had, has] = [before, after].map((grants) => new Set(grants.map(grantKey)));
  return after.filter((grant) => !had?.has(grantKey(grant))).length + before.filter((grant) => !has?.has(grantKey(grant))).length;
}

/** What is still to be chosen before the grant names what its role is for. */
export function missingPart({ role, partner, tenant }: RoleGrant): 'partner' | 'tenant' | null {
  if (role === 'operator') return null;
  if (partner === null) return 'partner';
  return role === 'staff' && tenant === null ? 'tenant' : null;
}
