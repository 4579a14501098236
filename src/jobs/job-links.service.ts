import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { FileService } from '../files/file.service';
import { ObjectStoreSettings } from '../platform/config/settings';
import type { JobAccess } from './commands';
import { findStoredInputs, findStoredOutputsOfJob } from './job-links.queries';
import { signDownloads, type DownloadLinks } from './sign-downloads';

export type InputLinksResult =
  | ({ kind: 'found' } & DownloadLinks)
  | { kind: 'job_not_found' }
  /** Which files it has is known from its start on. */
  | { kind: 'job_not_started' }
  | { kind: 'input_files_removed'; removedAt: Date };

export type OutputLinksResult =
  | ({ kind: 'found' } & DownloadLinks)
  | { kind: 'job_not_found' }
  /** No run has succeeded. */
  | { kind: 'output_set_not_found' }
  | { kind: 'output_files_removed'; removedAt: Date };

/** Links that download the files of one job. `uid` must be a UUID. */
@Injectable()
export class JobLinksService {
  constructor(
    private readonly db: DataSource,
    private readonly files: FileService,
    private readonly settings: ObjectStoreSettings,
  ) {}

  /** By env_var; in the versions that the job's runs read. @throws StorageUnavailableError when there are no credentials to sign with. */
  async inputs(uid: string, access: JobAccess): Promise<InputLinksResult> {
    const job = await findStoredInputs(this.db, uid, access);
    if (!job) return { kind: 'job_not_found' };
    if (job.removedAt) return { kind: 'input_files_removed', removedAt: job.removedAt };
    if (!job.isStarted) return { kind: 'job_not_started' };
    return { kind: 'found', ...(await signDownloads(this.files, job.files, this.settings.downloadUrlTtlSeconds)) };
  }

  /** By file name; of the job's newest output set. @throws StorageUnavailableError when there are no credentials to sign with. */
  async outputs(uid: string, access: JobAccess): Promise<OutputLinksResult> {
    const job = await findStoredOutputsOfJob(this.db, uid, access);
    if (!job) return { kind: 'job_not_found' };
    if (!job.outputs) return { kind: 'output_set_not_found' };
    const { removedAt, files } = job.outputs;
    if (removedAt !== null) return { kind: 'output_files_removed', removedAt: new Date(removedAt) };
    return { kind: 'found', ...(await signDownloads(this.files, files, this.settings.downloadUrlTtlSeconds)) };
  }
}
