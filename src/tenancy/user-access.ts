import type { Role } from './entities/user-role.entity';
import type { FoundUser } from './user-access.queries';

/** A person who is signed in and admitted. */
export interface WebUser {
  /** Of the database, and for it alone. */
  readonly id: string;
  readonly uid: string;
  readonly name: string;
  readonly email: string | null;
  readonly operator: boolean;
}

/** What somebody has to be for a request, and for which partner and tenant, by their codes. */
export type AccessNeeded =
  | { readonly kind: 'admitted' }
  | { readonly kind: 'operator' }
  | { readonly kind: 'partner_admin'; readonly partner: string }
  | { readonly kind: 'tenant'; readonly partner: string; readonly tenant: string };

export type AccessResult =
  /** `role`: the highest by which they have it; null where none was needed. */
  | { readonly kind: 'allowed'; readonly user: WebUser; readonly role: Role | null }
  | { readonly kind: 'user_unknown' }
  | { readonly kind: 'not_admitted' }
  | { readonly kind: 'role_missing' }
  /** There is none, or none that this user may know of. */
  | { readonly kind: 'partner_not_found' }
  | { readonly kind: 'tenant_not_found' };

/** Decides about what was found of a user and of what they want to reach; null: there is no such user. */
export function judgeAccess(found: FoundUser | null, needed: AccessNeeded): AccessResult {
  if (!found) return { kind: 'user_unknown' };
  const { user, state, partner, tenant } = found;
  if (state !== 'admitted') return { kind: 'not_admitted' };
  const allowed = (role: Role | null): AccessResult => ({ kind: 'allowed', user, role });
  switch (needed.kind) {
    case 'admitted':
      return allowed(null);
    case 'operator':
      return user.operator ? allowed('operator') : { kind: 'role_missing' };
    case 'partner_admin':
      if (partner && user.operator) return allowed('operator');
      if (partner?.isAdmin) return allowed('partner_admin');
      // Its staff know that there is such a partner.
      return partner?.isStaff ? { kind: 'role_missing' } : { kind: 'partner_not_found' };
    case 'tenant':
      if (tenant && user.operator) return allowed('operator');
      if (tenant && partner?.isAdmin) return allowed('partner_admin');
      return tenant?.isStaff ? allowed('staff') : { kind: 'tenant_not_found' };
    default:
      return needed satisfies never;
  }
}
