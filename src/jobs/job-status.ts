/** The life of a job and of its runs: the one table of states and transitions. Queries take their allowed states from here. */

export const JOB_STATUSES = ['created', 'queued', 'running', 'succeeded', 'failed', 'cancelled', 'expired'] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

export const RUN_STATUSES = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** From which states a job may go into a state. */
export const JOB_TRANSITIONS = {
  queued: ['created', 'failed', 'cancelled'],
  running: ['queued', 'running'],
  succeeded: ['running'],
  failed: ['queued', 'running'],
  cancelled: ['created', 'queued', 'running'],
  expired: ['created'],
} as const satisfies Record<Exclude<JobStatus, 'created'>, readonly JobStatus[]>;

/** From which states a job may be queued once more, if it ever was. */
export const RETRYABLE_STATUSES = ['failed', 'cancelled'] as const satisfies readonly (typeof JOB_TRANSITIONS.queued)[number][];

/** In which states a person may mark a job as dealt with. */
export const RESOLVABLE_STATUSES = ['failed'] as const satisfies readonly JobStatus[];

/** From which states a run may go into a state; `running` again is a takeover by another attempt. */
export const RUN_TRANSITIONS = {
  running: ['queued', 'running'],
  succeeded: ['running'],
  failed: ['queued', 'running'],
  cancelled: ['queued', 'running'],
} as const satisfies Record<Exclude<RunStatus, 'queued'>, readonly RunStatus[]>;
