import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { JobAccess } from './commands';
import { lockJobForChange, writeResolution } from './job-change.queries';
import { RESOLVABLE_STATUSES, type JobStatus } from './job-status';

export type ResolveJobResult =
  /** `resolvedAt`: null where it is open again. */
  | { kind: 'done'; uid: string; resolvedAt: Date | null }
  | { kind: 'job_not_found' }
  | { kind: 'job_not_resolvable'; status: JobStatus };

/**
 * The use case "mark a failed job as dealt with", or as open again. What is so already stays as it is, so whoever comes second
 * changes nothing; a retry takes the mark away.
 */
@Injectable()
export class ResolveJob {
  constructor(private readonly db: DataSource) {}

  /** @param userId who has dealt with it, or takes the mark off. @param resolved false: it is to be open again. */
  async execute(uid: string, access: JobAccess, userId: string, resolved: boolean): Promise<ResolveJobResult> {
    return this.db.transaction(async (tx): Promise<ResolveJobResult> => {
      const job = await lockJobForChange(tx, uid, access);
      if (!job) return { kind: 'job_not_found' };
      if (!isResolvable(job.status)) return { kind: 'job_not_resolvable', status: job.status };
      const isSoAlready = resolved === (job.resolvedAt !== null);
      const { resolvedAt } = isSoAlready ? job : await writeResolution(tx, job.id, userId, resolved);
      return { kind: 'done', uid, resolvedAt };
    });
  }
}

export const isResolvable = (status: JobStatus): boolean => (RESOLVABLE_STATUSES as readonly JobStatus[]).includes(status);
