import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { FileService, type PresignedUpload } from '../files/file.service';
import { ObjectStoreSettings } from '../platform/config/settings';
import type { JobAccess } from './commands';
import { findUploadableJob } from './job.queries';
import { notCreated, type JobNotCreated } from './not-created';
import { signUploads } from './sign-uploads';

export type RenewUploadUrlsResult =
  | { kind: 'renewed'; uid: string; expiresAt: Date; uploads: ReadonlyMap<string, PresignedUpload> }
  | { kind: 'job_not_found' }
  | JobNotCreated;

/** The use case "renew a job's upload URLs": those of the creation live shorter than the job waits for its start. */
@Injectable()
export class RenewUploadUrls {
  constructor(
    private readonly db: DataSource,
    private readonly fileService: FileService,
    private readonly settings: ObjectStoreSettings,
  ) {}

  /** Changes nothing; URLs that were given before work on. @throws StorageUnavailableError when there are no credentials to sign with. */
  async execute(uid: string, access: JobAccess): Promise<RenewUploadUrlsResult> {
    const job = await findUploadableJob(this.db, uid, access);
    if (!job) return { kind: 'job_not_found' };
    if (job.status !== 'created') return notCreated(job.status);
    // No URL lives less than a second, and none may outlive the job.
    if (job.secondsLeft < 1) return notCreated('expired');
    const uploads = await signUploads(this.fileService, job.files, this.settings.uploadUrlTtlSeconds, job.secondsLeft);
    return { kind: 'renewed', uid, expiresAt: job.expiresAt, uploads };
  }
}
