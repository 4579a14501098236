import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  type CompletedPart,
  type ListMultipartUploadsCommandOutput,
  type ListPartsCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { StorageUnavailableError } from '../platform/object-store/storage-unavailable.error';
import type { UrlSigner } from './url-signer';

/** A part that the store has. */
export interface UploadedPart {
  /** From 1. */
  readonly number: number;
  /** Bytes. */
  readonly size: number;
  readonly etag: string;
}

/** A part that a client may send. */
export interface PartToSign {
  readonly number: number;
  /** Bytes: part of the signature, so that the store takes no other length. */
  readonly size: number;
}

export interface ObjectUpload {
  readonly key: string;
  /** As the store gave it; one of another key is not found. */
  readonly uploadId: string;
}

export type ListPartsResult = { kind: 'listed'; parts: readonly UploadedPart[] } | { kind: 'upload_not_found' };

/** Well within the 10 s in which a 503 has to come. */
const QUESTION_MS = 7_000;
/** The store puts the parts together before it answers; whoever hears nothing asks again, and then it is done. */
const COMPLETION_MS = 25_000;

/**
 * Uploads of objects in parts that clients send themselves (Amazon S3 multipart upload), so that a part that is through need not be
 * sent again. Every method throws StorageUnavailableError where the store does not do what it is asked.
 */
export class MultipartUploads {
  /**
   * @param questions the client for what is answered at once.
   * @param streams the client for what takes the store a while.
   */
  constructor(
    private readonly questions: S3Client,
    private readonly streams: S3Client,
    private readonly signer: UrlSigner,
    private readonly bucket: string,
  ) {}

  /** Begins the upload of an object. One that was begun before for the same key is given up, so that there is never more than one. */
  async begin(key: string): Promise<string> {
    return this.ask('write', async (abortSignal) => {
      await this.abortMatching(key, (other) => other === key, abortSignal);
      const command = new CreateMultipartUploadCommand({
        Bucket: this.bucket,
        Key: key,
        ContentType: 'application/octet-stream',
      });
      const { UploadId } = await this.questions.send(command, { abortSignal });
      if (UploadId === undefined) throw new Error('the upload in parts has no id');
      return UploadId;
    });
  }

  /**
   * Signs a PUT of each part. Whether there is such an upload is not asked: the store refuses the parts of one that is not there.
   *
   * @returns the URLs by the parts' numbers.
   */
  async signParts(
    { key, uploadId }: ObjectUpload,
    parts: readonly PartToSign[],
    ttlSeconds: number,
  ): Promise<ReadonlyMap<number, string>> {
    const signedAt = new Date();
    const sign = async ({ number, size }: PartToSign): Promise<readonly [number, string]> => {
      const query = { partNumber: String(number), uploadId };
      const headers = { 'content-length': String(size) };
      return [number, await this.signer.sign({ method: 'PUT', key, query, headers, signedAt, expiresInSeconds: ttlSeconds })];
    };
    try {
      return new Map(await Promise.all(parts.map(sign)));
    } catch (cause) {
      throw new StorageUnavailableError('sign', cause);
    }
  }

  /** The parts that are through, by number. */
  async listParts(upload: ObjectUpload): Promise<ListPartsResult> {
    return this.ask('read', async (abortSignal) => {
      const parts: UploadedPart[] = [];
      let page: ListPartsCommandOutput | undefined;
      try {
        // Not with the SDK's paginator: it goes by the next position, which the last page has too, and begins again.
        do {
          const command = new ListPartsCommand({ ...this.named(upload), PartNumberMarker: page?.NextPartNumberMarker });
          page = await this.questions.send(command, { abortSignal });
          for (const { PartNumber = 0, Size = 0, ETag = '' } of page.Parts ?? [])
            parts.push({ number: PartNumber, size: Size, etag: ETag });
        } while (page.IsTruncated);
      } catch (error) {
        if (isNoSuchUpload(error)) return { kind: 'upload_not_found' };
        throw error;
      }
      return { kind: 'listed', parts };
    });
  }

  /** Puts the parts together: then the object is there. What was sent of other parts is thrown away. */
  async complete(upload: ObjectUpload, parts: readonly UploadedPart[]): Promise<'completed' | 'upload_not_found'> {
    const Parts = parts.map(({ number, etag }): CompletedPart => ({ PartNumber: number, ETag: etag }));
    const command = new CompleteMultipartUploadCommand({ ...this.named(upload), MultipartUpload: { Parts } });
    try {
      await this.streams.send(command, { abortSignal: AbortSignal.timeout(COMPLETION_MS) });
      return 'completed';
    } catch (cause) {
      if (isNoSuchUpload(cause)) return 'upload_not_found';
      throw new StorageUnavailableError('write', cause);
    }
  }

  /** Gives an upload up, with its parts; one that is not there counts as given up. */
  async abort(upload: ObjectUpload): Promise<void> {
    return this.ask('remove', (abortSignal) => this.abortOne(upload, abortSignal));
  }

  /** Gives up every upload whose key begins with a prefix. Whatever begins meanwhile may stay. */
  async abortUnder(prefix: string, signal?: AbortSignal): Promise<void> {
    try {
      await this.abortMatching(prefix, () => true, signal);
    } catch (cause) {
      throw new StorageUnavailableError('remove', cause);
    }
  }

  private async abortMatching(prefix: string, matches: (key: string) => boolean, abortSignal?: AbortSignal): Promise<void> {
    let page: ListMultipartUploadsCommandOutput | undefined;
    do {
      const position = { KeyMarker: page?.NextKeyMarker, UploadIdMarker: page?.NextUploadIdMarker };
      const command = new ListMultipartUploadsCommand({ Bucket: this.bucket, Prefix: prefix, ...position });
      page = await this.questions.send(command, { abortSignal });
      const found = (page.Uploads ?? []).flatMap(({ Key, UploadId }) =>
        Key !== undefined && UploadId !== undefined && matches(Key) ? [{ key: Key, uploadId: UploadId }] : [],
      );
      for (const upload of found) await this.abortOne(upload, abortSignal);
    } while (page.IsTruncated);
  }

  private async abortOne(upload: ObjectUpload, abortSignal?: AbortSignal): Promise<void> {
    try {
      await this.questions.send(new AbortMultipartUploadCommand(this.named(upload)), { abortSignal });
    } catch (error) {
      if (!isNoSuchUpload(error)) throw error;
    }
  }

  private async ask<T>(action: 'read' | 'write' | 'remove', question: (signal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      return await question(AbortSignal.timeout(QUESTION_MS));
    } catch (cause) {
      throw new StorageUnavailableError(action, cause);
    }
  }

  private named({ key, uploadId }: ObjectUpload): { Bucket: string; Key: string; UploadId: string } {
    return { Bucket: this.bucket, Key: key, UploadId: uploadId };
  }
}

/** radosgw answers a list of parts with `NoSuchKey`. */
const isNoSuchUpload = (error: unknown): boolean =>
  ['NoSuchUpload', 'NoSuchKey'].includes(String((error as { name?: unknown } | null)?.name));
