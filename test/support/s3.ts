import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  ListObjectVersionsCommandInput,
  ListObjectVersionsCommandOutput,
  PutBucketCorsCommand,
  PutBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { LocalS3Options, startLocalS3 } from '../../src/local/s3/server';

export interface TestS3 {
  /** Which server it is: `real` is one that the environment names, and differs in what it checks (see `startTestS3`). */
  kind: 'local' | 'real';
  endpoint: string;
  region: string;
  /** Empty, with versioning on. */
  bucket: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** Path style, no retries, so that a test sees the first answer. */
  client: S3Client;
  close(): Promise<void>;
}

export interface TestS3Options {
  corsOrigins?: string[];
  /** Faults can only be had from our own server, so with this the local one is used whatever the environment says. */
  intercept?: LocalS3Options['intercept'];
  /** Where the local server keeps its data; then `close` leaves it. */
  directory?: string;
}

const LOCAL = { region: 'us-east-1', accessKeyId: 'AKIALOCALTEST', secretAccessKey: 'local-test-secret' };

/**
 * A bucket to test against: on our local S3 server, or, where `TEST_S3_ENDPOINT`, `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`
 * are set, on that server. Both hold what `test/medium/s3-contract.spec.ts` says. radosgw 16 (start-radosgw.sh) differs from AWS and
 * from ours: it does not compare an upload to its `x-amz-checksum-sha256` and returns none; in a bucket with versions it ignores
 * `If-None-Match` of a PUT and refuses every `If-Match`; the GET of a delete marker by its id is a 404, not a 405; it knows no
 * aws-chunked trailers (a stream with `ChecksumAlgorithm`).
 */
export async function startTestS3(options: TestS3Options = {}): Promise<TestS3> {
  const { TEST_S3_ENDPOINT: endpoint, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = process.env;
  if (endpoint && accessKeyId && secretAccessKey && !options.intercept && !options.directory) {
    const region = process.env.AWS_REGION ?? 'us-east-1';
    return useRealServer({ endpoint, region, accessKeyId, secretAccessKey }, options.corsOrigins ?? []);
  }
  return startLocalServer(options);
}

type Connection = Pick<TestS3, 'endpoint' | 'region' | 'accessKeyId' | 'secretAccessKey'>;

export function createTestClient({ endpoint, region, accessKeyId, secretAccessKey }: Connection): S3Client {
  return new S3Client({
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: true,
    maxAttempts: 1,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
}

/** The pages of a bucket's versions, which the SDK has no paginator for. */
export async function* listVersions(
  client: S3Client,
  query: ListObjectVersionsCommandInput,
): AsyncGenerator<ListObjectVersionsCommandOutput> {
  let page = await client.send(new ListObjectVersionsCommand(query));
  yield page;
  while (page.IsTruncated) {
    const marker = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
    page = await client.send(new ListObjectVersionsCommand({ ...query, ...marker }));
    yield page;
  }
}

async function startLocalServer({ directory, corsOrigins, intercept }: TestS3Options): Promise<TestS3> {
  const bucket = 'slipway-test';
  const dataDirectory = directory ?? (await mkdtemp(join(tmpdir(), 'slipway-s3-')));
  const server = await startLocalS3({ ...LOCAL, directory: dataDirectory, buckets: [bucket], corsOrigins, intercept });
  const connection = { ...LOCAL, endpoint: server.endpoint };
  const client = createTestClient(connection);
  return {
    kind: 'local',
    ...connection,
    bucket,
    client,
    close: async () => {
      client.destroy();
      await server.close();
      if (directory === undefined) await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}

async function useRealServer(connection: Connection, corsOrigins: string[]): Promise<TestS3> {
  const Bucket = `slipway-test-${randomUUID()}`;
  const client = createTestClient(connection);
  await client.send(new CreateBucketCommand({ Bucket }));
  await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  if (corsOrigins.length > 0) {
    const rule = { AllowedOrigins: corsOrigins, AllowedMethods: ['GET', 'HEAD', 'PUT'], AllowedHeaders: ['*'] };
    const CORSRules = [{ ...rule, ExposeHeaders: ['ETag', 'x-amz-version-id'] }];
    await client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }));
  }
  return {
    kind: 'real',
    ...connection,
    bucket: Bucket,
    client,
    close: async () => {
      for await (const page of listVersions(client, { Bucket })) {
        const versions = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
        const Objects = versions.map(({ Key, VersionId }) => ({ Key, VersionId }));
        if (Objects.length > 0) await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
      }
      await client.send(new DeleteBucketCommand({ Bucket }));
      client.destroy();
    },
  };
}
