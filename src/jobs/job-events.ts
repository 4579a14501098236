/** What a job's history may say. A closed list: clients and the page translate by it. */
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
] as const;
export type JobEventType = (typeof JOB_EVENT_TYPES)[number];
