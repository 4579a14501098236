import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { JobSettings } from '../platform/config/settings';
import { RunQueue } from '../platform/queue/run-queue';
import type { JobAccess, JobChange } from './commands';
import { lockJobForChange, requeueJob, type LockedJob } from './job-change.queries';
import { maxOpenJobs, type JobOwner } from './job-owner';
import { hasRoomForJob, lockOpenJobs } from './open-jobs.queries';
import { RETRYABLE_STATUSES, type JobStatus } from './job-status';

export type RetryJobResult =
  | { kind: 'queued'; uid: string }
  | { kind: 'job_not_found' }
  /** Who made the job has as many open ones as they may have. */
  | { kind: 'too_many_open_jobs'; limit: number; owner: JobOwner['kind'] }
  | { kind: 'job_not_retryable'; reason: NotRetryableReason; status: JobStatus };

/** Its status; it never had a run; its input files have been removed. */
export type NotRetryableReason = 'status' | 'never_started' | 'inputs_removed';

/** The use case "retry a job": one more run over the files that were pinned at the start, once. */
@Injectable()
export class RetryJob {
  constructor(
    private readonly db: DataSource,
    private readonly queue: RunQueue,
    private readonly settings: JobSettings,
  ) {}

  async execute(
    uid: string,
    access: JobAccess,
    { userId = null, alongside }: JobChange<{ uid: string }> = {},
  ): Promise<RetryJobResult> {
    const runUid = uuidv7();
    return this.db.transaction(async (tx): Promise<RetryJobResult> => {
      const job = await lockJobForChange(tx, uid, access);
      if (!job) return { kind: 'job_not_found' };
      const reason = whyNotRetryable(job);
      if (reason) return { kind: 'job_not_retryable', reason, status: job.status };
      const { owner } = job;
      const limit = owner ? maxOpenJobs(this.settings, owner) : 0;
      if (owner && limit > 0) {
        await lockOpenJobs(tx, owner);
        if (!(await hasRoomForJob(tx, owner, limit))) return { kind: 'too_many_open_jobs', limit, owner: owner.kind };
      }
      if (!(await requeueJob(tx, job.id, runUid, userId))) throw new Error('a locked job changed its state');
      await this.queue.enqueue(tx, { runUid, tenant: `${job.partner}/${job.tenant}` });
      await alongside?.(tx, { uid });
      return { kind: 'queued', uid };
    });
  }
}

/** Why a job cannot be retried; null where it can. */
export function whyNotRetryable(job: Pick<LockedJob, 'status' | 'startedAt' | 'inputsRemovedAt'>): NotRetryableReason | null {
  if (!(RETRYABLE_STATUSES as readonly JobStatus[]).includes(job.status)) return 'status';
  if (job.startedAt === null) return 'never_started';
  return job.inputsRemovedAt === null ? null : 'inputs_removed';
}
