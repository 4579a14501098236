import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { FileService, type StoredObject } from '../files/file.service';
import { JobSettings } from '../platform/config/settings';
import { RunQueue } from '../platform/queue/run-queue';
import { inSpanOf } from '../platform/tracing/spans';
import type { JobAccess, JobChange } from './commands';
import { findStartableJob, queueCreatedJob, type StartableJob } from './job.queries';
import { notCreated, type JobNotCreated } from './not-created';

/** A file that keeps a job from starting. */
export interface UnreadyFile {
  readonly envVar: string;
  readonly name: string;
}

export interface StartedJob {
  readonly uid: string;
  readonly startedAt: Date;
}

export type StartJobResult =
  | ({ kind: 'started' } & StartedJob)
  | { kind: 'job_not_found' }
  | JobNotCreated
  | { kind: 'files_missing' | 'files_empty'; files: readonly UnreadyFile[] }
  | { kind: 'file_too_large'; files: readonly UnreadyFile[]; maxBytes: number }
  | { kind: 'storage_unavailable'; cause: unknown };

/** The use case "start a job": pins the uploaded files and queues the job's first run, once. */
@Injectable()
export class StartJob {
  constructor(
    private readonly db: DataSource,
    private readonly files: FileService,
    private readonly queue: RunQueue,
    private readonly settings: JobSettings,
  ) {}

  async execute(uid: string, access: JobAccess, change: JobChange<StartedJob> = {}): Promise<StartJobResult> {
    const job = await findStartableJob(this.db, uid, access);
    if (!job) return { kind: 'job_not_found' };
    if (job.status !== 'created') return notCreated(job.status);
    return inSpanOf(job.traceparent, 'start job', { 'slipway.job.uid': uid }, () => this.startFound(uid, access, job, change));
  }

  private async startFound(
    uid: string,
    access: JobAccess,
    job: StartableJob,
    { userId = null, alongside }: JobChange<StartedJob>,
  ): Promise<StartJobResult> {
    const found = await this.files.doFilesExist(job.files.map((file) => file.objectKey));
    if (found.kind === 'storage_unavailable') return found;
    const unready = this.findUnready(job, found.found);
    if (unready) return unready;

    const runUid = uuidv7();
    const pins = job.files.map((file) => ({ fileId: file.id, object: found.found.get(file.objectKey) as StoredObject }));
    const started = await this.db.transaction(async (tx) => {
      const queued = await queueCreatedJob(tx, job.id, runUid, pins, userId);
      if (!queued) return null;
      await this.queue.enqueue(tx, { runUid, tenant: `${job.partner}/${job.tenant}` });
      const outcome = { uid, ...queued };
      await alongside?.(tx, outcome);
      return outcome;
    });
    if (started) return { kind: 'started', ...started };
    // Somebody else was faster; the row says who.
    const current = await findStartableJob(this.db, uid, access);
    return current ? notCreated(current.status) : { kind: 'job_not_found' };
  }

  /** Missing before empty before too large; every file of the first kind that there is. */
  private findUnready(job: StartableJob, found: ReadonlyMap<string, StoredObject>): StartJobResult | null {
    const sizeOf = (file: StartableJob['files'][number]): number | undefined => found.get(file.objectKey)?.size;
    const missing = job.files.filter((file) => sizeOf(file) === undefined);
    if (missing.length > 0) return { kind: 'files_missing', files: missing };
    const empty = job.files.filter((file) => sizeOf(file) === 0);
    if (empty.length > 0) return { kind: 'files_empty', files: empty };
    const { maxUploadBytes } = this.settings;
    const tooLarge = job.files.filter((file) => (sizeOf(file) ?? 0) > maxUploadBytes);
    return tooLarge.length > 0 ? { kind: 'file_too_large', files: tooLarge, maxBytes: maxUploadBytes } : null;
  }
}
