import type { Role } from './entities/user-role.entity';
import type { ResolvedRole, RoleView } from './users.queries';

/** A role that somebody is to have, by the codes of what it is about: a partner_admin of a partner, staff of a tenant. */
export interface WantedRole {
  readonly role: Role;
  /** null for an operator. */
  readonly partner: string | null;
  /** null but for staff. */
  readonly tenant: string | null;
}

/** A role that is about something that is not there. */
export interface RoleFault {
  /** Which of the roles. */
  readonly index: number;
  readonly code: 'partner_not_found' | 'tenant_not_found';
}

/** @param found in the order of the roles. */
export function findRoleFaults(wanted: readonly WantedRole[], found: readonly ResolvedRole[]): RoleFault[] {
  return wanted.flatMap(({ partner, tenant }, index): RoleFault[] => {
    const { partnerId = null, tenantId = null } = found[index] ?? {};
    if (partner !== null && partnerId === null) return [{ index, code: 'partner_not_found' }];
    return tenant !== null && tenantId === null ? [{ index, code: 'tenant_not_found' }] : [];
  });
}

/** Roles as an audit record has them: `operator`, `partner_admin demo`, `staff demo/north`. */
export const describeRoles = (roles: readonly RoleView[]): string[] =>
  roles.map(({ role, partner, tenant }) =>
    [role, ...(partner ? [tenant ? `${partner.code}/${tenant.code}` : partner.code] : [])].join(' '),
  );
