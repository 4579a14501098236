import type { DataSource } from 'typeorm';
import type { JobAccess } from './commands';
import type { JobEventView } from './job-events';
import { accessValues, IS_ACCESSIBLE } from './job.queries';

/** The SQL of jobs' histories. */

/** An event with its place in the job's history. */
export type PlacedJobEvent = JobEventView & { readonly id: string };

/**
 * After how many minutes past its expiry a job that was never started counts as over, though no sweep has written so: by then one
 * should have.
 */
const SWEEP_GRACE_MINUTES = 2;

/** Whether nothing more will happen to a job by itself. */
const IS_OVER = `(job.finished_at IS NOT NULL
  OR job.status = 'created' AND job.expires_at < now() - interval '${SWEEP_GRACE_MINUTES} minutes')`;

const LAST_EVENT_ID = `(SELECT coalesce(max(id), 0) FROM job_event WHERE job_id = job.id)`;

const eventsAfter = (id: string, limit: string): string =>
  `(SELECT coalesce(json_agg(json_build_object('id', e.id::text, 'uid', e.uid, 'type', e.type, 'at', e.at, 'data', e.data, 'by', person.name) ORDER BY e.id), '[]')
      FROM (SELECT * FROM job_event WHERE job_id = job.id AND id > ${id} ORDER BY id LIMIT ${limit}) AS e
      LEFT JOIN app_user person ON person.id = e.by_user_id)`;

/** A job's events after one of them ('0': from the first), oldest first; null where there is no such job for this caller. */
export async function findJobEvents(
  db: DataSource,
  uid: string,
  access: JobAccess,
  afterId: string,
  limit: number,
): Promise<PlacedJobEvent[] | null> {
  const rows: { events: StoredEvent[] }[] = await db.query(
    `SELECT ${eventsAfter('$4', '$5')} AS events
       FROM job JOIN partner ON partner.id = job.partner_id JOIN tenant ON tenant.id = job.tenant_id
      WHERE job.uid = $1 AND ${IS_ACCESSIBLE}`,
    [uid, ...accessValues(access), afterId, limit],
  );
  return rows[0]?.events.map(withDate) ?? null;
}

export interface FollowedJob {
  readonly id: string;
  readonly isOver: boolean;
  readonly lastEventId: string;
  /** The id of the event that was asked for; null where the job has none such. */
  readonly eventId: string | null;
}

/** What beginning to follow a job has to know; null where there is no such job for this caller. */
export async function findFollowedJob(
  db: DataSource,
  uid: string,
  access: JobAccess,
  eventUid: string | null,
): Promise<FollowedJob | null> {
  const rows: FollowedJob[] = await db.query(
    `SELECT job.id, ${IS_OVER} AS "isOver", ${LAST_EVENT_ID} AS "lastEventId",
            (SELECT id FROM job_event WHERE uid = $4 AND job_id = job.id) AS "eventId"
       FROM job JOIN partner ON partner.id = job.partner_id JOIN tenant ON tenant.id = job.tenant_id
      WHERE job.uid = $1 AND ${IS_ACCESSIBLE}`,
    [uid, ...accessValues(access), eventUid],
  );
  return rows[0] ?? null;
}

/**
 * A followed job's next events, and whether they are its last if there are fewer than `limit`: one statement, so that the final
 * event and the final state are seen together. By the job's id, for which the caller has been found to have access.
 */
export async function readFollowedJob(
  db: DataSource,
  jobId: string,
  afterId: string,
  limit: number,
): Promise<{ events: PlacedJobEvent[]; isOver: boolean }> {
  const rows: { events: StoredEvent[]; isOver: boolean }[] = await db.query(
    `SELECT ${eventsAfter('$2', '$3')} AS events, ${IS_OVER} AS "isOver" FROM job WHERE job.id = $1`,
    [jobId, afterId, limit],
  );
  return { events: rows[0]?.events.map(withDate) ?? [], isOver: rows[0]?.isOver ?? true };
}

/** Where the histories of so many jobs end now. */
export async function findEventEnds(
  db: DataSource,
  jobIds: readonly string[],
): Promise<{ readonly jobId: string; readonly lastEventId: string; readonly isOver: boolean }[]> {
  return db.query(
    `SELECT job.id AS "jobId", ${LAST_EVENT_ID} AS "lastEventId", ${IS_OVER} AS "isOver"
       FROM job WHERE job.id = ANY ($1)`,
    [jobIds],
  );
}

/** JSON from Postgres has its times as text. */
type StoredEvent = Omit<PlacedJobEvent, 'at'> & { readonly at: string };

const withDate = (event: StoredEvent): PlacedJobEvent => ({ ...event, at: new Date(event.at) });
