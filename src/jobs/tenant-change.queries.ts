import type { DataSource } from 'typeorm';
import type { JobStatus } from './job-status';
import { EFFECTIVE_STATUS } from './job.queries';

/** The SQL of what tells people that their tenant's jobs changed. */

/** null where there is no such tenant. */
export async function findTenantId(
  db: DataSource,
  { partner, tenant }: { partner: string; tenant: string },
): Promise<string | null> {
  const rows: { id: string }[] = await db.query(
    `SELECT tenant.id FROM tenant JOIN partner ON partner.id = tenant.partner_id WHERE partner.code = $1 AND tenant.code = $2`,
    [partner, tenant],
  );
  return rows[0]?.id ?? null;
}

export interface ChangedJob {
  readonly tenantId: string;
  readonly uid: string;
  readonly status: JobStatus;
  /** Of its history so far. */
  readonly lastEventId: string;
}

/** Of so many jobs those of the given tenants, as they are now. */
export function findChangedJobs(db: DataSource, jobIds: readonly string[], tenantIds: readonly string[]): Promise<ChangedJob[]> {
  return db.query(
    `SELECT job.tenant_id AS "tenantId", job.uid, ${EFFECTIVE_STATUS} AS status,
            (SELECT coalesce(max(id), 0) FROM job_event WHERE job_id = job.id) AS "lastEventId"
       FROM job WHERE job.id = ANY ($1) AND job.tenant_id = ANY ($2)`,
    [jobIds, tenantIds],
  );
}

export async function findLastEventId(db: DataSource): Promise<string> {
  const [row]: { id: string }[] = await db.query(`SELECT coalesce(max(id), 0) AS id FROM job_event`);
  return row?.id ?? '0';
}

/** All jobs' events after one of them, in the order of their ids. */
export function findEventsAfter(db: DataSource, eventId: string, limit: number): Promise<{ id: string; jobId: string }[]> {
  return db.query(`SELECT id, job_id AS "jobId" FROM job_event WHERE id > $1 ORDER BY id LIMIT $2`, [eventId, limit]);
}
