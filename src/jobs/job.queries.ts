import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { StoredObject } from '../files/file.service';
import type { CreateJobCommand, JobAccess, JobCreator } from './commands';
import type { JobView } from './job-view';
import type { JobStatus } from './job-status';
import { hasFewerOpenJobs, type OwnerSql } from './open-jobs.queries';
import type { JobEventType } from './job-events';
import type { FileToUpload } from './sign-uploads';

/** The SQL of jobs, written out. Whatever reads or changes one job names the partners that the caller may reach. */

type Queryable = Pick<DataSource | EntityManager, 'query'>;

/** The condition that a job or output set (joined with `partner` and `tenant`) is one that the caller may reach; $2 and $3 are `accessValues`. */
export const IS_ACCESSIBLE = 'partner.code = ANY ($2) AND ($3::text IS NULL OR tenant.code = $3)';
export const accessValues = ({ partners, tenant }: JobAccess): [readonly string[], string | null] => [partners, tenant ?? null];

/** From its expiry on a job reads `expired`, whether the sweep has been there or not. */
export const EFFECTIVE_STATUS = `CASE WHEN job.status = 'created' AND job.expires_at <= now() THEN 'expired' ELSE job.status END`;

/** When it has ended, in the same way. */
export const EFFECTIVE_END = `CASE WHEN job.status = 'created' AND job.expires_at <= now() THEN job.expires_at ELSE job.finished_at END`;

export interface SubmissionTarget {
  readonly partnerId: string;
  /** null: the partner has no such tenant. */
  readonly tenantId: string | null;
  readonly schoolYearEnabled: boolean;
  readonly bundleEnabled: boolean;
}

/** Everything that the database knows about whether a job may be made; null where there is no such partner. One statement. */
export async function findSubmissionTarget(
  db: Queryable,
  { partner, tenant, schoolYear, bundle }: Pick<CreateJobCommand, 'partner' | 'tenant' | 'schoolYear' | 'bundle'>,
): Promise<SubmissionTarget | null> {
  const rows: SubmissionTarget[] = await db.query(
    `SELECT partner.id AS "partnerId", tenant.id AS "tenantId",
            EXISTS (SELECT FROM tenant_school_year y WHERE y.tenant_id = tenant.id AND y.end_year = $3) AS "schoolYearEnabled",
            EXISTS (SELECT FROM partner_bundle b WHERE b.partner_id = partner.id AND b.bundle_path = $4) AS "bundleEnabled"
       FROM partner
       LEFT JOIN tenant ON tenant.partner_id = partner.id AND tenant.code = $2
      WHERE partner.code = $1`,
    [partner, tenant, Number(schoolYear), bundle],
  );
  return rows[0] ?? null;
}

export interface NewJobFileRow extends FileToUpload {
  readonly name: string;
}

export interface NewJobRow {
  readonly uid: string;
  readonly partnerId: string;
  readonly tenantId: string;
  readonly schoolYear: number;
  readonly bundlePath: string;
  readonly bundleVersion: string;
  readonly params: Readonly<Record<string, string>>;
  readonly creator: JobCreator;
  readonly startTtlHours: number;
  /** The trace that the job's runs are to continue; null where nothing is traced. */
  readonly traceparent: string | null;
  readonly files: readonly NewJobFileRow[];
}

/** The creator among the values of the next statement. */
const CLIENT_SQL: OwnerSql = { kind: 'client', issuer: '$9', clientId: '$10' };
const USER_SQL: OwnerSql = { kind: 'user', userId: '$8::bigint' };

/**
 * Writes the job, its files and its first event in one statement, so in one transaction and one round trip.
 *
 * @param openJobsBelow writes nothing unless the creator has fewer open jobs than this; null: whatever they have.
 * @returns null where nothing was written.
 */
export async function insertJob(
  db: Queryable,
  job: NewJobRow,
  openJobsBelow: number | null,
): Promise<{ uid: string; expiresAt: Date } | null> {
  const client = job.creator.kind === 'client' ? job.creator : null;
  const rows: { expiresAt: Date }[] = await db.query(
    `WITH new_job AS (
       INSERT INTO job (uid, partner_id, tenant_id, school_year, bundle_path, bundle_version, params,
                        created_by_user_id, client_issuer, client_id, client_name, expires_at, traceparent)
       SELECT $1::uuid, $2::bigint, $3::bigint, $4::smallint, $5, $6, $7::jsonb, $8::bigint, $9, $10, $11,
              now() + $12 * interval '1 hour', $20
        WHERE $21::int IS NULL OR ${hasFewerOpenJobs(client ? CLIENT_SQL : USER_SQL, '$21::int')}
       RETURNING id, expires_at
     ), new_files AS (
       INSERT INTO job_file (job_id, env_var, name, object_key, declared_size, declared_sha256)
       SELECT new_job.id, f.* FROM new_job,
         unnest($13::text[], $14::text[], $15::text[], $16::bigint[], $17::text[]) AS f
     ), new_event AS (
       INSERT INTO job_event (uid, job_id, type) SELECT $18, id, $19 FROM new_job
     )
     SELECT expires_at AS "expiresAt" FROM new_job`,
    [
      job.uid,
      job.partnerId,
      job.tenantId,
      job.schoolYear,
      job.bundlePath,
      job.bundleVersion,
      JSON.stringify(job.params),
      job.creator.kind === 'user' ? job.creator.userId : null,
      client?.issuer ?? null,
      client?.clientId ?? null,
      client?.clientName ?? null,
      job.startTtlHours,
      job.files.map((file) => file.envVar),
      job.files.map((file) => file.name),
      job.files.map((file) => file.objectKey),
      job.files.map((file) => file.declaredSize),
      job.files.map((file) => file.declaredSha256),
      uuidv7(),
      'job.created' satisfies JobEventType,
      job.traceparent,
      openJobsBelow,
    ],
  );
  return rows[0] ? { uid: job.uid, expiresAt: rows[0].expiresAt } : null;
}

export interface UploadableJob {
  readonly status: JobStatus;
  readonly expiresAt: Date;
  readonly secondsLeft: number;
  readonly files: readonly FileToUpload[];
}

/** What signing a job's uploads anew has to know; null where there is none for this caller. */
export async function findUploadableJob(db: Queryable, uid: string, access: JobAccess): Promise<UploadableJob | null> {
  const rows: UploadableJob[] = await db.query(
    `SELECT ${EFFECTIVE_STATUS} AS status, job.expires_at AS "expiresAt",
            extract(epoch FROM job.expires_at - now())::float8 AS "secondsLeft",
            (SELECT coalesce(json_agg(json_build_object('envVar', f.env_var, 'objectKey', f.object_key,
                      'declaredSize', f.declared_size, 'declaredSha256', f.declared_sha256) ORDER BY f.id), '[]')
               FROM job_file f WHERE f.job_id = job.id) AS files
       FROM job
       JOIN partner ON partner.id = job.partner_id
       JOIN tenant ON tenant.id = job.tenant_id
      WHERE job.uid = $1 AND ${IS_ACCESSIBLE}`,
    [uid, ...accessValues(access)],
  );
  return rows[0] ?? null;
}

export interface StartableJob {
  readonly id: string;
  readonly status: JobStatus;
  readonly partner: string;
  readonly tenant: string;
  readonly traceparent: string | null;
  readonly files: readonly { readonly id: string; readonly envVar: string; readonly name: string; readonly objectKey: string }[];
}

/** What a start has to know of a job; null where there is none for this caller. */
export async function findStartableJob(db: Queryable, uid: string, access: JobAccess): Promise<StartableJob | null> {
  const rows: StartableJob[] = await db.query(
    `SELECT job.id, ${EFFECTIVE_STATUS} AS status, partner.code AS partner, tenant.code AS tenant, job.traceparent,
            (SELECT coalesce(json_agg(json_build_object('id', f.id::text, 'envVar', f.env_var, 'name', f.name, 'objectKey', f.object_key) ORDER BY f.id), '[]')
               FROM job_file f WHERE f.job_id = job.id) AS files
       FROM job
       JOIN partner ON partner.id = job.partner_id
       JOIN tenant ON tenant.id = job.tenant_id
      WHERE job.uid = $1 AND ${IS_ACCESSIBLE}`,
    [uid, ...accessValues(access)],
  );
  return rows[0] ?? null;
}

/**
 * Moves a created job to `queued`, pins the objects that were found and adds its first run: one statement. The job's row
 * decides the race: of any number of callers one gets a result, the others null.
 *
 * @param userId who did it on the web page; null: an API client.
 */
export async function queueCreatedJob(
  tx: EntityManager,
  jobId: string,
  runUid: string,
  pins: readonly { readonly fileId: string; readonly object: StoredObject }[],
  userId: string | null,
): Promise<{ startedAt: Date } | null> {
  const rows: { startedAt: Date }[] = await tx.query(
    `WITH queued AS (
       UPDATE job SET status = 'queued', started_at = now()
        WHERE id = $1 AND status = 'created' AND expires_at > now()
       RETURNING id, started_at
     ), pinned AS (
       UPDATE job_file SET size = pin.size, etag = pin.etag, version_id = pin.version_id, sha256 = pin.sha256
         FROM queued, unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[]) AS pin (file_id, size, etag, version_id, sha256)
        WHERE job_file.job_id = queued.id AND job_file.id = pin.file_id
     ), new_run AS (
       INSERT INTO run (uid, job_id, number) SELECT $7, id, 1 FROM queued RETURNING id, job_id
     ), new_event AS (
       INSERT INTO job_event (uid, job_id, run_id, type, by_user_id) SELECT $8, job_id, id, $9, $10 FROM new_run
     )
     SELECT started_at AS "startedAt" FROM queued`,
    [
      jobId,
      pins.map((pin) => pin.fileId),
      pins.map((pin) => pin.object.size),
      pins.map((pin) => pin.object.etag),
      pins.map((pin) => pin.object.versionId),
      pins.map((pin) => pin.object.sha256),
      runUid,
      uuidv7(),
      'job.queued' satisfies JobEventType,
      userId,
    ],
  );
  return rows[0] ?? null;
}

/** The members of a job whole, for `json_build_object` over `job`, `partner` and `tenant`. */
export const JOB_VIEW_MEMBERS = `
  'uid', job.uid, 'status', ${EFFECTIVE_STATUS},
  'origin', CASE WHEN job.created_by_user_id IS NULL THEN 'api' ELSE 'web' END,
  'partner', partner.code, 'tenant', tenant.code, 'bundle', job.bundle_path, 'bundleVersion', job.bundle_version,
  'schoolYear', to_char(job.school_year, 'FM0000'), 'params', job.params,
  'createdAt', job.created_at, 'startedAt', job.started_at, 'finishedAt', ${EFFECTIVE_END}, 'expiresAt', job.expires_at,
  'progress', job.progress, 'error', job.error,
  'files', (SELECT coalesce(json_agg(json_build_object(
              'envVar', f.env_var, 'name', f.name,
              'size', coalesce(f.size, f.declared_size), 'sha256', coalesce(f.sha256, f.declared_sha256), 'removedAt', job.inputs_removed_at) ORDER BY f.id), '[]')
              FROM job_file f WHERE f.job_id = job.id),
  'runs', (SELECT coalesce(json_agg(json_build_object(
             'number', r.number, 'status', r.status, 'attempts', r.attempt, 'startedAt', r.started_at,
             'finishedAt', r.finished_at, 'error', r.error) ORDER BY r.number), '[]')
             FROM run r WHERE r.job_id = job.id)`;

/** One job whole, with its files and runs; null where there is none for this caller. One statement. */
export async function findJobView(db: Queryable, uid: string, access: JobAccess): Promise<JobView | null> {
  const rows: { view: Serialized<JobView> }[] = await db.query(
    `SELECT json_build_object(${JOB_VIEW_MEMBERS}) AS view
       FROM job
       JOIN partner ON partner.id = job.partner_id
       JOIN tenant ON tenant.id = job.tenant_id
      WHERE job.uid = $1 AND ${IS_ACCESSIBLE}`,
    [uid, ...accessValues(access)],
  );
  return rows[0] ? withDates(rows[0].view) : null;
}

/** JSON from Postgres has its times as text. */
export type Serialized<T> = T extends Date
  ? string
  : T extends readonly (infer E)[]
    ? Serialized<E>[]
    : T extends object
      ? { [K in keyof T]: Serialized<T[K]> }
      : T;

export const dateOf = (text: string | null): Date | null => (text === null ? null : new Date(text));

export function withDates(view: Serialized<JobView>): JobView {
  return {
    ...view,
    createdAt: new Date(view.createdAt),
    startedAt: dateOf(view.startedAt),
    finishedAt: dateOf(view.finishedAt),
    expiresAt: new Date(view.expiresAt),
    files: view.files.map((file) => ({ ...file, removedAt: dateOf(file.removedAt) })),
    runs: view.runs.map((run) => ({ ...run, startedAt: dateOf(run.startedAt), finishedAt: dateOf(run.finishedAt) })),
  };
}
