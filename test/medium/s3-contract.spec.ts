import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListMultipartUploadsCommandOutput,
  ListPartsCommand,
  ListPartsCommandOutput,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { createTestClient, listVersions, startTestS3, TestS3 } from '../support/s3';

/**
 * What the project relies on from S3. Runs against the local server and, with TEST_S3_ENDPOINT, against a real one, which proves
 * that the local server is no kinder than the real thing.
 */
const origin = 'http://page.example';
let s3: TestS3;
let client: S3Client;
let Bucket: string;

beforeAll(async () => {
  s3 = await startTestS3({ corsOrigins: [origin] });
  client = s3.client;
  Bucket = s3.bucket;
});
afterAll(() => s3.close());

const newKey = (name = 'file.csv'): string => `${randomUUID()}/${name}`;
const sha256 = (body: string): string => createHash('sha256').update(body).digest('base64');
const md5Etag = (body: string): string => `"${createHash('md5').update(body).digest('hex')}"`;

async function put(Key: string, Body: string): Promise<{ ETag: string; VersionId: string }> {
  const { ETag = '', VersionId = '' } = await client.send(new PutObjectCommand({ Bucket, Key, Body }));
  return { ETag, VersionId };
}

async function read(Key: string, VersionId?: string): Promise<string> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, VersionId }));
  return (await Body?.transformToString()) ?? '';
}

/** The status of a refused SDK call, or `ok`. */
async function statusOf(call: Promise<unknown>): Promise<number | 'ok'> {
  return call.then(
    () => 'ok' as const,
    (error: { $metadata?: { httpStatusCode?: number } }) => error.$metadata?.httpStatusCode ?? 0,
  );
}

/** An upload URL that fixes the body's length and checksum, as FileService signs them. */
function uploadUrl(Key: string, body: string, expiresIn = 60): Promise<string> {
  const fixed = new Set(['content-length', 'x-amz-checksum-sha256']);
  const command = new PutObjectCommand({ Bucket, Key, ContentLength: Buffer.byteLength(body), ChecksumSHA256: sha256(body) });
  return getSignedUrl(client, command, { expiresIn, signableHeaders: new Set([...fixed, 'host']), unhoistableHeaders: fixed });
}

function upload(url: string, body: string, headers: Record<string, string> = { 'x-amz-checksum-sha256': sha256(body) }) {
  return fetch(url, { method: 'PUT', body, headers });
}

async function errorCode(response: Response): Promise<string> {
  return /<Code>(\w+)<\/Code>/.exec(await response.text())?.[1] ?? '';
}

describe('a presigned upload', () => {
  it('stores the body and answers with ETag and version', async () => {
    const Key = newKey('Schüler & Noten (1)+.csv');
    const response = await upload(await uploadUrl(Key, 'a,b\n1,2\n'), 'a,b\n1,2\n');
    expect(response.status).toBe(200);
    expect(response.headers.get('etag')).toBe(md5Etag('a,b\n1,2\n'));
    expect(response.headers.get('x-amz-version-id')).toMatch(/.+/);
    expect(await read(Key)).toBe('a,b\n1,2\n');
  });

  it('is good for several uploads, of which each is a version', async () => {
    const Key = newKey();
    const url = await uploadUrl(Key, 'same');
    const versions = [await upload(url, 'same'), await upload(url, 'same')].map(({ headers }) => headers.get('x-amz-version-id'));
    expect(new Set(versions).size).toBe(2);
  });

  it.each<[string, (url: URL) => void]>([
    ['signature', (url) => url.searchParams.set('X-Amz-Signature', '0'.repeat(64))],
    ['key', (url) => (url.pathname += 'x')],
    ['expiry', (url) => url.searchParams.set('X-Amz-Expires', '3600')],
    ['signed headers', (url) => url.searchParams.set('X-Amz-SignedHeaders', 'host')],
    ['query', (url) => url.searchParams.set('versionId', '1')],
  ])('is refused with another %s', async (_, tamper) => {
    const url = new URL(await uploadUrl(newKey(), 'data'));
    tamper(url);
    const response = await upload(url.href, 'data');
    expect(response.status).toBe(403);
    expect(['SignatureDoesNotMatch', 'AccessDenied']).toContain(await errorCode(response));
  });

  it('is refused by another method', async () => {
    const response = await fetch(await uploadUrl(newKey(), 'data'), { headers: { 'x-amz-checksum-sha256': sha256('data') } });
    expect(response.status).toBe(403);
  });

  it('is refused with another length', async () => {
    const response = await upload(await uploadUrl(newKey(), 'data'), 'data and more', {
      'x-amz-checksum-sha256': sha256('data'),
    });
    expect([response.status, await errorCode(response)]).toEqual([403, 'SignatureDoesNotMatch']);
  });

  it.each<[string, Record<string, string>]>([
    ['without the signed checksum header', {}],
    ['with another checksum header', { 'x-amz-checksum-sha256': sha256('evil') }],
  ])('is refused %s', async (_, headers) => {
    expect((await upload(await uploadUrl(newKey(), 'data'), 'data', headers)).status).toBe(403);
  });

  it('is refused after it has expired', async () => {
    const Key = newKey();
    const command = new PutObjectCommand({ Bucket, Key });
    const url = await getSignedUrl(client, command, { expiresIn: 60, signingDate: new Date(Date.now() - 120_000) });
    const response = await fetch(url, { method: 'PUT', body: 'late' });
    expect([response.status, await errorCode(response)]).toEqual([403, 'AccessDenied']);
    expect(await statusOf(client.send(new HeadObjectCommand({ Bucket, Key })))).toBe(404);
  });

  it('works from a page of an allowed origin, which can read ETag and version', async () => {
    const url = await uploadUrl(newKey(), 'from a page');
    const requested = 'content-type,x-amz-checksum-sha256';
    const asked = { Origin: origin, 'Access-Control-Request-Method': 'PUT', 'Access-Control-Request-Headers': requested };
    const preflight = await fetch(url, { method: 'OPTIONS', headers: asked });
    expect(preflight.status).toBe(200);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
    expect(preflight.headers.get('access-control-allow-methods')).toContain('PUT');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('x-amz-checksum-sha256');

    const response = await upload(url, 'from a page', { Origin: origin, 'x-amz-checksum-sha256': sha256('from a page') });
    expect(response.status).toBe(200);
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    expect(response.headers.get('access-control-expose-headers')).toMatch(/ETag.*x-amz-version-id/i);
  });

  it('is refused a preflight from elsewhere', async () => {
    const headers = { Origin: 'http://evil.example', 'Access-Control-Request-Method': 'PUT' };
    const preflight = await fetch(await uploadUrl(newKey(), 'x'), { method: 'OPTIONS', headers });
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([403, null]);
  });
});

describe('access', () => {
  it('is refused to anybody without a signature', async () => {
    const Key = newKey('plain');
    await put(Key, 'secret');
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE']) {
      expect([method, (await fetch(`${s3.endpoint}/${Bucket}/${Key}`, { method })).status]).toEqual([method, 403]);
    }
  });

  it('is refused with another secret or an unknown access key', async () => {
    const ask = (connection: TestS3) => statusOf(createTestClient(connection).send(new HeadBucketCommand({ Bucket })));
    expect(await ask({ ...s3, secretAccessKey: 'wrong' })).toBe(403);
    expect(await ask({ ...s3, accessKeyId: 'AKIAUNKNOWN' })).toBe(403);
    expect(await ask(s3)).toBe('ok');
  });
});

describe('a download', () => {
  it('by a presigned URL has the headers that its signer chose', async () => {
    const Key = newKey();
    const { VersionId } = await put(Key, 'content');
    const ResponseContentDisposition = `attachment; filename="a b.csv"; filename*=UTF-8''%C3%BC.csv`;
    const overrides = { ResponseContentDisposition, ResponseContentType: 'application/octet-stream' };
    const url = await getSignedUrl(client, new GetObjectCommand({ Bucket, Key, VersionId, ...overrides }), { expiresIn: 60 });
    const response = await fetch(url);
    expect(await response.text()).toBe('content');
    expect(response.headers.get('content-disposition')).toBe(ResponseContentDisposition);
    expect(response.headers.get('content-type')).toBe('application/octet-stream');
  });

  it.each([
    ['bytes=2-4', 'cde', 'bytes 2-4/10'],
    ['bytes=7-', 'hij', 'bytes 7-9/10'],
    ['bytes=-2', 'ij', 'bytes 8-9/10'],
    ['bytes=8-100', 'ij', 'bytes 8-9/10'],
  ])('of the range %s', async (Range, expected, ContentRange) => {
    const Key = newKey();
    await put(Key, 'abcdefghij');
    const answer = await client.send(new GetObjectCommand({ Bucket, Key, Range }));
    expect(await answer.Body?.transformToString()).toBe(expected);
    expect(answer).toMatchObject({ ContentRange, ContentLength: expected.length, $metadata: { httpStatusCode: 206 } });
  });

  it('of a range behind the end is a 416', async () => {
    const Key = newKey();
    await put(Key, 'abc');
    expect(await statusOf(client.send(new GetObjectCommand({ Bucket, Key, Range: 'bytes=3-' })))).toBe(416);
  });

  it('obeys If-Match and If-None-Match', async () => {
    const Key = newKey();
    const { ETag } = await put(Key, 'abc');
    const other = '"00000000000000000000000000000000"';
    expect(await statusOf(client.send(new GetObjectCommand({ Bucket, Key, IfMatch: ETag })))).toBe('ok');
    expect(await statusOf(client.send(new GetObjectCommand({ Bucket, Key, IfMatch: other })))).toBe(412);
    expect(await statusOf(client.send(new HeadObjectCommand({ Bucket, Key, IfNoneMatch: ETag })))).toBe(304);
    expect(await statusOf(client.send(new GetObjectCommand({ Bucket, Key, IfNoneMatch: other })))).toBe('ok');
  });
});

describe('HEAD', () => {
  it('tells size, ETag, type, metadata and version', async () => {
    const Key = newKey();
    const headers = { ContentType: 'text/csv', Metadata: { origin: 'district' }, CacheControl: 'no-store' };
    const { VersionId } = await client.send(new PutObjectCommand({ Bucket, Key, Body: 'a,b\n', ...headers }));
    const head = await client.send(new HeadObjectCommand({ Bucket, Key }));
    expect(head).toMatchObject({ ...headers, ContentLength: 4, ETag: md5Etag('a,b\n'), VersionId });
    expect(Math.abs(Date.now() - Number(head.LastModified))).toBeLessThan(60_000);
  });

  it('of a missing key or bucket is a 404', async () => {
    expect(await statusOf(client.send(new HeadObjectCommand({ Bucket, Key: newKey() })))).toBe(404);
    expect(await statusOf(client.send(new HeadBucketCommand({ Bucket: 'no-such-bucket-here' })))).toBe(404);
  });
});

describe('versions', () => {
  it('are on, and each stays readable when the key is written again', async () => {
    const Key = newKey();
    const first = await put(Key, 'first');
    const second = await put(Key, 'second');
    expect(await read(Key)).toBe('second');
    expect(await read(Key, first.VersionId)).toBe('first');
    expect(await read(Key, second.VersionId)).toBe('second');
    expect((await client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled');
  });

  it('are hidden by a delete marker and back without it', async () => {
    const Key = newKey();
    const { VersionId } = await put(Key, 'content');
    const deleted = await client.send(new DeleteObjectCommand({ Bucket, Key }));
    expect(deleted.DeleteMarker).toBe(true);
    expect(await statusOf(client.send(new GetObjectCommand({ Bucket, Key })))).toBe(404);
    expect(await read(Key, VersionId)).toBe('content');
    const marker = new GetObjectCommand({ Bucket, Key, VersionId: deleted.VersionId });
    // AWS says 405, radosgw 404.
    expect([404, 405]).toContain(await statusOf(client.send(marker)));

    await client.send(new DeleteObjectCommand({ Bucket, Key, VersionId: deleted.VersionId }));
    expect(await read(Key)).toBe('content');
    await client.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
    expect(await statusOf(client.send(new GetObjectCommand({ Bucket, Key, VersionId })))).toBe(404);
  });

  it('are listed newest first, page by page', async () => {
    const Prefix = `${randomUUID()}/`;
    const a1 = await put(`${Prefix}a`, '1');
    const a2 = await put(`${Prefix}a`, '2');
    const { VersionId: marker } = await client.send(new DeleteObjectCommand({ Bucket, Key: `${Prefix}a` }));
    const b = await put(`${Prefix}b`, '1');
    const listed: { id?: string; latest?: boolean }[] = [];
    for await (const page of listVersions(client, { Bucket, Prefix, MaxKeys: 1 })) {
      const [version, ...others] = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
      expect(others).toEqual([]);
      listed.push({ id: version?.VersionId, latest: version?.IsLatest });
    }
    expect(listed).toEqual([
      { id: marker, latest: true },
      { id: a2.VersionId, latest: false },
      { id: a1.VersionId, latest: false },
      { id: b.VersionId, latest: true },
    ]);
  });
});

describe('a write', () => {
  it('of a stream in parts gives one object', async () => {
    const Key = newKey();
    const piece = Buffer.alloc(1024 * 1024, 'abcdefg\n');
    const Body = Readable.from(Array.from({ length: 11 }, () => piece));
    await new Upload({ client, params: { Bucket, Key, Body, ContentType: 'application/x-ndjson' } }).done();
    const answer = await client.send(new GetObjectCommand({ Bucket, Key }));
    expect(answer).toMatchObject({ ContentLength: 11 * piece.length, ContentType: 'application/x-ndjson' });
    expect(answer.ETag).toMatch(/-3"$/);
    const expected = createHash('sha256').update(Buffer.alloc(11 * piece.length, 'abcdefg\n'));
    const received = createHash('sha256').update((await answer.Body?.transformToByteArray()) ?? '');
    expect(received.digest('hex')).toBe(expected.digest('hex'));
  });

  it('that copies a version keeps its type', async () => {
    const Key = newKey('ü & ö');
    const { VersionId } = await client.send(new PutObjectCommand({ Bucket, Key, Body: 'old', ContentType: 'text/csv' }));
    await put(Key, 'new');
    const CopySource = `${Bucket}/${Key.split('/').map(encodeURIComponent).join('/')}?versionId=${VersionId}`;
    await client.send(new CopyObjectCommand({ Bucket, Key: `${Key}-copy`, CopySource }));
    const copy = await client.send(new GetObjectCommand({ Bucket, Key: `${Key}-copy` }));
    expect([await copy.Body?.transformToString(), copy.ContentType]).toEqual(['old', 'text/csv']);
  });
});

describe('an upload in parts', () => {
  const begin = async (Key: string): Promise<string> =>
    (await client.send(new CreateMultipartUploadCommand({ Bucket, Key }))).UploadId ?? '';
  const partUrl = (Key: string, UploadId: string, PartNumber: number, ContentLength: number): Promise<string> => {
    const fixed = new Set(['content-length']);
    const command = new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, ContentLength });
    return getSignedUrl(client, command, {
      ...{ expiresIn: 60, signableHeaders: new Set([...fixed, 'host']), unhoistableHeaders: fixed },
    });
  };

  it('takes parts by presigned URLs, from a page that can read their ETags, and only of the signed length', async () => {
    const Key = newKey();
    const UploadId = await begin(Key);
    const url = await partUrl(Key, UploadId, 1, 4);
    expect((await fetch(url, { method: 'PUT', body: 'longer' })).status).toBe(403);
    const response = await fetch(url, { method: 'PUT', body: 'part', headers: { Origin: origin } });
    expect([response.status, response.headers.get('etag')]).toEqual([200, md5Etag('part')]);
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    expect(response.headers.get('access-control-expose-headers')).toMatch(/ETag/i);
    const Parts = [{ PartNumber: 1, ETag: response.headers.get('etag') ?? '' }];
    await client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));
    expect(await read(Key)).toBe('part');
  });

  it('tells which parts are through, page by page, as they were sent last', async () => {
    const Key = newKey();
    const UploadId = await begin(Key);
    for (const [number, body] of [
      [3, 'three'],
      [1, 'first'],
      [1, 'again'],
      [2, 'two'],
    ] as const)
      await fetch(await partUrl(Key, UploadId, number, body.length), { method: 'PUT', body });
    const listed: unknown[] = [];
    let page: ListPartsCommandOutput | undefined;
    do {
      const PartNumberMarker = page?.NextPartNumberMarker;
      page = await client.send(new ListPartsCommand({ Bucket, Key, UploadId, MaxParts: 2, PartNumberMarker }));
      expect(page.Parts!.length).toBeLessThanOrEqual(2);
      listed.push(...page.Parts!.map(({ PartNumber, Size, ETag }) => [PartNumber, Size, ETag]));
    } while (page.IsTruncated);
    expect(listed).toEqual([
      [1, 5, md5Etag('again')],
      [2, 3, md5Etag('two')],
      [3, 5, md5Etag('three')],
    ]);
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
  });

  it('is not found by the id of another key, or once it is given up', async () => {
    const Key = newKey();
    const UploadId = await begin(Key);
    const list = (key: string) => statusOf(client.send(new ListPartsCommand({ Bucket, Key: key, UploadId })));
    expect([await list(Key), await list(newKey())]).toEqual(['ok', 404]);
    const url = await partUrl(Key, UploadId, 1, 4);
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    expect(await list(Key)).toBe(404);
    expect((await fetch(url, { method: 'PUT', body: 'late' })).status).toBe(404);
  });

  it('is listed below a prefix until it ends, page by page', async () => {
    const Prefix = `${randomUUID()}/`;
    const keys = ['a', 'b', 'b', 'c & ü'].map((name) => Prefix + name);
    const uploads = await Promise.all(keys.map(async (Key) => ({ Key, UploadId: await begin(Key) })));
    const elsewhere = { Key: newKey(), UploadId: '' };
    elsewhere.UploadId = await begin(elsewhere.Key);
    const listed: { Key?: string; UploadId?: string }[] = [];
    let page: ListMultipartUploadsCommandOutput | undefined;
    do {
      const position: { KeyMarker?: string; UploadIdMarker?: string } = {
        KeyMarker: page?.NextKeyMarker,
        UploadIdMarker: page?.NextUploadIdMarker,
      };
      page = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix, MaxUploads: 3, ...position }));
      listed.push(...(page.Uploads ?? []).map(({ Key, UploadId }) => ({ Key, UploadId })));
    } while (page.IsTruncated);
    expect(listed.map(({ Key }) => Key)).toEqual(keys);
    expect(new Set(listed.map(({ UploadId }) => UploadId))).toEqual(new Set(uploads.map(({ UploadId }) => UploadId)));

    for (const upload of [...uploads, elsewhere]) await client.send(new AbortMultipartUploadCommand({ Bucket, ...upload }));
    expect((await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix }))).Uploads ?? []).toEqual([]);
  });
});

describe('a list', () => {
  it('has the keys below a prefix in byte order, page by page, without the deleted', async () => {
    const Prefix = `${randomUUID()}/`;
    const names = ['Z', 'a b+&<>', 'a/1', 'a/2', 'ü', '\u{1f600}', '\uff5e'];
    await Promise.all([...names, 'gone'].map((name) => put(Prefix + name, name)));
    await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: `${Prefix}gone` }] } }));
    const listed: (string | undefined)[] = [];
    for await (const page of paginateListObjectsV2({ client, pageSize: 3 }, { Bucket, Prefix })) {
      expect(page.KeyCount).toBeLessThanOrEqual(3);
      listed.push(...(page.Contents ?? []).map(({ Key }) => Key));
    }
    const expected = names.map((name) => Prefix + name).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(listed).toEqual(expected);
  });

  it('rolls up what is below a delimiter', async () => {
    const Prefix = `${randomUUID()}/`;
    await Promise.all(['a', 'b/1', 'b/2', 'c/1', 'd'].map((name) => put(Prefix + name, name)));
    const seen: (string | undefined)[] = [];
    for await (const page of paginateListObjectsV2({ client, pageSize: 2 }, { Bucket, Prefix, Delimiter: '/' })) {
      seen.push(...(page.Contents ?? []).map(({ Key }) => Key), ...(page.CommonPrefixes ?? []).map((entry) => entry.Prefix));
    }
    expect(seen.sort()).toEqual(['a', 'b/', 'c/', 'd'].map((name) => Prefix + name));
  });
});
