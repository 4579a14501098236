import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { LocalS3Options, startLocalS3 } from '../../src/local/s3/server';
import { createTestClient, startTestS3 } from '../support/s3';
import { waitFor } from '../support/wait';

let directory: string;
beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'local-s3-'))));
afterEach(() => rm(directory, { recursive: true }));

const Bucket = 'kept';
const credentials = { region: 'eu-central-1', accessKeyId: 'AKIALOCAL', secretAccessKey: 'secret' };
const start = (options: Partial<LocalS3Options> = {}) =>
  startLocalS3({ ...credentials, directory, buckets: [Bucket], ...options });

describe('the data directory', () => {
  it('keeps objects, their versions and unfinished uploads over a restart', async () => {
    const Key = 'a/ü.csv';
    const before = await start();
    const first = createTestClient({ ...credentials, endpoint: before.endpoint });
    const put = (Body: string) => first.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: 'text/csv' }));
    const versions = [await put('1'), await put('2'), await put('3')];
    await first.send(new PutObjectCommand({ Bucket, Key: 'deleted', Body: 'x' }));
    await first.send(new DeleteObjectCommand({ Bucket, Key: 'deleted' }));
    const { UploadId } = await first.send(new CreateMultipartUploadCommand({ Bucket, Key: 'parts' }));
    const { ETag } = await first.send(new UploadPartCommand({ Bucket, Key: 'parts', UploadId, PartNumber: 1, Body: 'part' }));
    await before.close();

    const after = await start({ buckets: [Bucket, 'another'] });
    const client = createTestClient({ ...credentials, endpoint: after.endpoint });
    const read = async (key: string, VersionId?: string) => {
      const { Body, ...rest } = await client.send(new GetObjectCommand({ Bucket, Key: key, VersionId }));
      return { body: await Body?.transformToString(), ...rest };
    };
    expect(await read(Key)).toMatchObject({ body: '3', ContentType: 'text/csv', VersionId: versions[2]?.VersionId });
    expect(await read(Key, versions[0]?.VersionId)).toMatchObject({ body: '1', ETag: versions[0]?.ETag });
    const Parts = [{ ETag, PartNumber: 1 }];
    await client.send(new CompleteMultipartUploadCommand({ Bucket, Key: 'parts', UploadId, MultipartUpload: { Parts } }));
    const listed = await client.send(new ListObjectsV2Command({ Bucket }));
    expect(listed.Contents?.map((object) => object.Key)).toEqual([Key, 'parts']);
    expect((await client.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name)).toEqual(['another', Bucket]);

    // The next write comes after those from before the restart.
    const { VersionId } = await client.send(new PutObjectCommand({ Bucket, Key, Body: '4' }));
    expect((await read(Key)).VersionId).toBe(VersionId);
    await after.close();
  });

  it('is cleared at start of what a killed process left half written', async () => {
    const server = await start();
    const client = createTestClient({ ...credentials, endpoint: server.endpoint });
    await client.send(new PutObjectCommand({ Bucket, Key: 'whole', Body: 'x' }));
    await server.close();
    const versions = join(directory, 'buckets', Bucket, 'versions');
    const kept = (await readdir(versions)).sort();
    await writeFile(join(versions, `${'0'.repeat(32)}.data`), 'body without a version');
    await writeFile(join(directory, 'tmp', 'upload'), 'half a body');

    await (await start()).close();
    expect((await readdir(versions)).sort()).toEqual(kept);
    expect(await readdir(join(directory, 'tmp'))).toEqual([]);
  });
});

describe('closing', () => {
  it('drops open connections, an upload among them, and leaves nothing of it', async () => {
    const server = await start();
    const client = createTestClient({ ...credentials, endpoint: server.endpoint });
    const idle = connect(server.port, '127.0.0.1');
    await once(idle, 'connect');
    const url = await getSignedUrl(client, new PutObjectCommand({ Bucket, Key: 'stuck' }));
    const upload = request(url, { method: 'PUT', headers: { 'content-length': 1000 } });
    const uploadFailed = once(upload, 'response').catch(() => 'failed');
    upload.write('never ends');
    await waitFor(async () => (await readdir(join(directory, 'tmp'))).length === 1);

    const idleClosed = once(idle, 'close');
    idle.resume();
    // Neither ever ends by itself.
    await server.close();
    expect(await uploadFailed).toBe('failed');
    await idleClosed;
    expect(await readdir(join(directory, 'tmp'))).toEqual([]);
  });

  it('frees the port for the next server', async () => {
    const first = await start();
    await expect(start({ port: first.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await first.close();
    await (await start({ port: first.port })).close();
  });
});

describe('an intercepting test', () => {
  it('can answer, hang or drop the requests it picks', async () => {
    const s3 = await startTestS3({
      intercept: (request, response) => {
        if (request.url?.includes('broken')) response.writeHead(500).end();
        else if (request.url?.includes('dropped')) request.socket.destroy();
        else return !!request.url?.includes('hanging');
        return true;
      },
    });
    const put = (Key: string, abortSignal?: AbortSignal) =>
      s3.client.send(new PutObjectCommand({ Bucket: s3.bucket, Key, Body: 'x' }), { abortSignal });
    await expect(put('broken')).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } });
    await expect(put('dropped')).rejects.toThrow();
    await expect(put('hanging', AbortSignal.timeout(100))).rejects.toMatchObject({ name: 'AbortError' });
    await expect(put('fine')).resolves.toMatchObject({ $metadata: { httpStatusCode: 200 } });
    await s3.close();
  });
});
