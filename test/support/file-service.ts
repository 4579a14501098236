import { createHash, randomUUID } from 'node:crypto';
import { Registry } from 'prom-client';
import { FileService } from '../../src/files/file.service';
import { ObjectStoreMetrics } from '../../src/platform/object-store/object-store-metrics';
import type { TestS3 } from './s3';

export const newKey = (name = 'INPUT_FILE') => `inputs/${randomUUID()}/${name}`;
export const sha256 = (body: string) => createHash('sha256').update(body).digest('hex');

/** Over a test's bucket; `onModuleDestroy` ends it. */
export function createFileService(
  { endpoint, region, bucket, accessKeyId, secretAccessKey }: TestS3,
  ttlSeconds = 60,
): FileService {
  const credentials = { accessKeyId, secretAccessKey };
  const ttl = { uploadUrlTtlSeconds: ttlSeconds, downloadUrlTtlSeconds: ttlSeconds };
  return new FileService(
    { endpoint, region, bucket, credentials, forcePathStyle: true, ...ttl },
    new ObjectStoreMetrics(new Registry()),
  );
}
