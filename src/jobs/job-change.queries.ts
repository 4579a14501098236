import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { JobAccess } from './commands';
import type { JobEventType } from './job-events';
import type { JobOwner } from './job-owner';
import { JOB_TRANSITIONS, RESOLVABLE_STATUSES, RETRYABLE_STATUSES, RUN_TRANSITIONS, type JobStatus } from './job-status';
import { accessValues, EFFECTIVE_STATUS, IS_ACCESSIBLE } from './job.queries';

/**
 * The SQL of a client's changes to a job that may have runs. The job's row is locked first, in a statement of its own: the next one
 * then sees the runs as they are, also one that was made while this one waited.
 */

export interface LockedJob {
  readonly id: string;
  readonly status: JobStatus;
  readonly partner: string;
  readonly tenant: string;
  /** Who made it; null: a person who is no longer known. */
  readonly owner: JobOwner | null;
  readonly expiresAt: Date;
  readonly startedAt: Date | null;
  readonly inputsRemovedAt: Date | null;
  readonly resolvedAt: Date | null;
}

/** Locks a job until the transaction ends; null where there is none for this caller. */
export async function lockJobForChange(tx: EntityManager, uid: string, access: JobAccess): Promise<LockedJob | null> {
  const rows: LockedJob[] = await tx.query(
    `SELECT job.id, ${EFFECTIVE_STATUS} AS status, partner.code AS partner, tenant.code AS tenant,
            CASE WHEN job.client_id IS NOT NULL
                 THEN json_build_object('kind', 'client', 'issuer', job.client_issuer, 'clientId', job.client_id)
                 WHEN job.created_by_user_id IS NOT NULL
                 THEN json_build_object('kind', 'user', 'userId', job.created_by_user_id::text) END AS owner,
            job.expires_at AS "expiresAt",
            job.started_at AS "startedAt", job.inputs_removed_at AS "inputsRemovedAt", job.resolved_at AS "resolvedAt"
       FROM job
       JOIN partner ON partner.id = job.partner_id
       JOIN tenant ON tenant.id = job.tenant_id
      WHERE job.uid = $1 AND ${IS_ACCESSIBLE}
        FOR NO KEY UPDATE OF job`,
    [uid, ...accessValues(access)],
  );
  return rows[0] ?? null;
}

/**
 * Ends a live job and its live run, if it has one. What was uploaded for a job that was never started is nobody's from then on.
 *
 * @param userId who did it on the web page; null: an API client.
 * @returns whether the job was live, and the run that was ended. The job's row must be locked.
 */
export async function cancelLiveJob(
  tx: EntityManager,
  jobId: string,
  userId: string | null,
): Promise<{ run: { readonly uid: string; readonly number: number } | null } | null> {
  const rows: { runUid: string | null; number: number }[] = await tx.query(
    `WITH cancelled AS (
       UPDATE job SET status = 'cancelled', finished_at = clock_timestamp(),
                      inputs_removed_at = CASE WHEN started_at IS NULL THEN clock_timestamp() END
        WHERE id = $1 AND status = ANY ($2)
       RETURNING id, finished_at
     ), cancelled_run AS (
       UPDATE run SET status = 'cancelled', finished_at = cancelled.finished_at FROM cancelled
        WHERE run.job_id = cancelled.id AND run.status = ANY ($3)
       RETURNING run.id, run.uid, run.number
     ), new_event AS (
       INSERT INTO job_event (uid, job_id, run_id, type, by_user_id)
       SELECT $4, cancelled.id, cancelled_run.id, $5, $6 FROM cancelled LEFT JOIN cancelled_run ON true
     )
     SELECT cancelled_run.uid AS "runUid", cancelled_run.number FROM cancelled LEFT JOIN cancelled_run ON true`,
    [jobId, JOB_TRANSITIONS.cancelled, RUN_TRANSITIONS.cancelled, uuidv7(), 'job.cancelled' satisfies JobEventType, userId],
  );
  if (!rows[0]) return null;
  const { runUid, number } = rows[0];
  return { run: runUid === null ? null : { uid: runUid, number } };
}

/**
 * Queues a job that has ended again, with one run more over the same files; false when it may not be. The job's row must be locked.
 *
 * @param userId who did it on the web page; null: an API client.
 */
export async function requeueJob(tx: EntityManager, jobId: string, runUid: string, userId: string | null): Promise<boolean> {
  const rows: unknown[] = await tx.query(
    `WITH queued AS (
       UPDATE job SET status = 'queued', finished_at = NULL, progress = NULL, error = NULL,
                      resolved_at = NULL, resolved_by_user_id = NULL
        WHERE id = $1 AND status = ANY ($2) AND inputs_removed_at IS NULL
       RETURNING id
     ), new_run AS (
       INSERT INTO run (uid, job_id, number)
       SELECT $3, id, (SELECT max(number) + 1 FROM run WHERE job_id = queued.id) FROM queued
       RETURNING id, job_id
     ), new_event AS (
       INSERT INTO job_event (uid, job_id, run_id, type, by_user_id) SELECT $4, job_id, id, $5, $6 FROM new_run
     )
     SELECT FROM new_run`,
    [jobId, RETRYABLE_STATUSES, runUid, uuidv7(), 'job.queued' satisfies JobEventType, userId],
  );
  return rows.length > 0;
}

/** Marks a failed job as dealt with by a user, or takes the mark off; with an event that says who did. The job's row must be locked. */
export async function writeResolution(
  tx: EntityManager,
  jobId: string,
  userId: string,
  resolved: boolean,
): Promise<{ resolvedAt: Date | null }> {
  const type: JobEventType = resolved ? 'job.resolved' : 'job.reopened';
  const [row]: { resolvedAt: Date | null }[] = await tx.query(
    `WITH changed AS (
       UPDATE job SET resolved_by_user_id = CASE WHEN $6 THEN $2::bigint END, resolved_at = CASE WHEN $6 THEN clock_timestamp() END
        WHERE id = $1 AND status = ANY ($5)
       RETURNING id, resolved_at
     ), new_event AS (
       INSERT INTO job_event (uid, job_id, type, by_user_id) SELECT $3, id, $4, $2 FROM changed
     )
     SELECT resolved_at AS "resolvedAt" FROM changed`,
    [jobId, userId, uuidv7(), type, RESOLVABLE_STATUSES, resolved],
  );
  if (!row) throw new Error('a locked job changed its state');
  return row;
}
