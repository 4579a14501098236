import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
  type CompletedPart,
  type S3Client,
} from '@aws-sdk/client-s3';
import { StorageUnavailableError } from '../platform/object-store/storage-unavailable.error';
import { realVersion } from './object-version';

/** S3's limits (Amazon S3 multipart upload limits): the least of a part that is not the last, and how many parts there may be. */
export const MIN_PART_BYTES = 5 * 1024 * 1024;
export const MAX_PARTS = 10_000;

const CONTENT_TYPE = 'application/octet-stream';

/** An object would have more parts than S3 takes. */
export class ObjectTooLargeError extends Error {
  constructor() {
    super(`an object has more than ${MAX_PARTS} parts`);
    this.name = 'ObjectTooLargeError';
  }
}

export interface WrittenObject {
  /** Bytes. */
  readonly size: number;
  readonly versionId: string | null;
}

/**
 * Writes an object in parts as they are made, which become visible only as a whole. It keeps no byte of them, so whoever has several
 * objects and parts under way knows what is in memory; the SDK's `Upload` gathers and copies parts for each object.
 */
export class ObjectWriter {
  private uploadId: Promise<string> | undefined;
  private readonly parts: Promise<CompletedPart>[] = [];
  private ending: Promise<WrittenObject> | undefined;
  private size = 0;
  /**
   * Cuts off parts on their way. Other requests are let be: an upload whose id is not known could never be removed, and a PUT that was
   * broken off may be carried out by the store after the object was removed.
   */
  private readonly cut = new AbortController();

  constructor(
    private readonly client: S3Client,
    private readonly object: { readonly Bucket: string; readonly Key: string },
  ) {}

  /**
   * Sends a part of `MIN_PART_BYTES` or more. Parts are in the order of the calls, several may be under way, and the bytes must stay
   * as they are until it resolves.
   *
   * @throws StorageUnavailableError, ObjectTooLargeError
   */
  async write(part: Uint8Array): Promise<void> {
    await this.sendPart(part);
  }

  /**
   * Sends the last part, which may be of any length, also none, and waits for the others: then the object is there.
   *
   * @throws StorageUnavailableError, ObjectTooLargeError
   */
  async end(last: Uint8Array): Promise<WrittenObject> {
    this.ending = this.parts.length === 0 ? this.put(last) : this.complete(last);
    return this.ending;
  }

  /**
   * Gives the object up: cuts off parts that are being sent, waits for an end that is under way, and removes the parts, as far as the
   * store can be reached. An object that is whole by then stays.
   */
  async abort(): Promise<void> {
    this.cut.abort();
    await Promise.allSettled([...this.parts, this.ending]);
    if (this.uploadId === undefined) return;
    try {
      await this.client.send(new AbortMultipartUploadCommand({ ...this.object, UploadId: await this.uploadId }));
    } catch {
      // It is whole, was never begun, or the store is away; then a lifecycle rule of the bucket removes the parts.
    }
  }

  private async put(body: Uint8Array): Promise<WrittenObject> {
    const command = new PutObjectCommand({ ...this.object, Body: body, ContentType: CONTENT_TYPE });
    const { VersionId } = await this.send(() => this.client.send(command));
    return { size: body.length, versionId: realVersion(VersionId) };
  }

  private async complete(last: Uint8Array): Promise<WrittenObject> {
    if (last.length > 0) await this.sendPart(last);
    const Parts = await Promise.all(this.parts);
    const UploadId = await this.uploadId;
    this.cut.signal.throwIfAborted();
    const command = new CompleteMultipartUploadCommand({ ...this.object, UploadId, MultipartUpload: { Parts } });
    const { VersionId } = await this.send(() => this.client.send(command));
    return { size: this.size, versionId: realVersion(VersionId) };
  }

  private sendPart(body: Uint8Array): Promise<CompletedPart> {
    if (this.parts.length === MAX_PARTS) return Promise.reject(new ObjectTooLargeError());
    const PartNumber = this.parts.length + 1;
    const part = this.send(async () => {
      const UploadId = await (this.uploadId ??= this.begin());
      const command = new UploadPartCommand({ ...this.object, UploadId, PartNumber, Body: body });
      const { ETag } = await this.client.send(command, { abortSignal: this.cut.signal });
      return { PartNumber, ETag };
    });
    this.parts.push(part);
    this.size += body.length;
    return part;
  }

  private async begin(): Promise<string> {
    this.cut.signal.throwIfAborted();
    const command = new CreateMultipartUploadCommand({ ...this.object, ContentType: CONTENT_TYPE });
    const { UploadId } = await this.client.send(command);
    if (UploadId === undefined) throw new Error('the upload in parts has no id');
    return UploadId;
  }

  private async send<T>(request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (cause) {
      throw new StorageUnavailableError('write', cause);
    }
  }
}
