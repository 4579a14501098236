import type { Role, User } from '../../../api/admin';
import { texts } from '../../../texts';

/**
 * A value of an audit record for reading, from which what is stored can still be told. Values of fields that the page knows are
 * said as elsewhere on the page.
 *
 * @param field as the record names it
 */
export function valueText(field: string, value: unknown): string {
  if (typeof value !== 'string') return plainText(value);
  if (field === 'schoolYears') return texts.admin.audit.schoolYear(value);
  if (field === 'roles') return storedRoleText(value);
  if (field === 'state') return texts.admin.users.states[value as User['state']] ?? value;
  return value;
}

/** `role`, `role partner` or `role partner/tenant`, of codes, which have no blank and no slash. */
function storedRoleText(stored: string): string {
  const [role = '', subject] = stored.split(' ');
  const name = texts.admin.roles.names[role as Role] ?? role;
  return subject === undefined ? name : texts.admin.roles.of(name, subject.replace('/', ' › '));
}

/** An object in one line: `jobs: 3, on: Yes`. */
function plainText(value: unknown): string {
  if (Array.isArray(value)) return value.map(plainText).join(', ');
  if (typeof value === 'boolean') return value ? texts.common.yes : texts.common.no;
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .filter(([, child]) => child !== null && child !== undefined)
    .map(([key, child]) => `${key}: ${plainText(child)}`)
    .join(', ');
}
