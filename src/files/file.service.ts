import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type HeadObjectCommandOutput,
  type ListObjectVersionsCommandOutput,
  type ObjectIdentifier,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Readable } from 'node:stream';
import { ObjectStoreSettings } from '../platform/config/settings';
import { ObjectStoreMetrics } from '../platform/object-store/object-store-metrics';
import { createS3Client } from '../platform/object-store/s3-client';
import { StorageUnavailableError } from '../platform/object-store/storage-unavailable.error';
import { MultipartUploads, type UploadedPart } from './multipart-uploads';
import { ObjectWriter, type WrittenObject } from './object-writer';
import { realVersion } from './object-version';
import { UrlSigner, type UrlToSign } from './url-signer';

/** A presigned upload: what the client has to send for S3 to take the file. */
export interface PresignedUpload {
  readonly method: 'PUT';
  readonly url: string;
  /** Headers that are part of the signature; without them, or with others, S3 refuses. */
  readonly headers: Readonly<Record<string, string>>;
  readonly expiresAt: Date;
}

export type { UploadedPart };

/** An object as it was found, pinned to the version that was there. */
export interface StoredObject {
  /** Bytes. */
  readonly size: number;
  readonly etag: string;
  /** null where the bucket has no versioning; the ETag pins the object then. */
  readonly versionId: string | null;
  /** Lower-case hex, where the store tells it. */
  readonly sha256: string | null;
}

/** Where an object is, and which version of it is meant. */
export interface PinnedObject {
  readonly key: string;
  readonly versionId: string | null;
  readonly etag?: string | null;
}

export type FilesExistResult =
  | { kind: 'checked'; found: ReadonlyMap<string, StoredObject>; missing: readonly string[] }
  | { kind: 'storage_unavailable'; cause: unknown };

/** A question of a request has to be answered, or given up, well within the 10 s in which a 503 must come. */
const REQUEST_DEADLINE_MS = 7_000;
const S3_DELETE_LIMIT = 1_000;

/** The object store: presigned URLs for clients, existence checks, and streams for the worker. No file passes the API. */
@Injectable()
export class FileService implements OnModuleDestroy {
  /** For questions inside a request. */
  private readonly questions: S3Client;
  /** For streams, which may take as long as the file is long, but not stand still. */
  private readonly streams: S3Client;
  private readonly signer: UrlSigner;
  /** Objects that clients upload in parts. */
  readonly multipart: MultipartUploads;

  constructor(
    private readonly settings: ObjectStoreSettings,
    metrics: ObjectStoreMetrics,
  ) {
    this.questions = createS3Client(settings, { connectMs: 2_000, silentMs: 3_000, attempts: 2 });
    this.streams = createS3Client(settings, { connectMs: 5_000, silentMs: 30_000, attempts: 3 });
    metrics.observe(this.questions);
    metrics.observe(this.streams);
    this.signer = new UrlSigner(this.questions, settings.bucket);
    this.multipart = new MultipartUploads(this.questions, this.streams, this.signer, settings.bucket);
  }

  onModuleDestroy(): void {
    this.questions.destroy();
    this.streams.destroy();
  }

  /**
   * Signs a PUT of one object. A declared size and checksum become part of the signature, so that S3 itself refuses anything
   * else; without them a bare `curl -T` works.
   *
   * @param declared.size bytes; `declared.sha256` lower-case hex.
   * @throws StorageUnavailableError when there are no credentials to sign with.
   */
  async presignUpload(
    key: string,
    declared: { size?: number | null; sha256?: string | null },
    ttlSeconds = this.settings.uploadUrlTtlSeconds,
  ): Promise<PresignedUpload> {
    const headers: Record<string, string> = {};
    if (declared.size != null) headers['content-length'] = String(declared.size);
    if (declared.sha256 != null) headers['x-amz-checksum-sha256'] = Buffer.from(declared.sha256, 'hex').toString('base64');
    const signedAt = wholeSecond();
    const url = await this.sign({ method: 'PUT', key, headers, signedAt, expiresInSeconds: ttlSeconds });
    return { method: 'PUT', url, headers, expiresAt: new Date(signedAt.getTime() + ttlSeconds * 1000) };
  }

  /**
   * Signs a GET that downloads exactly this version under a name, never shown by a browser as a page of ours.
   *
   * @throws StorageUnavailableError when there are no credentials to sign with.
   */
  async presignDownload(object: PinnedObject & { name: string }): Promise<{ url: string; expiresAt: Date }> {
    const signedAt = wholeSecond();
    const expiresInSeconds = this.settings.downloadUrlTtlSeconds;
    const query = {
      'response-content-disposition': attachment(object.name),
      'response-content-type': 'application/octet-stream',
      ...(object.versionId ? { versionId: object.versionId } : {}),
    };
    const url = await this.sign({ method: 'GET', key: object.key, query, signedAt, expiresInSeconds });
    return { url, expiresAt: new Date(signedAt.getTime() + expiresInSeconds * 1000) };
  }

  /** The origin that presigned URLs lead to; null while there are no credentials to sign with. */
  uploadOrigin(): Promise<string | null> {
    return this.signer.origin().catch(() => null);
  }

  /**
   * Looks all objects up at once. Only a 404 is "missing": a 403 (what S3 answers for a missing key to somebody who may not
   * list the bucket), any other error and no answer are `storage_unavailable`.
   */
  async doFilesExist(keys: readonly string[]): Promise<FilesExistResult> {
    const signal = AbortSignal.timeout(REQUEST_DEADLINE_MS);
    try {
      const heads = await Promise.all(keys.map((key) => this.head(key, signal)));
      const found = new Map<string, StoredObject>();
      keys.forEach((key, index) => {
        const head = heads[index];
        if (head) found.set(key, toStoredObject(head));
      });
      return { kind: 'checked', found, missing: keys.filter((key) => !found.has(key)) };
    } catch (cause) {
      return { kind: 'storage_unavailable', cause };
    }
  }

  /**
   * Streams one version of an object.
   *
   * @throws StorageUnavailableError when the store does not give it, a changed object (another ETag) included.
   */
  async openRead(object: PinnedObject, signal?: AbortSignal): Promise<Readable> {
    const command = new GetObjectCommand({
      Bucket: this.settings.bucket,
      Key: object.key,
      ...(object.versionId ? { VersionId: object.versionId } : object.etag ? { IfMatch: object.etag } : {}),
    });
    try {
      const { Body } = await this.streams.send(command, { abortSignal: signal });
      if (!(Body instanceof Readable)) throw new Error('the answer has no body');
      return Body;
    } catch (cause) {
      throw new StorageUnavailableError('read', cause);
    }
  }

  /** Begins to write an object in parts; nothing is sent yet. Whoever does not end it has to abort it. */
  openWrite(key: string): ObjectWriter {
    return new ObjectWriter(this.streams, { Bucket: this.settings.bucket, Key: key });
  }

  /**
   * Writes a small object at once.
   *
   * @throws StorageUnavailableError when the store does not take it, or the signal aborts.
   */
  async write(key: string, body: Buffer, options: { contentType?: string; signal?: AbortSignal } = {}): Promise<WrittenObject> {
    const ContentType = options.contentType ?? 'application/octet-stream';
    const command = new PutObjectCommand({ Bucket: this.settings.bucket, Key: key, Body: body, ContentType });
    try {
      const { VersionId } = await this.streams.send(command, { abortSignal: options.signal });
      return { size: body.length, versionId: realVersion(VersionId) };
    } catch (cause) {
      throw new StorageUnavailableError('write', cause);
    }
  }

  /** Removes objects; those that are not there count as removed. @throws StorageUnavailableError */
  async remove(keys: readonly string[]): Promise<void> {
    try {
      for (let from = 0; from < keys.length; from += S3_DELETE_LIMIT) {
        const Objects = keys.slice(from, from + S3_DELETE_LIMIT).map((Key) => ({ Key }));
        await this.deleteAll(Objects);
      }
    } catch (cause) {
      throw new StorageUnavailableError('remove', cause);
    }
  }

  /**
   * Removes every object whose key begins with a prefix, in all its versions and with the marks of earlier deletions, so that
   * nothing can be had back, and with the parts of uploads that were never completed. Whatever appears meanwhile may stay. In a
   * bucket without versioning it is a plain removal.
   *
   * @param prefix two folders at least, with a `/` at the end, so that it is not the beginning of a longer name.
   * @throws StorageUnavailableError
   */
  async removeUnder(prefix: string, signal?: AbortSignal): Promise<void> {
    if (!/^[^/]+\/[^/]+\/(.+\/)?$/.test(prefix)) throw new Error(`not a prefix to remove by: ${prefix}`);
    // First, so that none is completed once its versions were looked for.
    await this.multipart.abortUnder(prefix, signal);
    const command = new ListObjectVersionsCommand({ Bucket: this.settings.bucket, Prefix: prefix });
    try {
      let page: ListObjectVersionsCommandOutput;
      do {
        // Always the first page, of what is left: a position would be that of a version which is gone.
        page = await this.streams.send(command, { abortSignal: signal });
        const Objects = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(({ Key, VersionId }) => ({
          Key,
          VersionId,
        }));
        if (Objects.length > 0) await this.deleteAll(Objects, signal);
      } while (page.IsTruncated);
    } catch (cause) {
      throw new StorageUnavailableError('remove', cause);
    }
  }

  /** Whether the store has the bucket and lets us use it; for the health report. */
  async isReachable(): Promise<boolean> {
    const command = new HeadBucketCommand({ Bucket: this.settings.bucket });
    return this.questions.send(command, { abortSignal: AbortSignal.timeout(REQUEST_DEADLINE_MS) }).then(
      () => true,
      () => false,
    );
  }

  private async deleteAll(Objects: ObjectIdentifier[], abortSignal?: AbortSignal): Promise<void> {
    const command = new DeleteObjectsCommand({ Bucket: this.settings.bucket, Delete: { Objects, Quiet: true } });
    const { Errors = [] } = await this.streams.send(command, { abortSignal });
    if (Errors.length > 0) throw new Error(`${Errors.length} objects were not removed: ${Errors[0]?.Code}`);
  }

  private async head(key: string, abortSignal: AbortSignal): Promise<HeadObjectCommandOutput | undefined> {
    try {
      return await this.questions.send(
        new HeadObjectCommand({ Bucket: this.settings.bucket, Key: key, ChecksumMode: 'ENABLED' }),
        { abortSignal },
      );
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  private async sign(url: UrlToSign): Promise<string> {
    try {
      return await this.signer.sign(url);
    } catch (cause) {
      throw new StorageUnavailableError('sign', cause);
    }
  }
}

function isNotFound(error: unknown): boolean {
  return (error as { $metadata?: { httpStatusCode?: number } })?.$metadata?.httpStatusCode === 404;
}

function toStoredObject(head: HeadObjectCommandOutput): StoredObject {
  // A composite checksum of a multipart upload ("…-3") is not the checksum of the bytes.
  const sha256 =
    head.ChecksumSHA256 && !head.ChecksumSHA256.includes('-') ? Buffer.from(head.ChecksumSHA256, 'base64').toString('hex') : null;
  return { size: head.ContentLength ?? 0, etag: head.ETag ?? '', versionId: realVersion(head.VersionId), sha256 };
}

/** Now, as exactly as a signature has it: URLs must not be said to live longer than they do. */
const wholeSecond = (): Date => new Date(Math.floor(Date.now() / 1000) * 1000);

/** RFC 6266 with RFC 8187 for what is not plain ASCII. */
function attachment(name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return ascii === name ? `attachment; filename="${ascii}"` : `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
