import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Alongside, CreateJobCommand, JobAccess, JobChange } from './commands';
import { CancelJob, type CancelJobResult } from './cancel-job';
import { CreateJob, type CreatedJob, type CreateJobResult } from './create-job';
import { findJobView } from './job.queries';
import type { JobFilter } from './job-list.queries';
import type { JobView } from './job-view';
import { RenewUploadUrls, type RenewUploadUrlsResult } from './renew-upload-urls';
import { ResolveJob, type ResolveJobResult } from './resolve-job';
import { RetryJob, type RetryJobResult } from './retry-job';
import { listJobs, type JobPage } from './list-jobs';
import { StartJob, type StartedJob, type StartJobResult } from './start-job';

export type GetJobResult = { kind: 'found'; job: JobView } | { kind: 'job_not_found' };

/** The core's front for everything that happens to a job: the same methods serve the External API and the web page. */
@Injectable()
export class JobService {
  constructor(
    private readonly db: DataSource,
    private readonly create: CreateJob,
    private readonly renewUrls: RenewUploadUrls,
    private readonly start: StartJob,
    private readonly cancel: CancelJob,
    private readonly retry: RetryJob,
    private readonly resolve: ResolveJob,
  ) {}

  /** Checks a submission whole and makes the job; see `CreateJob`. */
  createJob(command: CreateJobCommand, alongside?: Alongside<CreatedJob>): Promise<CreateJobResult> {
    return this.create.execute(command, alongside);
  }

  /** Signs the uploads of a job that waits for them anew; see `RenewUploadUrls`. `uid` must be a UUID. */
  renewUploadUrls(uid: string, access: JobAccess): Promise<RenewUploadUrlsResult> {
    return this.renewUrls.execute(uid, access);
  }

  /** Starts a job whose files are uploaded, once; see `StartJob`. `uid` must be a UUID. */
  startJob(uid: string, access: JobAccess, change?: JobChange<StartedJob>): Promise<StartJobResult> {
    return this.start.execute(uid, access, change);
  }

  /** Ends a live job; see `CancelJob`. `uid` must be a UUID. */
  cancelJob(uid: string, access: JobAccess, change?: JobChange<{ uid: string }>): Promise<CancelJobResult> {
    return this.cancel.execute(uid, access, change);
  }

  /** Gives a job that failed or was cancelled another run; see `RetryJob`. `uid` must be a UUID. */
  retryJob(uid: string, access: JobAccess, change?: JobChange<{ uid: string }>): Promise<RetryJobResult> {
    return this.retry.execute(uid, access, change);
  }

  /** Marks a failed job as dealt with, or as open again, by a user; see `ResolveJob`. `uid` must be a UUID. */
  resolveJob(uid: string, access: JobAccess, userId: string, resolved: boolean): Promise<ResolveJobResult> {
    return this.resolve.execute(uid, access, userId, resolved);
  }

  /** One job with its files and runs. `uid` must be a UUID. */
  async getJob(uid: string, access: JobAccess): Promise<GetJobResult> {
    const job = await findJobView(this.db, uid, access);
    return job ? { kind: 'found', job } : { kind: 'job_not_found' };
  }

  /** A page of jobs, newest first; see `listJobs`. */
  listJobs(access: JobAccess, filter: JobFilter, position: string | null, limit: number): Promise<JobPage> {
    return listJobs(this.db, access, filter, position, limit);
  }
}
