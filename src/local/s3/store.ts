import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Bucket } from './bucket';
import { S3Error } from './errors';
import { MultipartUploads } from './multipart';

// The rules for bucket names, without those against looking like an IP address.
const BUCKET_NAME = /^[a-z0-9](?:[a-z0-9]|[.-](?=[a-z0-9])|-(?=-)){1,61}[a-z0-9]$/;

/** A bucket and its multipart uploads, which become versions of it. */
export interface StoredBucket {
  bucket: Bucket;
  uploads: MultipartUploads;
}

/**
 * Everything the server keeps, in one directory: `buckets/<name>/{versions,uploads}` and `tmp`, which is on the same file system so
 * that finished files can be renamed into place. One process at a time may have a directory open.
 */
export class ObjectStore {
  private readonly buckets = new Map<string, StoredBucket>();
  private readonly bucketsDirectory: string;
  private readonly temporaryDirectory: string;

  constructor(directory: string) {
    this.bucketsDirectory = join(directory, 'buckets');
    this.temporaryDirectory = join(directory, 'tmp');
    rmSync(this.temporaryDirectory, { recursive: true, force: true });
    mkdirSync(this.temporaryDirectory, { recursive: true });
    mkdirSync(this.bucketsDirectory, { recursive: true });
    for (const name of readdirSync(this.bucketsDirectory).filter((entry) => BUCKET_NAME.test(entry))) this.open(name);
  }

  bucketNames(): string[] {
    return [...this.buckets.keys()].sort();
  }

  hasBucket(name: string): boolean {
    return this.buckets.has(name);
  }

  /** @throws S3Error NoSuchBucket */
  bucket(name: string): StoredBucket {
    const stored = this.buckets.get(name);
    if (stored === undefined) {
      throw new S3Error('NoSuchBucket', 'The specified bucket does not exist', { details: { BucketName: name } });
    }
    return stored;
  }

  /** @throws S3Error InvalidBucketName, BucketAlreadyOwnedByYou */
  createBucket(name: string): void {
    if (!BUCKET_NAME.test(name)) {
      throw new S3Error('InvalidBucketName', 'The specified bucket is not valid.', { details: { BucketName: name } });
    }
    if (this.hasBucket(name)) {
      throw new S3Error(
        'BucketAlreadyOwnedByYou',
        'Your previous request to create the named bucket succeeded and you already own it.',
        {
          details: { BucketName: name },
        },
      );
    }
    this.open(name);
  }

  /** Runs `work` with the path of a file of its own, and removes what is left there afterwards. */
  async withTemporaryFile<T>(work: (path: string) => Promise<T>): Promise<T> {
    const path = this.temporaryFile();
    try {
      return await work(path);
    } finally {
      await rm(path, { force: true });
    }
  }

  private open(name: string): void {
    const directory = join(this.bucketsDirectory, name);
    const temporaryFile = (): string => this.temporaryFile();
    this.buckets.set(name, {
      bucket: new Bucket(name, directory, temporaryFile),
      uploads: new MultipartUploads(directory, temporaryFile),
    });
  }

  private temporaryFile(): string {
    return join(this.temporaryDirectory, randomUUID());
  }
}
