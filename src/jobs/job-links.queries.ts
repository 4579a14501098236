import type { DataSource } from 'typeorm';
import type { JobAccess } from './commands';
import { accessValues, IS_ACCESSIBLE } from './job.queries';
import type { Downloadable } from './sign-downloads';

/** The SQL of links to a job's files. */

export interface StoredInputs {
  readonly isStarted: boolean;
  readonly removedAt: Date | null;
  readonly files: readonly Downloadable[];
}

/** A job's inputs as they were pinned at its start; null where there is no such job for this caller. */
export async function findStoredInputs(db: DataSource, uid: string, access: JobAccess): Promise<StoredInputs | null> {
  const rows: StoredInputs[] = await db.query(
    `SELECT job.started_at IS NOT NULL AS "isStarted", job.inputs_removed_at AS "removedAt",
            (SELECT coalesce(json_agg(json_build_object('label', f.env_var, 'name', f.name, 'key', f.object_key, 'versionId', f.version_id)
                      ORDER BY f.id), '[]')
               FROM job_file f WHERE f.job_id = job.id) AS files
       FROM job JOIN partner ON partner.id = job.partner_id JOIN tenant ON tenant.id = job.tenant_id
      WHERE job.uid = $1 AND ${IS_ACCESSIBLE}`,
    [uid, ...accessValues(access)],
  );
  return rows[0] ?? null;
}

export interface StoredOutputsOfJob {
  /** RFC 3339, as JSON from Postgres has it. */
  readonly removedAt: string | null;
  readonly files: readonly Downloadable[];
}

/** A job's newest output set; `outputs` is null where it has none, the whole where there is no such job for this caller. */
export async function findStoredOutputsOfJob(
  db: DataSource,
  uid: string,
  access: JobAccess,
): Promise<{ readonly outputs: StoredOutputsOfJob | null } | null> {
  const rows: { outputs: StoredOutputsOfJob | null }[] = await db.query(
    `SELECT (SELECT json_build_object('removedAt', s.removed_at, 'files',
                      (SELECT coalesce(json_agg(json_build_object('label', f.name, 'name', f.name, 'key', f.object_key, 'versionId', f.version_id)
                                ORDER BY f.name), '[]')
                         FROM output_file f WHERE f.output_set_id = s.id))
               FROM output_set s WHERE s.job_id = job.id ORDER BY s.id DESC LIMIT 1) AS outputs
       FROM job JOIN partner ON partner.id = job.partner_id JOIN tenant ON tenant.id = job.tenant_id
      WHERE job.uid = $1 AND ${IS_ACCESSIBLE}`,
    [uid, ...accessValues(access)],
  );
  return rows[0] ?? null;
}
