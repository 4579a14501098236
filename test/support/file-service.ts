import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { createHash, randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
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

/** The bucket's objects past the service, to compare with. */
export const objectsOf = ({ client, bucket: Bucket }: TestS3) => ({
  put: (Key: string, Body: string) => client.send(new PutObjectCommand({ Bucket, Key, Body })),
  text: async (Key: string): Promise<string> => text((await client.send(new GetObjectCommand({ Bucket, Key }))).Body as Readable),
  exists: (Key: string): Promise<boolean> =>
    client.send(new HeadObjectCommand({ Bucket, Key })).then(
      () => true,
      () => false,
    ),
});
