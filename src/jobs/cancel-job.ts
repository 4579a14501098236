import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { RunQueue } from '../platform/queue/run-queue';
import { announceEndedJobs } from '../webhooks/announce-ended-jobs';
import type { JobAccess, JobChange } from './commands';
import { cancelLiveJob, lockJobForChange } from './job-change.queries';
import type { JobStatus } from './job-status';
import { runOutputPrefix } from './object-keys';
import { LATE_WRITER_SECONDS, scheduleInputRemoval, scheduleOutputRemoval } from './removal.queries';

export type CancelJobResult =
  | { kind: 'cancelled'; uid: string }
  | { kind: 'job_not_found' }
  /** It has ended, in this way. */
  | { kind: 'job_finished'; status: JobStatus };

/**
 * The use case "cancel a job". Once it is done, the job's run can write no more, wherever it may be running; its worker hears of it
 * with the next heartbeat of its message, and stops.
 */
@Injectable()
export class CancelJob {
  constructor(
    private readonly db: DataSource,
    private readonly queue: RunQueue,
  ) {}

  async execute(
    uid: string,
    access: JobAccess,
    { userId = null, alongside }: JobChange<{ uid: string }> = {},
  ): Promise<CancelJobResult> {
    return this.db.transaction(async (tx): Promise<CancelJobResult> => {
      const job = await lockJobForChange(tx, uid, access);
      if (!job) return { kind: 'job_not_found' };
      // One that has expired may still be `created` in its row.
      const cancelled = job.status === 'expired' ? null : await cancelLiveJob(tx, job.id, userId);
      if (!cancelled) return { kind: 'job_finished', status: job.status };
      await announceEndedJobs(tx, [job.id]);
      if (cancelled.run) {
        await this.queue.cancel(tx, cancelled.run.uid);
        await scheduleOutputRemoval(tx, [runOutputPrefix({ jobUid: uid, ...cancelled.run })], LATE_WRITER_SECONDS);
      }
      if (job.startedAt === null) await scheduleInputRemoval(tx, [{ uid, expiresAt: job.expiresAt }]);
      await alongside?.(tx, { uid });
      return { kind: 'cancelled', uid };
    });
  }
}
