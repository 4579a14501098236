import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { FileService, type UploadedPart } from '../files/file.service';
import { ObjectStoreSettings } from '../platform/config/settings';
import type { JobAccess } from './commands';
import { findUploadableJob } from './job.queries';
import { notCreated, type JobNotCreated } from './not-created';
import { urlLifetime } from './sign-uploads';

/**
 * Bytes of every part but the last: the least that S3 takes, so that a dropped connection costs little. The largest file that may be
 * uploaded at all, 5 GiB, has 1,024 of the 10,000 parts that S3 takes.
 */
export const PART_BYTES = 5 * 1024 * 1024;

/** Which file of which job. `uid` must be a UUID. */
export interface FileOfJob {
  readonly uid: string;
  readonly envVar: string;
}

/** Why a job's file cannot be uploaded in parts, whatever is asked. */
export type NotUploadable =
  | { kind: 'job_not_found' }
  | { kind: 'job_file_not_found' }
  | JobNotCreated
  /** Its size was not declared, which bounds the parts, or its checksum was, which the store compares only for a file as one. */
  | { kind: 'upload_in_parts_not_possible' };

export type BeginUploadResult = { kind: 'begun'; uploadId: string; partSize: number } | NotUploadable;
export type SignPartsResult =
  { kind: 'signed'; urls: ReadonlyMap<number, string> } | { kind: 'no_such_part'; count: number } | NotUploadable;
export type ListPartsResult = { kind: 'listed'; parts: readonly UploadedPart[] } | { kind: 'upload_not_found' } | NotUploadable;
export type CompleteUploadResult =
  | { kind: 'completed' }
  | { kind: 'parts_missing'; numbers: readonly number[] }
  | { kind: 'upload_not_found' }
  | { kind: 'storage_unavailable'; cause: unknown }
  | NotUploadable;
export type AbortUploadResult = { kind: 'aborted' } | NotUploadable;

interface UploadableFile {
  readonly kind: 'file';
  readonly key: string;
  /** Bytes, as declared when the job was created. */
  readonly size: number;
  readonly secondsLeft: number;
}

/**
 * The use case "upload a job's file in parts", for a client that may be interrupted: only while the job waits for its files, only to
 * the file's own key, and only as many bytes as were declared. Nothing of it is kept in the database; what is never completed goes
 * with the job's inputs. Where the object store is away every method but `complete` throws StorageUnavailableError.
 */
@Injectable()
export class UploadInParts {
  constructor(
    private readonly db: DataSource,
    private readonly files: FileService,
    private readonly settings: ObjectStoreSettings,
  ) {}

  /** Begins anew: parts that were sent before are thrown away. */
  async begin(file: FileOfJob, access: JobAccess): Promise<BeginUploadResult> {
    const found = await this.find(file, access);
    if (found.kind !== 'file') return found;
    return { kind: 'begun', uploadId: await this.files.multipart.begin(found.key), partSize: PART_BYTES };
  }

  /** @param numbers of the parts, from 1, each once. */
  async signParts(file: FileOfJob, uploadId: string, numbers: readonly number[], access: JobAccess): Promise<SignPartsResult> {
    const found = await this.find(file, access);
    if (found.kind !== 'file') return found;
    const sizes = partSizes(found.size);
    if (numbers.some((number) => number > sizes.length)) return { kind: 'no_such_part', count: sizes.length };
    const parts = numbers.map((number) => ({ number, size: sizes[number - 1] ?? 0 }));
    const ttlSeconds = urlLifetime(this.settings.uploadUrlTtlSeconds, found.secondsLeft);
    const urls = await this.files.multipart.signParts({ key: found.key, uploadId }, parts, ttlSeconds);
    return { kind: 'signed', urls };
  }

  async listParts(file: FileOfJob, uploadId: string, access: JobAccess): Promise<ListPartsResult> {
    const found = await this.find(file, access);
    return found.kind === 'file' ? this.files.multipart.listParts({ key: found.key, uploadId }) : found;
  }

  /** May be repeated by a client that did not hear the answer. */
  async complete(file: FileOfJob, uploadId: string, access: JobAccess): Promise<CompleteUploadResult> {
    const found = await this.find(file, access);
    if (found.kind !== 'file') return found;
    const upload = { key: found.key, uploadId };
    const listed = await this.files.multipart.listParts(upload);
    if (listed.kind === 'upload_not_found') return this.whetherThere(found);
    const sizeOf = new Map(listed.parts.map(({ number, size }) => [number, size]));
    const missing = partSizes(found.size).flatMap((size, index) => (sizeOf.get(index + 1) === size ? [] : [index + 1]));
    if (missing.length > 0) return { kind: 'parts_missing', numbers: missing };
    const outcome = await this.files.multipart.complete(upload, listed.parts);
    return outcome === 'completed' ? { kind: outcome } : this.whetherThere(found);
  }

  async abort(file: FileOfJob, uploadId: string, access: JobAccess): Promise<AbortUploadResult> {
    const found = await this.find(file, access);
    if (found.kind !== 'file') return found;
    await this.files.multipart.abort({ key: found.key, uploadId });
    return { kind: 'aborted' };
  }

  /** An upload that is gone may have been completed a moment ago. */
  private async whetherThere({ key, size }: UploadableFile): Promise<CompleteUploadResult> {
    const result = await this.files.doFilesExist([key]);
    if (result.kind === 'storage_unavailable') return result;
    return { kind: result.found.get(key)?.size === size ? 'completed' : 'upload_not_found' };
  }

  private async find({ uid, envVar }: FileOfJob, access: JobAccess): Promise<UploadableFile | NotUploadable> {
    const job = await findUploadableJob(this.db, uid, access);
    if (!job) return { kind: 'job_not_found' };
    const file = job.files.find((candidate) => candidate.envVar === envVar);
    if (!file) return { kind: 'job_file_not_found' };
    if (job.status !== 'created') return notCreated(job.status);
    if (job.secondsLeft < 1) return notCreated('expired');
    if (file.declaredSize === null || file.declaredSha256 !== null) return { kind: 'upload_in_parts_not_possible' };
    return { kind: 'file', key: file.objectKey, size: file.declaredSize, secondsLeft: job.secondsLeft };
  }
}

/** How long each part of a file is; at index 0 that of part 1. */
function partSizes(fileSize: number): number[] {
  const count = Math.ceil(fileSize / PART_BYTES);
  return Array.from({ length: count }, (_, index) => Math.min(PART_BYTES, fileSize - index * PART_BYTES));
}
