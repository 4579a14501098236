import type { DataSource } from 'typeorm';
import type { JobAccess } from './commands';
import { accessValues, IS_ACCESSIBLE } from './job.queries';

/** The SQL of output sets. Every statement names the partner. */

export interface OutputSetView {
  readonly uid: string;
  readonly jobUid: string;
  readonly partner: string;
  readonly tenant: string;
  readonly schoolYear: string;
  readonly bundle: string;
  readonly bundleVersion: string;
  readonly files: readonly { readonly name: string; readonly size: number; readonly records: number }[];
  /** Since when its files are no longer available; null while they are. */
  readonly removedAt: Date | null;
  readonly sentToOds: boolean;
  readonly createdAt: Date;
}

export interface OutputSetFilter {
  readonly partner: string;
  readonly tenant?: string;
  readonly schoolYear?: string;
  readonly bundle?: string;
  readonly jobUid?: string;
  readonly sentToOds?: boolean;
  /** Exclusive. */
  readonly createdAfter?: Date;
}

/**
 * The sets after a position, oldest first. Within a partner ids become visible in their order (the end of a run takes a lock
 * for it), so a reader that goes on after the last id that it saw misses none.
 */
export async function findOutputSets(
  db: DataSource,
  filter: OutputSetFilter,
  afterId: string,
  limit: number,
): Promise<(OutputSetView & { id: string })[]> {
  const values: unknown[] = [filter.partner, afterId, limit];
  const where = (sql: string, value: unknown): string =>
    value === undefined ? '' : ` AND ${sql.replace('?', `$${values.push(value)}`)}`;
  const conditions = [
    where('tenant.code = ?', filter.tenant),
    where('s.school_year = ?', filter.schoolYear === undefined ? undefined : Number(filter.schoolYear)),
    where('s.bundle_path = ?', filter.bundle),
    where('job.uid = ?', filter.jobUid),
    where('s.sent_to_ods = ?', filter.sentToOds),
    where('s.created_at > ?', filter.createdAfter),
  ].join('');
  return db.query(
    `SELECT s.id, s.uid, job.uid AS "jobUid", partner.code AS partner, tenant.code AS tenant,
            to_char(s.school_year, 'FM0000') AS "schoolYear", s.bundle_path AS bundle, s.bundle_version AS "bundleVersion",
            s.sent_to_ods AS "sentToOds", s.created_at AS "createdAt", s.removed_at AS "removedAt",
            (SELECT coalesce(json_agg(json_build_object('name', f.name, 'size', f.size, 'records', f.records) ORDER BY f.name), '[]')
               FROM output_file f WHERE f.output_set_id = s.id) AS files
       FROM output_set s
       JOIN job ON job.id = s.job_id
       JOIN partner ON partner.id = s.partner_id
       JOIN tenant ON tenant.id = s.tenant_id
      WHERE partner.code = $1 AND s.id > $2${conditions}
      ORDER BY s.id LIMIT $3`,
    values,
  );
}

export interface StoredOutput {
  readonly name: string;
  readonly key: string;
  readonly versionId: string | null;
}

/** The stored files of one set; null where there is none for this caller. */
export async function findStoredOutputs(
  db: DataSource,
  uid: string,
  access: JobAccess,
): Promise<{ readonly removedAt: Date | null; readonly files: readonly StoredOutput[] } | null> {
  const rows: { removedAt: Date | null; files: StoredOutput[] }[] = await db.query(
    `SELECT s.removed_at AS "removedAt",
            (SELECT coalesce(json_agg(json_build_object('name', f.name, 'key', f.object_key, 'versionId', f.version_id) ORDER BY f.name), '[]')
               FROM output_file f WHERE f.output_set_id = s.id) AS files
       FROM output_set s
       JOIN partner ON partner.id = s.partner_id
       JOIN tenant ON tenant.id = s.tenant_id
      WHERE s.uid = $1 AND ${IS_ACCESSIBLE}`,
    [uid, ...accessValues(access)],
  );
  return rows[0] ?? null;
}
