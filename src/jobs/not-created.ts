import type { JobStatus } from './job-status';

/** The job no longer waits for its files and its start; `status` says what became of it. */
export interface JobNotCreated {
  readonly kind: 'job_already_started' | 'job_cancelled' | 'job_expired';
  readonly status: JobStatus;
}

/** For a status other than `created`. */
export function notCreated(status: JobStatus): JobNotCreated {
  if (status === 'cancelled') return { kind: 'job_cancelled', status };
  if (status === 'expired') return { kind: 'job_expired', status };
  return { kind: 'job_already_started', status };
}
