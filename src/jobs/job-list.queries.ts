import type { DataSource } from 'typeorm';
import type { JobAccess } from './commands';
import { EFFECTIVE_END, EFFECTIVE_STATUS } from './job.queries';
import type { JobStatus } from './job-status';
import type { JobSummary } from './job-view';

/** The SQL of lists of jobs. */

export interface JobFilter {
  /** A code; the same may be several partners' tenants. */
  readonly tenant?: string;
  readonly bundle?: string;
  readonly schoolYear?: string;
  /** As the jobs read, so with `expired` also those that no sweep has been to. */
  readonly status?: JobStatus;
  /** Exclusive. */
  readonly createdAfter?: Date;
  /** Exclusive. */
  readonly createdBefore?: Date;
  /** The client that made them. */
  readonly client?: { readonly issuer: string; readonly clientId: string };
}

/** Where a page of the list ends: its last job. */
export interface JobPosition {
  readonly createdAt: Date;
  readonly id: string;
}

/**
 * The jobs before a position (null: from the newest), newest first: by the time of their making, and of one millisecond by id.
 *
 * Each partner's newest are found by a walk along an index (see the migration that makes them) that ends after `limit` jobs, and
 * so is each stored status's that makes up the one asked for; only those few are then sorted. One walk over several partners
 * would have no order to go by.
 */
export async function findJobs(
  db: DataSource,
  access: JobAccess,
  filter: JobFilter,
  before: JobPosition | null,
  limit: number,
): Promise<(JobSummary & { id: string })[]> {
  const values: unknown[] = [access.partners, limit];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const where = (sql: string, value: unknown): string => (value === undefined ? '' : ` AND ${sql} ${bind(value)}`);

  const tenants = [access.tenant, filter.tenant].filter((code) => code !== undefined);
  const tenantScope =
    tenants.length === 0
      ? ''
      : `JOIN tenant wanted ON wanted.partner_id = partner.id${tenants.map((code) => ` AND wanted.code = ${bind(code)}`).join('')}`;
  const statusScope =
    filter.status === undefined
      ? ''
      : `CROSS JOIN unnest(${bind(STORED_AS[filter.status] ?? [filter.status])}::text[]) AS stored (status)`;
  const conditions = [
    tenants.length === 0 ? 'job.partner_id = partner.id' : 'job.tenant_id = wanted.id',
    filter.status === undefined ? '' : ` AND job.status = stored.status AND ${EFFECTIVE_STATUS} = ${bind(filter.status)}`,
    where('job.bundle_path =', filter.bundle),
    where('job.school_year =', filter.schoolYear === undefined ? undefined : Number(filter.schoolYear)),
    where('job.client_issuer =', filter.client?.issuer),
    where('job.client_id =', filter.client?.clientId),
    where('job.created_at >', filter.createdAfter),
    where('job.created_at <', filter.createdBefore),
    before === null ? '' : ` AND (job.created_at, job.id) < (${bind(before.createdAt)}, ${bind(before.id)})`,
  ].join('');
  return db.query(
    `SELECT job.id, job.uid, ${EFFECTIVE_STATUS} AS status,
            CASE WHEN job.created_by_user_id IS NULL THEN 'api' ELSE 'web' END AS origin,
            partner.code AS partner, tenant.code AS tenant, job.bundle_path AS bundle, job.bundle_version AS "bundleVersion",
            to_char(job.school_year, 'FM0000') AS "schoolYear", job.created_at AS "createdAt", job.started_at AS "startedAt",
            ${EFFECTIVE_END} AS "finishedAt", job.expires_at AS "expiresAt", job.error
       FROM partner ${tenantScope} ${statusScope}
      CROSS JOIN LATERAL (SELECT * FROM job WHERE ${conditions} ORDER BY job.created_at DESC, job.id DESC LIMIT $2) AS job
       JOIN tenant ON tenant.id = job.tenant_id
      WHERE partner.code = ANY ($1)
      ORDER BY job.created_at DESC, job.id DESC LIMIT $2`,
    values,
  );
}

/** What a status may be stored as, where that is not only itself. */
const STORED_AS: Partial<Record<JobStatus, readonly JobStatus[]>> = { expired: ['created', 'expired'] };
