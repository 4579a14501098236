import type { DataSource, EntityManager } from 'typeorm';
import type { AuditAction, AuditEntry, AuditState } from './audit';

/** The SQL of reading the audit records. */

export interface AuditView {
  readonly uid: string;
  readonly at: Date;
  readonly user: { readonly uid: string; readonly name: string };
  readonly action: AuditAction;
  /** What it is about, as far as it is about one. */
  readonly partner: string | null;
  readonly tenant: string | null;
  readonly endYear: number | null;
  readonly subjectUser: { readonly uid: string; readonly name: string } | null;
  readonly before: AuditState | null;
  readonly after: AuditState | null;
}

export interface AuditFilter {
  /** A code. */
  readonly partner?: string;
  /** Who did it: a uid. */
  readonly user?: string;
  readonly action?: AuditAction;
  /** Exclusive. */
  readonly createdAfter?: Date;
  /** Exclusive. */
  readonly createdBefore?: Date;
}

export interface AuditPosition {
  readonly at: Date;
  readonly id: string;
}

/** The records before a position (null: from the newest), newest first. */
export async function findAuditRecords(
  db: DataSource,
  { partner, user, action, createdAfter, createdBefore }: AuditFilter,
  before: AuditPosition | null,
  limit: number,
): Promise<(AuditView & { id: string })[]> {
  const values: unknown[] = [limit];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const where = (sql: (parameter: string) => string, value: unknown): string[] => (value === undefined ? [] : [sql(bind(value))]);
  const conditions = [
    ...where((code) => `a.partner_id = (SELECT id FROM partner WHERE code = ${code})`, partner),
    ...where((uid) => `a.user_id = (SELECT id FROM app_user WHERE uid = ${uid})`, user),
    ...where((name) => `a.action = ${name}`, action),
    ...where((time) => `a.at > ${time}`, createdAfter),
    ...where((time) => `a.at < ${time}`, createdBefore),
    ...(before === null ? [] : [`(a.at, a.id) < (${bind(before.at)}, ${bind(before.id)})`]),
  ];
  return db.query(
    `SELECT a.id, a.uid, a.at, json_build_object('uid', u.uid, 'name', u.name) AS "user", a.action, p.code AS partner,
            t.code AS tenant, a.end_year AS "endYear",
            CASE WHEN s.id IS NOT NULL THEN json_build_object('uid', s.uid, 'name', s.name) END AS "subjectUser",
            a.before, a.after
       FROM (SELECT * FROM audit_record a ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
              ORDER BY a.at DESC, a.id DESC LIMIT $1) a
       JOIN app_user u ON u.id = a.user_id
       LEFT JOIN partner p ON p.id = a.partner_id
       LEFT JOIN tenant t ON t.id = a.tenant_id
       LEFT JOIN app_user s ON s.id = a.subject_user_id
      ORDER BY a.at DESC, a.id DESC`,
    values,
  );
}

/** The name of who made the newest of such changes that is on record; null where none is. */
export async function findLastEditor(
  tx: EntityManager,
  actions: readonly AuditAction[],
  { partnerId, tenantId, endYear, subjectUserId }: Pick<AuditEntry, 'partnerId' | 'tenantId' | 'endYear' | 'subjectUserId'>,
): Promise<string | null> {
  const rows: { name: string }[] = await tx.query(
    `SELECT u.name FROM audit_record a JOIN app_user u ON u.id = a.user_id
      WHERE a.action = ANY ($1) AND ${subjectUserId === undefined ? 'a.partner_id = $2' : 'a.subject_user_id = $2'}
        AND a.tenant_id IS NOT DISTINCT FROM $3::bigint AND a.end_year IS NOT DISTINCT FROM $4::smallint
      ORDER BY a.at DESC, a.id DESC LIMIT 1`,
    [actions, subjectUserId ?? partnerId, tenantId ?? null, endYear ?? null],
  );
  return rows[0]?.name ?? null;
}
