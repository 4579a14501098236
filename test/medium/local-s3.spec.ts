import { createHash } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { connect, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectCommandInput,
  S3Client,
  S3ServiceException,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { createTestClient, startTestS3, TestS3 } from '../support/s3';

// What the local server holds beyond s3-contract.spec.ts, where AWS is stricter than other servers, and what is its own.
let directory: string;
let s3: TestS3;
let client: S3Client;
let Bucket: string;
let sequence = 0;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'local-s3-'));
  s3 = await startTestS3({ directory });
  client = s3.client;
  Bucket = s3.bucket;
});
afterAll(async () => {
  await s3.close();
  await rm(directory, { recursive: true });
});

const newKey = (): string => `local/${(sequence += 1)}`;
const sha256 = (body: string): string => createHash('sha256').update(body).digest('base64');
const md5 = (body: string): string => createHash('md5').update(body).digest('base64');

/** `ok`, or status and code of the refusal. */
function outcome(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'ok',
    (error: S3ServiceException) => `${error.$metadata?.httpStatusCode} ${error.name}`,
  );
}

async function outcomeOf(answer: Promise<Response>): Promise<string> {
  const response = await answer;
  return response.ok ? 'ok' : `${response.status} ${/<Code>(\w+)<\/Code>/.exec(await response.text())?.[1]}`;
}

const putObject = (input: Omit<PutObjectCommandInput, 'Bucket'>) => client.send(new PutObjectCommand({ Bucket, ...input }));
const read = async (Key: string): Promise<string> =>
  (await (await client.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString()) ?? '';
const exists = (Key: string): Promise<string> => outcome(client.send(new HeadObjectCommand({ Bucket, Key })));
const presignedPut = (Key: string, input: Partial<PutObjectCommandInput> = {}): Promise<string> =>
  getSignedUrl(client, new PutObjectCommand({ Bucket, Key, ...input }), { expiresIn: 60 });

describe('the checksum of an upload', () => {
  it('is kept and given by HEAD and GET when asked', async () => {
    const Key = newKey();
    await putObject({ Key, Body: 'data', ChecksumSHA256: sha256('data') });
    const asked = { Bucket, Key, ChecksumMode: 'ENABLED' as const };
    expect((await client.send(new HeadObjectCommand(asked))).ChecksumSHA256).toBe(sha256('data'));
    expect((await client.send(new GetObjectCommand(asked))).ChecksumSHA256).toBe(sha256('data'));
    expect((await client.send(new GetObjectCommand({ ...asked, Range: 'bytes=1-2' }))).ChecksumSHA256).toBeUndefined();
    expect((await client.send(new HeadObjectCommand({ Bucket, Key }))).ChecksumSHA256).toBeUndefined();
  });

  it.each<[string, Partial<PutObjectCommandInput>, string]>([
    ['x-amz-checksum-sha256', { ChecksumSHA256: sha256('other') }, '400 BadDigest'],
    ['x-amz-checksum-crc32', { ChecksumCRC32: 'AAAAAA==' }, '400 BadDigest'],
    ['Content-MD5', { ContentMD5: md5('other') }, '400 BadDigest'],
    ['an x-amz-checksum-sha256 that is none', { ChecksumSHA256: 'nonsense' }, '400 InvalidRequest'],
    ['a Content-MD5 that is none', { ContentMD5: 'nonsense' }, '400 InvalidDigest'],
    ['an algorithm that cannot be checked', { ChecksumCRC32C: 'AAAAAA==' }, '501 NotImplemented'],
  ])('refuses a body that differs from %s, and stores nothing', async (_, checksum, expected) => {
    const Key = newKey();
    expect(await outcome(putObject({ Key, Body: 'data', ...checksum }))).toBe(expected);
    expect(await exists(Key)).toBe('404 NotFound');
    expect(await readdir(join(directory, 'tmp'))).toEqual([]);
  });

  it('is checked for a presigned URL, whether it is a header or in the query', async () => {
    const [Key, hoisted] = [newKey(), newKey()];
    const fixed = new Set(['x-amz-checksum-sha256']);
    const command = new PutObjectCommand({ Bucket, Key, ChecksumSHA256: sha256('data') });
    const url = await getSignedUrl(client, command, { signableHeaders: new Set([...fixed, 'host']), unhoistableHeaders: fixed });
    const headers = { 'x-amz-checksum-sha256': sha256('data') };
    expect(await outcomeOf(fetch(url, { method: 'PUT', body: 'evil', headers }))).toBe('400 BadDigest');
    expect(await outcomeOf(fetch(url, { method: 'PUT', body: 'data', headers }))).toBe('ok');

    const hoistedUrl = await presignedPut(hoisted, { ChecksumSHA256: sha256('data') });
    expect(await outcomeOf(fetch(hoistedUrl, { method: 'PUT', body: 'evil' }))).toBe('400 BadDigest');
    expect(await outcomeOf(fetch(hoistedUrl, { method: 'PUT', body: 'data' }))).toBe('ok');
  });

  it('comes as a trailer behind a streamed body', async () => {
    const Key = newKey();
    const Body = Readable.from([Buffer.from('first '), Buffer.alloc(200_000, 'x'), Buffer.from(' last')]);
    await putObject({ Key, Body, ContentLength: 200_011, ChecksumAlgorithm: 'SHA256' });
    const content = `first ${'x'.repeat(200_000)} last`;
    expect(await read(Key)).toBe(content);
    const head = await client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
    expect(head).toMatchObject({ ContentLength: 200_011, ChecksumSHA256: sha256(content) });
    expect(head.ContentEncoding).toBeUndefined();
  });
});

describe('a body', () => {
  it('must be the one that the header signature was made for', async () => {
    const [signed, changed] = [newKey(), newKey()];
    client.middlewareStack.add(
      (next) => (args) => {
        const sent = args.request as { path: string; body: unknown };
        if (sent.path.endsWith(changed)) sent.body = 'evil';
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low', name: 'tamper' },
    );
    expect(await outcome(putObject({ Key: signed, Body: 'data' }))).toBe('ok');
    expect(await outcome(putObject({ Key: changed, Body: 'data' }))).toBe('400 XAmzContentSHA256Mismatch');
    client.middlewareStack.remove('tamper');
    expect(await exists(changed)).toBe('404 NotFound');
  });

  it('needs a length', async () => {
    const body = new Blob(['data']).stream();
    expect(await outcomeOf(fetch(await presignedPut(newKey()), { method: 'PUT', body, duplex: 'half' }))).toBe(
      '411 MissingContentLength',
    );
  });

  it('that is refused leaves no file, however long it takes to open one', async () => {
    const open = fs.open as (...args: unknown[]) => void;
    const openFile = fs.promises.open;
    const opens = [
      jest.spyOn(fs, 'open').mockImplementation((...args: unknown[]) => void setTimeout(open, 50, ...args)),
      jest.spyOn(fs.promises, 'open').mockImplementation(async (...args) => sleep(50).then(() => openFile(...args))),
    ];
    try {
      expect(await outcome(putObject({ Key: newKey(), Body: 'data', ContentMD5: md5('other') }))).toBe('400 BadDigest');
      expect(opens.some(({ mock }) => mock.calls.length > 0)).toBe(true);
      await sleep(100);
      expect(await readdir(join(directory, 'tmp'))).toEqual([]);
    } finally {
      jest.restoreAllMocks();
    }
  });

  it('that ends before its length is an IncompleteBody and stores nothing', async () => {
    const Key = newKey();
    const { host, pathname, search, hostname, port } = new URL(await presignedPut(Key));
    const socket = connect(Number(port), hostname);
    socket.end(`PUT ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 10\r\n\r\nhalf`);
    expect(await readAll(socket)).toMatch(/^HTTP\/1.1 400 [^]*<Code>IncompleteBody</);
    expect(await exists(Key)).toBe('404 NotFound');
  });

  it('may be empty', async () => {
    const Key = newKey();
    await putObject({ Key, Body: '', ContentLength: 0 });
    expect(await read(Key)).toBe('');
    expect(await outcome(client.send(new GetObjectCommand({ Bucket, Key, Range: 'bytes=0-' })))).toBe('416 InvalidRange');
  });

  it('that is refused early leaves its connection usable', async () => {
    const url = `${await presignedPut(newKey())}x`;
    expect(await outcomeOf(fetch(url, { method: 'PUT', body: Buffer.alloc(8_000_000) }))).toBe('403 SignatureDoesNotMatch');
    const Key = newKey();
    await putObject({ Key, Body: 'x' });
    expect(await outcome(putObject({ Key, Body: Buffer.alloc(8_000_000), IfNoneMatch: '*' }))).toBe('412 PreconditionFailed');
    expect(await read(Key)).toBe('x');
  });
});

describe('a signature', () => {
  it('is of the host that the request names', async () => {
    const { port, pathname, search } = new URL(await presignedPut(newKey()));
    const ask = (host: string) => statusOfPut({ port, path: `${pathname}${search}`, headers: { host } });
    expect(await ask(`localhost:${port}`)).toBe(403);
    expect(await ask(`127.0.0.1:${port}`)).toBe(200);

    const viaName = createTestClient({ ...s3, endpoint: `http://localhost:${port}` });
    const named = new URL(await getSignedUrl(viaName, new PutObjectCommand({ Bucket, Key: newKey() })));
    const path = `${named.pathname}${named.search}`;
    expect(await statusOfPut({ port, path, headers: { host: `localhost:${port}` } })).toBe(200);
  });

  it('must cover every x-amz header', async () => {
    const url = await presignedPut(newKey());
    const headers = { 'x-amz-meta-owner': 'me' };
    expect(await outcomeOf(fetch(url, { method: 'PUT', body: 'x', headers }))).toBe('403 AccessDenied');
  });

  it('that has expired says so', async () => {
    const command = new GetObjectCommand({ Bucket, Key: newKey() });
    const url = await getSignedUrl(client, command, { expiresIn: 1, signingDate: new Date(Date.now() - 5000) });
    expect(await (await fetch(url)).text()).toContain('<Message>Request has expired</Message>');
  });

  it('of a clock far away is refused', async () => {
    const late = createTestClient(s3);
    late.config.systemClockOffset = -16 * 60 * 1000;
    expect(await outcome(late.send(new PutObjectCommand({ Bucket, Key: newKey(), Body: 'x' })))).toBe('403 RequestTimeTooSkewed');
  });
});

describe('conditional writes', () => {
  it('create once, whoever comes first', async () => {
    const Key = newKey();
    const create = (Body: string) => outcome(putObject({ Key, Body, IfNoneMatch: '*' }));
    const outcomes = await Promise.all(Array.from({ length: 20 }, (_, index) => create(String(index))));
    expect(outcomes.filter((result) => result === 'ok')).toHaveLength(1);
    expect(new Set(outcomes)).toEqual(new Set(['ok', '412 PreconditionFailed']));
    expect(await read(Key)).toBe(String(outcomes.indexOf('ok')));
  });

  it('replace only what they name', async () => {
    const Key = newKey();
    const { ETag } = await putObject({ Key, Body: 'one' });
    const replace = (Body: string) => outcome(putObject({ Key, Body, IfMatch: ETag }));
    expect([await replace('two'), await replace('three')]).toEqual(['ok', '412 PreconditionFailed']);
    expect(await read(Key)).toBe('two');
    expect(await outcome(putObject({ Key: newKey(), Body: 'x', IfMatch: ETag }))).toBe('404 NoSuchKey');
  });
});

it('takes any key of up to 1,024 bytes as it is', async () => {
  const keys = ['../../etc/passwd', '/', 'a//b', '.', 'x'.repeat(1024), 'a\u0001\n\r\t', '%2e%2e%2f+ &?#', 'CON', '\u{1f600}'];
  for (const Key of keys) await putObject({ Key, Body: Key });
  for (const Key of keys) expect(await read(Key)).toBe(Key);
  expect(await outcome(putObject({ Key: 'ü'.repeat(513), Body: 'x' }))).toBe('400 KeyTooLongError');
});

it('refuses what it does not serve instead of ignoring it', async () => {
  const Key = newKey();
  await putObject({ Key, Body: 'x' });
  expect(await outcome(client.send(new GetObjectAclCommand({ Bucket, Key })))).toBe('501 NotImplemented');
  expect(await outcome(client.send(new CreateBucketCommand({ Bucket: 'Bad_Name' })))).toBe('400 InvalidBucketName');
  expect(await outcome(client.send(new CreateBucketCommand({ Bucket })))).toBe('409 BucketAlreadyOwnedByYou');
  expect(await outcome(client.send(new GetObjectCommand({ Bucket, Key, VersionId: 'x' })))).toBe('400 InvalidArgument');
});

describe('a multipart upload', () => {
  const create = async (Key: string): Promise<string> =>
    (await client.send(new CreateMultipartUploadCommand({ Bucket, Key }))).UploadId ?? '';
  const part = async (Key: string, UploadId: string, PartNumber: number, Body: string) => {
    const { ETag } = await client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
    return { ETag, PartNumber };
  };
  const complete = (Key: string, UploadId: string, Parts: { ETag?: string; PartNumber: number }[], IfNoneMatch?: string) =>
    outcome(client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, IfNoneMatch })));
  const large = 'x'.repeat(5 * 1024 * 1024);

  it('is invisible until it is complete, and takes the last upload of a part', async () => {
    const Key = newKey();
    const UploadId = await create(Key);
    await part(Key, UploadId, 1, 'replaced');
    const parts = [await part(Key, UploadId, 1, large), await part(Key, UploadId, 7, 'end')];
    expect(await exists(Key)).toBe('404 NotFound');
    expect(await complete(Key, UploadId, parts)).toBe('ok');
    expect(await read(Key)).toBe(`${large}end`);
    expect(await complete(Key, UploadId, parts)).toBe('404 NoSuchUpload');
  });

  it('refuses wrong parts and stays usable', async () => {
    const Key = newKey();
    const UploadId = await create(Key);
    const [one, two] = [await part(Key, UploadId, 1, 'small'), await part(Key, UploadId, 2, 'end')];
    expect(await complete(Key, UploadId, [one, two])).toBe('400 EntityTooSmall');
    expect(await complete(Key, UploadId, [two, one])).toBe('400 InvalidPartOrder');
    expect(await complete(Key, UploadId, [{ ...one, ETag: two.ETag }])).toBe('400 InvalidPart');
    expect(await complete(Key, UploadId, [{ ...one, PartNumber: 3 }])).toBe('400 InvalidPart');
    expect(await outcome(part(Key, UploadId, 10_001, 'x'))).toBe('400 InvalidArgument');
    expect(await outcome(part(`${Key}x`, UploadId, 1, 'x'))).toBe('404 NoSuchUpload');
    await putObject({ Key, Body: 'was first' });
    expect(await complete(Key, UploadId, [one], '*')).toBe('412 PreconditionFailed');
    expect(await complete(Key, UploadId, [one])).toBe('ok');
  });

  it('completed twice at once makes one version', async () => {
    const Key = newKey();
    const UploadId = await create(Key);
    const parts = [await part(Key, UploadId, 1, 'all')];
    const outcomes = await Promise.all([complete(Key, UploadId, parts), complete(Key, UploadId, parts)]);
    expect(outcomes.filter((result) => result === 'ok')).toHaveLength(1);
  });

  it('can be given up', async () => {
    const Key = newKey();
    const UploadId = await create(Key);
    const parts = [await part(Key, UploadId, 1, 'gone')];
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    expect(await complete(Key, UploadId, parts)).toBe('404 NoSuchUpload');
  });
});

interface RawRequest {
  port: string;
  path: string;
  headers: Record<string, string>;
}

/** A PUT of an empty body through node:http, which unlike fetch lets the Host header be chosen. */
async function statusOfPut(options: RawRequest): Promise<number | undefined> {
  const sent = request({ ...options, hostname: '127.0.0.1', method: 'PUT' }).end();
  const [response] = await once(sent, 'response');
  response.resume();
  return response.statusCode;
}

async function readAll(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket) text += chunk;
  return text;
}
