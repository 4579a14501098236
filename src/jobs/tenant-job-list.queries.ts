import type { DataSource } from 'typeorm';
import { dateOf, EFFECTIVE_END, EFFECTIVE_STATUS, type Serialized } from './job.queries';
import type { JobStatus } from './job-status';
import type { TenantJobSummary } from './tenant-job-view';

/** The SQL of the list of one tenant's jobs, as people look for them. */

export const TENANT_JOB_SORTS = ['-createdAt', 'createdAt', '-finishedAt', 'finishedAt'] as const;
export type TenantJobSort = (typeof TENANT_JOB_SORTS)[number];

export interface TenantJobFilter {
  /** As the jobs read; empty: all. */
  readonly statuses: readonly JobStatus[];
  readonly bundle?: string;
  readonly schoolYear?: string;
  readonly origin?: 'api' | 'web';
  /** Whether a person has marked the failed job as dealt with. */
  readonly resolved?: boolean;
  /** Exclusive. */
  readonly createdAfter?: Date;
  /** Exclusive. */
  readonly createdBefore?: Date;
  /** Part of a file's name or of the submitter's, or the beginning of the uid, in any case. */
  readonly search?: string;
}

/** A job's place in the order: a time (`infinity` for the end of a job that has not ended) and, for equal ones, its id. */
export interface TenantJobPosition {
  readonly key: string;
  readonly id: string;
}

export interface TenantJobScan {
  readonly items: readonly TenantJobSummary[];
  /** Of the last of `items`, or of the last job that was looked at where that is further; null where the tenant has no more. */
  readonly position: TenantJobPosition | null;
}

/**
 * How many jobs are looked at for one page, where a filter has no index in the list's order. So the cost of a page has a bound,
 * whatever is searched for; the next page goes on behind what was looked at.
 */
export const JOBS_PER_SCAN = 5_000;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What a status may be stored as: an expired job is `created` until the sweep has been there. */
const storedAs = (status: JobStatus): readonly JobStatus[] => (status === 'expired' ? ['created', 'expired'] : [status]);

/**
 * The tenant's jobs after a position (null: from the first), and where to go on. A walk along the index of the order finds them; in the
 * order of creation one along the index of each status that is asked for.
 */
export async function scanTenantJobs(
  db: DataSource,
  { partner, tenant }: { partner: string; tenant: string },
  filter: TenantJobFilter,
  sort: TenantJobSort,
  after: TenantJobPosition | null,
  limit: number,
): Promise<TenantJobScan> {
  const values: unknown[] = [partner, tenant, limit + 1];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const bySql = sort.endsWith('createdAt') ? 'job.created_at' : `coalesce(job.finished_at, 'infinity')`;
  const [direction, beyond] = sort.startsWith('-') ? ['DESC', '<'] : ['ASC', '>'];

  const walksStatuses = sort.endsWith('createdAt') && filter.statuses.length > 0;
  const walk = [
    ...(walksStatuses ? ['job.status = stored.status', ...expiryCondition(filter.statuses)] : []),
    ...(after ? [`(${bySql}, job.id) ${beyond} (${bind(after.key)}::timestamptz, ${bind(after.id)}::bigint)`] : []),
    ...(filter.createdAfter ? [`job.created_at > ${bind(filter.createdAfter)}`] : []),
    ...(filter.createdBefore ? [`job.created_at < ${bind(filter.createdBefore)}`] : []),
    ...(filter.search && UUID.test(filter.search) ? [`job.uid = ${bind(filter.search.toLowerCase())}`] : []),
  ];
  const conditions = filterConditions(filter, bind);
  if (filter.statuses.length > 0 && !walksStatuses) conditions.push(hasStatus(filter.statuses, bind));
  const needsScan =
    conditions.length > 0 || (sort.endsWith('finishedAt') && (filter.createdAfter ?? filter.createdBefore) !== undefined);
  const scan = needsScan ? bind(JOBS_PER_SCAN) : '$3';
  const stored = [...new Set(filter.statuses.flatMap(storedAs))];
  const statuses = walksStatuses ? `CROSS JOIN unnest(${bind(stored)}::text[]) AS stored (status)` : '';

  const [row]: { items: Serialized<PlacedSummary>[]; scanned: number; last: TenantJobPosition | null; scan: number }[] =
    await db.query(
      `WITH scanned AS MATERIALIZED (
       SELECT job.*, ${bySql} AS sort_key
         FROM partner JOIN tenant ON tenant.partner_id = partner.id ${statuses}
        CROSS JOIN LATERAL (
          SELECT * FROM job WHERE ${['job.tenant_id = tenant.id', ...walk].join(' AND ')}
           ORDER BY ${bySql} ${direction}, job.id ${direction} LIMIT ${scan}) AS job
        WHERE partner.code = $1 AND tenant.code = $2
        ORDER BY sort_key ${direction}, job.id ${direction} LIMIT ${scan}
     ), matching AS (
       SELECT job.*, submitter.name AS submitter_name FROM scanned AS job
         LEFT JOIN app_user submitter ON submitter.id = job.created_by_user_id
        WHERE ${['true', ...conditions].join(' AND ')}
        ORDER BY job.sort_key ${direction}, job.id ${direction} LIMIT $3
     )
     SELECT (SELECT coalesce(json_agg(json_build_object(${SUMMARY_MEMBERS}) ORDER BY job.sort_key ${direction}, job.id ${direction}), '[]')
               FROM matching AS job LEFT JOIN app_user resolver ON resolver.id = job.resolved_by_user_id) AS items,
            (SELECT count(*)::int FROM scanned) AS scanned, ${scan}::int AS scan,
            (SELECT json_build_object('key', job.sort_key, 'id', job.id::text) FROM scanned AS job
              ORDER BY job.sort_key ${direction === 'DESC' ? 'ASC' : 'DESC'}, job.id ${direction === 'DESC' ? 'ASC' : 'DESC'} LIMIT 1) AS last`,
      values,
    );
  if (!row) throw new Error('an aggregate gave no row');
  const found = row.items.map(({ sortKey, id, ...job }) => ({ position: { key: sortKey, id }, job: withDates(job) }));
  const items = found.slice(0, limit);
  const goesOn = found.length > limit ? (items.at(-1)?.position ?? null) : row.scanned === row.scan ? row.last : null;
  return { items: items.map(({ job }) => job), position: goesOn };
}

/**
 * Tells apart what is stored alike, of jobs that are stored as one of these statuses. That most jobs meet it is plain to Postgres; of a
 * comparison with `EFFECTIVE_STATUS` it expects one in 200 to, and reads and sorts the tenant's whole table for a page.
 */
function expiryCondition(statuses: readonly JobStatus[]): string[] {
  const [created, expired] = [statuses.includes('created'), statuses.includes('expired')];
  return created === expired ? [] : [`(job.status <> 'created' OR job.expires_at ${created ? '>' : '<='} now())`];
}

const hasStatus = (statuses: readonly JobStatus[], bind: (value: unknown) => string): string =>
  `${EFFECTIVE_STATUS} = ANY (${bind(statuses)}::text[])`;

/** The conditions that no index of the order helps with. */
function filterConditions(filter: TenantJobFilter, bind: (value: unknown) => string): string[] {
  const { bundle, schoolYear, origin, resolved, search } = filter;
  const conditions: string[] = [];
  if (bundle !== undefined) conditions.push(`job.bundle_path = ${bind(bundle)}`);
  if (schoolYear !== undefined) conditions.push(`job.school_year = ${bind(Number(schoolYear))}`);
  if (origin !== undefined) conditions.push(`job.created_by_user_id IS ${origin === 'api' ? '' : 'NOT '}NULL`);
  if (resolved !== undefined) conditions.push(`job.resolved_at IS ${resolved ? 'NOT ' : ''}NULL`);
  if (search !== undefined && !UUID.test(search)) {
    const text = bind(search);
    conditions.push(`(starts_with(job.uid::text, lower(${text}))
      OR strpos(lower(coalesce(submitter.name, job.client_name, '')), lower(${text})) > 0
      OR EXISTS (SELECT FROM job_file f WHERE f.job_id = job.id AND strpos(lower(f.name), lower(${text})) > 0))`);
  }
  return conditions;
}

type PlacedSummary = TenantJobSummary & { readonly sortKey: string; readonly id: string };

const SUMMARY_MEMBERS = `
  'sortKey', job.sort_key, 'id', job.id::text, 'uid', job.uid, 'status', ${EFFECTIVE_STATUS},
  'origin', CASE WHEN job.created_by_user_id IS NULL THEN 'api' ELSE 'web' END,
  'submittedBy', coalesce(job.submitter_name, job.client_name), 'bundle', job.bundle_path, 'bundleVersion', job.bundle_version,
  'schoolYear', to_char(job.school_year, 'FM0000'),
  'fileNames', (SELECT coalesce(json_agg(f.name ORDER BY f.id), '[]') FROM job_file f WHERE f.job_id = job.id),
  'createdAt', job.created_at, 'startedAt', job.started_at, 'finishedAt', ${EFFECTIVE_END}, 'expiresAt', job.expires_at,
  'progress', CASE WHEN job.progress IS NOT NULL THEN json_build_object('stage', job.progress->'stage', 'percent', job.progress->'percent',
                'rowsRead', job.progress->'rowsRead', 'rowsWritten', job.progress->'rowsWritten') END,
  'error', job.error, 'resolvedAt', job.resolved_at, 'resolvedBy', resolver.name`;

function withDates(job: Serialized<TenantJobSummary>): TenantJobSummary {
  return {
    ...job,
    createdAt: new Date(job.createdAt),
    startedAt: dateOf(job.startedAt),
    finishedAt: dateOf(job.finishedAt),
    expiresAt: new Date(job.expiresAt),
    resolvedAt: dateOf(job.resolvedAt),
  };
}
