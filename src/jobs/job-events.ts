/**
 * What a job's history may say. A closed list: clients and the page translate by it.
 *
 * Readers go on after the last event that they saw, so within a job the ids of events must become visible in their order. They do
 * because every event is written by a transaction that has locked the job's row before (or has just made it), and keeps the lock
 * until its commit. Whoever writes a new kind of event has to do the same.
 */
export const JOB_EVENT_TYPES = [
  'job.created',
  'job.queued',
  'run.started',
  'run.taken_over',
  'run.progress',
  'run.retrying',
  'job.succeeded',
  'job.failed',
  'job.cancelled',
  'job.expired',
  'job.resolved',
  'job.reopened',
] as const;
export type JobEventType = (typeof JOB_EVENT_TYPES)[number];

/** One entry of a job's history, as both fronts show it. */
export interface JobEventView {
  readonly uid: string;
  readonly type: JobEventType;
  readonly at: Date;
  readonly data: Readonly<Record<string, unknown>>;
  /** The name of the person who brought it about on the web page, for the tenant's staff alone; null where nobody did. */
  readonly by: string | null;
}
