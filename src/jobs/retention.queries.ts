import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { JobEventType } from './job-events';

/**
 * The SQL of what time does to jobs and their files, for the maintenance, which acts for no client and so for all partners. Each
 * statement takes a batch, and what another process has in hand is left to it.
 */

export interface RetiredJob {
  readonly id: string;
  readonly uid: string;
  readonly expiresAt: Date;
}

/** Ends jobs that were not started in time; they have read `expired` since their expiry, so that is when they ended. */
export async function expireUnstartedJobs(tx: EntityManager, limit: number): Promise<RetiredJob[]> {
  const jobs: RetiredJob[] = await tx.query(
    `WITH due AS (
       SELECT id FROM job WHERE status = 'created' AND expires_at <= now() ORDER BY expires_at LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED
     ), expired AS (
       UPDATE job SET status = 'expired', finished_at = job.expires_at, inputs_removed_at = now() FROM due WHERE job.id = due.id
       RETURNING job.id, job.uid, job.expires_at
     )
     SELECT id, uid, expires_at AS "expiresAt" FROM expired`,
    [limit],
  );
  await tx.query(
    `INSERT INTO job_event (uid, job_id, type) SELECT uid, job_id, $3 FROM unnest($1::uuid[], $2::bigint[]) AS e (uid, job_id)`,
    [jobs.map(() => uuidv7()), jobs.map(({ id }) => id), 'job.expired' satisfies JobEventType],
  );
  return jobs;
}

/** Gives up the inputs of jobs that ended so long ago. A retry that is under way keeps them. */
export async function retireInputs(tx: EntityManager, afterDays: number, limit: number): Promise<RetiredJob[]> {
  return tx.query(
    `WITH due AS (
       SELECT id FROM job
        WHERE finished_at IS NOT NULL AND finished_at <= now() - $1 * interval '1 day' AND inputs_removed_at IS NULL
        ORDER BY finished_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED
     ), retired AS (
       UPDATE job SET inputs_removed_at = now() FROM due WHERE job.id = due.id RETURNING job.id, job.uid, job.expires_at
     )
     SELECT id, uid, expires_at AS "expiresAt" FROM retired`,
    [afterDays, limit],
  );
}

/** Gives up the files of output sets that are so old, which is for how long their jobs have ended. */
export async function retireOutputSets(
  tx: EntityManager,
  afterDays: number,
  limit: number,
): Promise<{ readonly jobUid: string; readonly number: number }[]> {
  return tx.query(
    `WITH due AS (
       SELECT id FROM output_set WHERE created_at <= now() - $1 * interval '1 day' AND removed_at IS NULL
        ORDER BY created_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED
     ), retired AS (
       UPDATE output_set SET removed_at = now() FROM due WHERE output_set.id = due.id RETURNING output_set.run_id
     )
     SELECT job.uid AS "jobUid", run.number FROM retired JOIN run ON run.id = retired.run_id JOIN job ON job.id = run.job_id`,
    [afterDays, limit],
  );
}
