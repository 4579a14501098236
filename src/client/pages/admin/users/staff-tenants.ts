import type { RoleGrant } from '../../../api/admin';

/** The codes of the tenants of which somebody is staff; for roles of one partner. */
export const staffTenants = (roles: readonly RoleGrant[]): string[] =>
  roles.flatMap(({ role, tenant }) => (role === 'staff' && tenant ? [tenant.code] : []));
