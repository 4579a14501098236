import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { RunAnnouncement } from '../platform/queue/run-queue';
import type { JobEventType } from './job-events';
import { JOB_TRANSITIONS, RUN_TRANSITIONS, type JobStatus } from './job-status';
import type { RunError, RunProgress } from './run-report';

/**
 * The SQL of a run's life, for workers. A worker knows a run from its message, which no client can write, so these statements
 * name the run instead of a partner.
 *
 * Whatever changes a run locks its job's row first, so that all that happens to a job is in an order and nothing deadlocks.
 * Every write after the claim is fenced: it names the attempt that it belongs to, and changes nothing once another has begun.
 */

/** One attempt at a run: what a worker has to name to be allowed to write. */
export interface RunAttempt {
  readonly id: string;
  readonly jobId: string;
  readonly jobUid: string;
  /** From 1 within the job. */
  readonly number: number;
  /** From 1 within the run. */
  readonly attempt: number;
}

/** What a worker has to know to execute a run. */
export interface ClaimedRun extends RunAttempt {
  readonly uid: string;
  readonly bundlePath: string;
  readonly bundleVersion: string;
  /** The end year, as Ed-Fi counts. */
  readonly schoolYear: number;
  /** As given, without those that the service adds. */
  readonly params: Readonly<Record<string, string>>;
  readonly files: readonly ClaimedFile[];
  /** The trace of the job's creation, which its runs continue. */
  readonly traceparent: string | null;
  /** How many of the earlier attempts just stopped, without a word: their worker died, or lost its claim. */
  readonly lostAttempts: number;
}

/** An input, pinned to what was found at the start. */
export interface ClaimedFile {
  readonly envVar: string;
  readonly name: string;
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  readonly etag: string;
  readonly versionId: string | null;
}

/** A file that a run made and stored. */
export interface RunOutput {
  readonly name: string;
  readonly key: string;
  readonly versionId: string | null;
  /** Bytes. */
  readonly size: number;
  readonly records: number;
}

/** Locks the job's row until the transaction ends. */
export async function lockJob(tx: EntityManager, jobId: string): Promise<JobStatus> {
  const [job]: { status: JobStatus }[] = await tx.query(`SELECT status FROM job WHERE id = $1 FOR NO KEY UPDATE`, [jobId]);
  if (!job) throw new Error('a run has no job');
  return job.status;
}

export async function findJobOfRun(tx: EntityManager, runUid: string): Promise<string | null> {
  const rows: { jobId: string }[] = await tx.query(`SELECT job_id AS "jobId" FROM run WHERE uid = $1`, [runUid]);
  return rows[0]?.jobId ?? null;
}

/** Begins the next attempt, which fences off all earlier ones; null when the run is final. The job's row must be locked. */
export async function beginAttempt(tx: EntityManager, runUid: string): Promise<ClaimedRun | null> {
  const rows: ClaimedRun[] = await tx.query(
    `WITH claimed AS (
       UPDATE run SET status = 'running', attempt = attempt + 1, started_at = coalesce(started_at, now())
        WHERE uid = $1 AND status = ANY ($2)
       RETURNING id, uid, job_id, number, attempt
     ), running_job AS (
       UPDATE job SET status = 'running', progress = NULL FROM claimed WHERE job.id = claimed.job_id
     )
     SELECT claimed.id, claimed.uid, claimed.job_id AS "jobId", claimed.number, claimed.attempt, job.uid AS "jobUid",
            job.bundle_path AS "bundlePath", job.bundle_version AS "bundleVersion", job.school_year AS "schoolYear", job.params, job.traceparent,
            (SELECT coalesce(json_agg(json_build_object('envVar', f.env_var, 'name', f.name, 'key', f.object_key, 'size', f.size,
                      'etag', f.etag, 'versionId', f.version_id) ORDER BY f.id), '[]')
               FROM job_file f WHERE f.job_id = job.id) AS files,
            claimed.attempt - 1 - (SELECT count(*)::int FROM job_event e
                                    WHERE e.job_id = job.id AND e.run_id = claimed.id AND e.type = $3) AS "lostAttempts"
       FROM claimed JOIN job ON job.id = claimed.job_id`,
    [runUid, RUN_TRANSITIONS.running, 'run.retrying' satisfies JobEventType],
  );
  return rows[0] ?? null;
}

/** Ends the run and its job well; false when the attempt is no longer the current one. The job's row must be locked. */
export async function markSucceeded(tx: EntityManager, run: RunAttempt, progress: RunProgress): Promise<boolean> {
  const rows: unknown[] = await tx.query(
    `WITH ended AS (
       UPDATE run SET status = 'succeeded', finished_at = clock_timestamp()
        WHERE id = $1 AND attempt = $2 AND status = ANY ($3)
       RETURNING job_id, finished_at
     ), ended_job AS (
       UPDATE job SET status = 'succeeded', finished_at = ended.finished_at, progress = $4 FROM ended WHERE job.id = ended.job_id
     )
     SELECT FROM ended`,
    [run.id, run.attempt, RUN_TRANSITIONS.succeeded, JSON.stringify(progress)],
  );
  return rows.length > 0;
}

/**
 * Ends the run and its job badly, the job with the progress, if there is one; false when the attempt is no longer the current one. The
 * job's row must be locked.
 */
export async function markFailed(
  tx: EntityManager,
  run: RunAttempt,
  error: RunError,
  progress: RunProgress | null,
): Promise<boolean> {
  const rows: unknown[] = await tx.query(
    `WITH ended AS (
       UPDATE run SET status = 'failed', finished_at = clock_timestamp(), error = $4
        WHERE id = $1 AND attempt = $2 AND status = ANY ($3)
       RETURNING job_id, finished_at, error
     ), ended_job AS (
       UPDATE job SET status = 'failed', finished_at = ended.finished_at, error = ended.error, progress = coalesce($5, progress)
         FROM ended WHERE job.id = ended.job_id
     )
     SELECT FROM ended`,
    [run.id, run.attempt, RUN_TRANSITIONS.failed, JSON.stringify(error), progress && JSON.stringify(progress)],
  );
  return rows.length > 0;
}

/**
 * Writes the job's progress; false when the attempt is no longer the current one. The job's row must be locked: a statement that waits
 * for it itself sees the attempt as it was before the wait.
 */
export async function updateProgress(tx: EntityManager, run: RunAttempt, progress: RunProgress): Promise<boolean> {
  const rows: unknown[] = await tx.query(
    `WITH updated AS (
       UPDATE job SET progress = $4
        WHERE id = $2 AND status = 'running'
          AND EXISTS (SELECT FROM run WHERE id = $1 AND attempt = $3 AND status = 'running')
       RETURNING id
     )
     SELECT FROM updated`,
    [run.id, run.jobId, run.attempt, JSON.stringify(progress)],
  );
  return rows.length > 0;
}

/** Whether the attempt is still the one that may write. */
export async function isCurrent(tx: EntityManager, run: RunAttempt): Promise<boolean> {
  const rows: unknown[] = await tx.query(`SELECT FROM run WHERE id = $1 AND attempt = $2 AND status = 'running'`, [
    run.id,
    run.attempt,
  ]);
  return rows.length > 0;
}

export async function addRunEvent(
  tx: EntityManager,
  run: Pick<RunAttempt, 'id' | 'jobId'>,
  type: JobEventType,
  data: Readonly<Record<string, unknown>>,
): Promise<void> {
  await tx.query(`INSERT INTO job_event (uid, job_id, run_id, type, data) VALUES ($1, $2, $3, $4, $5)`, [
    uuidv7(),
    run.jobId,
    run.id,
    type,
    JSON.stringify(data),
  ]);
}

/**
 * Adds the output set with its files. Whoever polls the list of sets goes on after the last id that was seen, so within a
 * partner ids must become visible in their order. Ids are given out before a commit, in any order of commits; therefore the
 * partner's sets are added one transaction after the other, from here until the commit.
 */
export async function insertOutputSet(tx: EntityManager, run: RunAttempt, outputs: readonly RunOutput[]): Promise<string> {
  await tx.query(
    `SELECT pg_advisory_xact_lock(hashtextextended('output_set of partner ' || partner_id, 0)) FROM job WHERE id = $1`,
    [run.jobId],
  );
  const uid = uuidv7();
  await tx.query(
    `WITH new_set AS (
       INSERT INTO output_set (uid, run_id, job_id, partner_id, tenant_id, school_year, bundle_path, bundle_version)
       SELECT $1, $2, id, partner_id, tenant_id, school_year, bundle_path, bundle_version FROM job WHERE id = $3
       RETURNING id
     )
     INSERT INTO output_file (output_set_id, name, object_key, version_id, size, records)
     SELECT new_set.id, f.* FROM new_set, unnest($4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[]) AS f`,
    [
      uid,
      run.id,
      run.jobId,
      outputs.map((output) => output.name),
      outputs.map((output) => output.key),
      outputs.map((output) => output.versionId),
      outputs.map((output) => output.size),
      outputs.map((output) => output.records),
    ],
  );
  return uid;
}

/** Live runs that are older than `minAgeSeconds`, oldest first, as the queue wants to know them. */
export async function findLiveRuns(tx: EntityManager, minAgeSeconds: number, limit: number): Promise<RunAnnouncement[]> {
  return tx.query(
    `SELECT run.uid AS "runUid", partner.code || '/' || tenant.code AS tenant
       FROM run
       JOIN job ON job.id = run.job_id
       JOIN partner ON partner.id = job.partner_id
       JOIN tenant ON tenant.id = job.tenant_id
      WHERE run.status IN ('queued', 'running') AND run.created_at < now() - $1 * interval '1 second'
      ORDER BY run.id LIMIT $2`,
    [minAgeSeconds, limit],
  );
}

export interface LiveRuns {
  readonly queued: number;
  readonly running: number;
  /** For how long the oldest queued run has waited; 0 where none waits. */
  readonly oldestQueuedSeconds: number;
}

/** How many runs wait and run, for metrics and scaling: the product's own count, which the queue's follows. */
export async function measureLiveRuns(db: Pick<EntityManager, 'query'>): Promise<LiveRuns> {
  const [live]: LiveRuns[] = await db.query(
    `SELECT count(*) FILTER (WHERE status = 'queued')::int AS queued, count(*) FILTER (WHERE status = 'running')::int AS running,
            coalesce(extract(epoch FROM now() - min(created_at) FILTER (WHERE status = 'queued')), 0)::float8 AS "oldestQueuedSeconds"
       FROM run WHERE status IN ('queued', 'running')`,
  );
  return live ?? { queued: 0, running: 0, oldestQueuedSeconds: 0 };
}

/** Whether a job in this state may have a run begun. */
export const mayRun = (status: JobStatus): boolean => (JOB_TRANSITIONS.running as readonly JobStatus[]).includes(status);
