import type { RoleGrant } from '../../../api/admin';
import { texts } from '../../../texts';

/** A role in words, with what it is for. */
export function roleText({ role, partner, tenant }: RoleGrant): string {
  const of = [partner?.name, tenant?.name].filter((name) => name !== undefined).join(' › ');
  const name = texts.admin.roles.names[role];
  return of === '' ? name : texts.admin.roles.of(name, of);
}
