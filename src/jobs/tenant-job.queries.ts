import type { DataSource } from 'typeorm';
import type { JobAccess } from './commands';
import { jobActions } from './job-actions';
import { accessValues, dateOf, IS_ACCESSIBLE, JOB_VIEW_MEMBERS, withDates, type Serialized } from './job.queries';
import type { TenantJobView } from './tenant-job-view';

/** The SQL of what people see of one job, and of how a tenant's jobs went. */

type StoredView = Omit<TenantJobView, 'can'> & { readonly inputsRemovedAt: Date | null };

/** One job whole as a user sees it; null where there is none for this caller. One statement. */
export async function findTenantJob(
  db: DataSource,
  uid: string,
  access: JobAccess,
  userId: string,
): Promise<TenantJobView | null> {
  const rows: { view: Serialized<StoredView> }[] = await db.query(
    `SELECT json_build_object(${JOB_VIEW_MEMBERS},
              'submittedBy', coalesce(submitter.name, job.client_name),
              'resolvedAt', job.resolved_at, 'resolvedBy', resolver.name, 'inputsRemovedAt', job.inputs_removed_at,
              'outputs', (SELECT json_build_object('uid', s.uid, 'createdAt', s.created_at, 'removedAt', s.removed_at, 'files',
                                   (SELECT coalesce(json_agg(json_build_object('name', f.name, 'size', f.size, 'records', f.records) ORDER BY f.name), '[]')
                                      FROM output_file f WHERE f.output_set_id = s.id))
                            FROM output_set s WHERE s.job_id = job.id ORDER BY s.id DESC LIMIT 1),
              'notes', (SELECT coalesce(json_agg(json_build_object('uid', n.uid, 'text', n.text,
                                  'author', json_build_object('uid', author.uid, 'name', author.name), 'isMine', n.author_id = $4,
                                  'createdAt', n.created_at, 'editedAt', n.edited_at) ORDER BY n.id), '[]')
                          FROM job_note n JOIN app_user author ON author.id = n.author_id WHERE n.job_id = job.id)
            ) AS view
       FROM job
       JOIN partner ON partner.id = job.partner_id
       JOIN tenant ON tenant.id = job.tenant_id
       LEFT JOIN app_user submitter ON submitter.id = job.created_by_user_id
       LEFT JOIN app_user resolver ON resolver.id = job.resolved_by_user_id
      WHERE job.uid = $1 AND ${IS_ACCESSIBLE}`,
    [uid, ...accessValues(access), userId],
  );
  return rows[0] ? toView(rows[0].view) : null;
}

function toView({
  inputsRemovedAt,
  resolvedAt,
  resolvedBy,
  submittedBy,
  outputs,
  notes,
  ...rest
}: Serialized<StoredView>): TenantJobView {
  const job = withDates(rest);
  const resolution = { resolvedAt: dateOf(resolvedAt), resolvedBy };
  return {
    ...job,
    ...resolution,
    submittedBy,
    outputs: outputs && { ...outputs, createdAt: new Date(outputs.createdAt), removedAt: dateOf(outputs.removedAt) },
    notes: notes.map((note) => ({ ...note, createdAt: new Date(note.createdAt), editedAt: dateOf(note.editedAt) })),
    can: jobActions({ ...job, ...resolution, inputsRemovedAt: dateOf(inputsRemovedAt) }),
  };
}

export interface DayOfJobs {
  /** `2026-01-31`. */
  readonly date: string;
  readonly submitted: number;
  readonly succeeded: number;
  readonly failed: number;
}

/**
 * How many jobs were made on each of the last days, and how many ended well and badly, oldest day first. Each day is a range of an
 * index, from which alone it is counted: with ranges that are open at one end Postgres expects a third of the table and reads all of it.
 *
 * @param timeZone in which the days begin, by its IANA name. @throws QueryFailedError with SQLSTATE 22023 where Postgres does not know it
 */
export function countJobsByDay(
  db: DataSource,
  { partner, tenant }: { partner: string; tenant: string },
  days: number,
  timeZone: string,
): Promise<DayOfJobs[]> {
  return db.query(
    `SELECT to_char(day.date, 'YYYY-MM-DD') AS date, made.submitted, ended.succeeded, ended.failed
       FROM partner
       JOIN tenant ON tenant.partner_id = partner.id
      CROSS JOIN LATERAL (
        SELECT date, date::timestamp AT TIME ZONE $4 AS beginning, (date + 1)::timestamp AT TIME ZONE $4 AS ending
          FROM (SELECT (now() AT TIME ZONE $4)::date - ago AS date FROM generate_series(0, $3::int - 1) AS ago) AS dates) AS day
      CROSS JOIN LATERAL (
        SELECT count(*)::int AS submitted FROM job
         WHERE job.tenant_id = tenant.id AND job.created_at >= day.beginning AND job.created_at < day.ending) AS made
      CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE job.status = 'succeeded')::int AS succeeded,
               count(*) FILTER (WHERE job.status = 'failed')::int AS failed
          FROM job
         WHERE job.tenant_id = tenant.id AND coalesce(job.finished_at, 'infinity') >= day.beginning
           AND coalesce(job.finished_at, 'infinity') < day.ending) AS ended
      WHERE partner.code = $1 AND tenant.code = $2
      ORDER BY day.date`,
    [partner, tenant, days, timeZone],
  );
}

export interface LastSettings {
  readonly schoolYear: string;
  readonly params: Readonly<Record<string, string>>;
}

/** Of a user's last job over a bundle for a tenant, else of the tenant's last over it; null where there is none. */
export async function findLastSettings(
  db: DataSource,
  { partner, tenant }: { partner: string; tenant: string },
  bundle: string,
  userId: string,
): Promise<LastSettings | null> {
  const columns = `to_char(school_year, 'FM0000') AS "schoolYear", params`;
  const rows: LastSettings[] = await db.query(
    `WITH wanted AS (SELECT tenant.id FROM tenant JOIN partner ON partner.id = tenant.partner_id WHERE partner.code = $1 AND tenant.code = $2)
     SELECT own."schoolYear", own.params FROM wanted
      CROSS JOIN LATERAL (SELECT ${columns} FROM job WHERE created_by_user_id = $4 AND bundle_path = $3 AND tenant_id = wanted.id
                           ORDER BY id DESC LIMIT 1) AS own
     UNION ALL
     SELECT any_of."schoolYear", any_of.params FROM wanted
      CROSS JOIN LATERAL (
        SELECT ${columns} FROM (SELECT * FROM job WHERE tenant_id = wanted.id ORDER BY created_at DESC, id DESC LIMIT $5) AS recent
         WHERE bundle_path = $3 ORDER BY created_at DESC, id DESC LIMIT 1) AS any_of
     LIMIT 1`,
    [partner, tenant, bundle, userId, RECENT_JOBS],
  );
  return rows[0] ?? null;
}

/** A tenant's settings of longer ago are of no help; and the search for them has to have an end. */
const RECENT_JOBS = 1_000;
