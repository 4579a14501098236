import type { LockedJob } from './job-change.queries';
import { JOB_TRANSITIONS, type JobStatus } from './job-status';
import { isResolvable } from './resolve-job';
import { whyNotRetryable } from './retry-job';
import type { JobActions } from './tenant-job-view';

/** What the use cases would let somebody do to a job in this state; whoever is faster may change that. */
export function jobActions(job: Pick<LockedJob, 'status' | 'startedAt' | 'inputsRemovedAt' | 'resolvedAt'>): JobActions {
  const isWaitingForFiles = job.status === 'created';
  return {
    start: isWaitingForFiles,
    cancel: (JOB_TRANSITIONS.cancelled as readonly JobStatus[]).includes(job.status),
    retry: whyNotRetryable(job) === null,
    resolve: isResolvable(job.status) && job.resolvedAt === null,
    reopen: isResolvable(job.status) && job.resolvedAt !== null,
    renewUploads: isWaitingForFiles,
  };
}
