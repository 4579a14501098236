import type { AuditFilters, AuditRecord } from '../../../api/admin';

export const AUDIT_ACTIONS = [
  'partner.created',
  'partner.renamed',
  'partner.bundles_changed',
  'tenant.created',
  'tenant.renamed',
  'tenant.school_years_changed',
  'user.added',
  'user.state_changed',
  'user.roles_changed',
  'ods_connection.created',
  'ods_connection.changed',
  'ods_connection.deleted',
] as const satisfies readonly AuditRecord['action'][];

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What the address asks for. Days are the reader's own: from the first moment of `from` to the last of `until`. */
export function auditFilters(params: URLSearchParams): AuditFilters {
  const [partner, user, action] = ['partner', 'user', 'action'].map((name) => params.get(name) ?? undefined);
  const known = AUDIT_ACTIONS.find((candidate) => candidate === action);
  const [from, until] = [startOfDay(params.get('from'), 0), startOfDay(params.get('until'), 1)];
  return {
    ...(partner ? { partner } : {}),
    ...(user ? { user } : {}),
    ...(known ? { action: known } : {}),
    // The server leaves out the moment itself.
    ...(from ? { createdAfter: new Date(from.getTime() - 1).toISOString() } : {}),
    ...(until ? { createdBefore: until.toISOString() } : {}),
  };
}

/** The first moment of a day of the calendar, in the reader's zone. @param later in days */
function startOfDay(day: string | null, later: number): Date | null {
  if (day === null || !DAY.test(day)) return null;
  const start = new Date(`${day}T00:00:00`);
  start.setDate(start.getDate() + later);
  return Number.isNaN(start.getTime()) ? null : start;
}
