import { randomUUID, createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { Registry } from 'prom-client';
import { ObjectStoreMetrics } from '../../src/platform/object-store/object-store-metrics';
import { FileService, type PresignedUpload } from '../../src/files/file.service';
import { StorageUnavailableError } from '../../src/platform/object-store/storage-unavailable.error';
import { listVersions, startTestS3, type TestS3 } from '../support/s3';
import { waitFor } from '../support/wait';

const MIB = 1024 * 1024;
/** How soon a request that waits for the store has its 503. */
const ANSWER_DEADLINE_MS = 10_000;

const newKey = (name = 'INPUT_FILE') => `inputs/${randomUUID()}/${name}`;
const sha256 = (body: string) => createHash('sha256').update(body).digest('hex');

function createFileService({ endpoint, region, bucket, accessKeyId, secretAccessKey }: TestS3, ttlSeconds = 60): FileService {
  const credentials = { accessKeyId, secretAccessKey };
  const ttl = { uploadUrlTtlSeconds: ttlSeconds, downloadUrlTtlSeconds: ttlSeconds };
  return new FileService(
    { endpoint, region, bucket, credentials, forcePathStyle: true, ...ttl },
    new ObjectStoreMetrics(new Registry()),
  );
}

describe('FileService', () => {
  let s3: TestS3;
  let files: FileService;

  beforeAll(async () => {
    s3 = await startTestS3();
    files = createFileService(s3);
  });
  afterAll(async () => {
    files.onModuleDestroy();
    await s3.close();
  });

  const put = async (Key: string, Body: string) => s3.client.send(new PutObjectCommand({ Bucket: s3.bucket, Key, Body }));
  const stored = async (Key: string) => {
    const { Body } = await s3.client.send(new GetObjectCommand({ Bucket: s3.bucket, Key }));
    return text(Body as Readable);
  };
  const countVersions = async (Prefix: string): Promise<number> => {
    let count = 0;
    for await (const { Versions = [], DeleteMarkers = [] } of listVersions(s3.client, { Bucket: s3.bucket, Prefix }))
      count += Versions.length + DeleteMarkers.length;
    return count;
  };
  const exists = async (Key: string) =>
    s3.client.send(new HeadObjectCommand({ Bucket: s3.bucket, Key })).then(
      () => true,
      () => false,
    );

  describe('an upload URL', () => {
    const send = ({ method, url }: PresignedUpload, body: RequestInit['body'], headers: Record<string, string> = {}) =>
      fetch(url, { method, body, headers, duplex: 'half' });

    it.each(['INPUT_FILE', 'a b+c&d=e?f#g%h', "Schüler (1)'!*.csv", '~-._'])(
      'takes a file without any header at %j',
      async (name) => {
        const key = newKey(name);
        const upload = await files.presignUpload(key, {});
        expect(upload).toMatchObject({ method: 'PUT', headers: {} });
        expect((await send(upload, 'a,b\n1,2\n')).status).toBe(200);
        expect(await stored(key)).toBe('a,b\n1,2\n');
      },
    );

    it('says no later expiry than its signature has', async () => {
      const { url, expiresAt } = await files.presignUpload(newKey(), {});
      const { searchParams } = new URL(url);
      const date = searchParams.get('X-Amz-Date')!.replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/, '$1-$2-$3T$4:$5:$6Z');
      expect(expiresAt.getTime()).toBe(Date.parse(date) + Number(searchParams.get('X-Amz-Expires')) * 1000);
      expect(searchParams.get('X-Amz-Expires')).toBe('60');
    });

    it('has the lifetime that is asked for', async () => {
      const { url } = await files.presignUpload(newKey(), {}, 7);
      expect(new URL(url).searchParams.get('X-Amz-Expires')).toBe('7');
    });

    it('of a declared file takes exactly that file', async () => {
      const key = newKey();
      const upload = await files.presignUpload(key, { size: 4, sha256: sha256('data') });
      expect(Object.keys(upload.headers).sort()).toEqual(['content-length', 'x-amz-checksum-sha256']);
      expect((await send(upload, 'data', upload.headers)).status).toBe(200);
      expect(await stored(key)).toBe('data');
    });

    const checksumHeader = (body: string) => ({ 'x-amz-checksum-sha256': Buffer.from(sha256(body), 'hex').toString('base64') });
    it.each<[string, { size?: number; sha256?: string }, string, Record<string, string>]>([
      ['a longer one', { size: 4 }, 'data and more', {}],
      ['a shorter one', { size: 4 }, 'dat', {}],
      ['an empty one', { size: 4 }, '', {}],
      ['one without the checksum header', { sha256: sha256('data') }, 'data', {}],
      ['one with another checksum header', { sha256: sha256('data') }, 'evil', checksumHeader('evil')],
      ['one of the right checksum and another size', { size: 5, sha256: sha256('data') }, 'data', checksumHeader('data')],
    ])('of a declared file refuses %s', async (_, declared, body, headers) => {
      const key = newKey();
      const response = await send(await files.presignUpload(key, declared), body, headers);
      expect(response.status).toBe(403);
      expect(await exists(key)).toBe(false);
    });

    it('of a declared size refuses a body whose length is not told', async () => {
      const key = newKey();
      const upload = await files.presignUpload(key, { size: 4 });
      const { status } = await send(upload, Readable.toWeb(Readable.from([Buffer.from('data')])) as ReadableStream);
      expect([400, 403, 411]).toContain(status);
      expect(await exists(key)).toBe(false);
    });

    it('of a declared checksum refuses other bytes under that checksum', async () => {
      // radosgw does not compare an upload with its checksum.
      if (s3.kind === 'real') return;
      const key = newKey();
      const upload = await files.presignUpload(key, { size: 4, sha256: sha256('data') });
      expect((await send(upload, 'evil', upload.headers)).status).toBe(400);
      expect(await exists(key)).toBe(false);
    });

    it('is refused after it has expired', async () => {
      const key = newKey();
      const upload = await files.presignUpload(key, {}, 1);
      await waitFor(() => Date.now() > upload.expiresAt.getTime() + 1000);
      expect((await send(upload, 'late')).status).toBe(403);
      expect(await exists(key)).toBe(false);
    });

    it.each<[string, (url: URL) => void]>([
      ['key', (url) => (url.pathname += 'x')],
      ['expiry', (url) => url.searchParams.set('X-Amz-Expires', '86400')],
      ['parameter more', (url) => url.searchParams.set('x-amz-acl', 'public-read')],
      ['signed header less', (url) => url.searchParams.set('X-Amz-SignedHeaders', 'host')],
    ])('is refused with another %s', async (_, tamper) => {
      const upload = await files.presignUpload(newKey(), { sha256: sha256('data') });
      const url = new URL(upload.url);
      tamper(url);
      expect((await send({ ...upload, url: url.href }, 'data', upload.headers)).status).toBe(403);
    });

    it('is good for nothing but the upload', async () => {
      const key = newKey();
      await put(key, 'secret');
      const { url } = await files.presignUpload(key, {});
      for (const method of ['GET', 'DELETE', 'POST'])
        expect([method, (await fetch(url, { method })).status]).toEqual([method, 403]);
    });
  });

  describe('looking files up', () => {
    it('tells the found, with what pins them, from the missing', async () => {
      const [full, empty, missing] = [newKey(), newKey(), newKey()];
      const { ETag, VersionId } = await put(full, 'data');
      await files.write(empty, Buffer.alloc(0));
      const result = await files.doFilesExist([full, missing, empty]);
      expect(result).toMatchObject({ kind: 'checked', missing: [missing] });
      const { found } = result as Extract<typeof result, { kind: 'checked' }>;
      expect([...found.keys()]).toEqual([full, empty]);
      expect(found.get(full)).toEqual({ size: 4, etag: ETag, versionId: VersionId, sha256: null });
      expect(found.get(empty)?.size).toBe(0);
    });

    it('tells the checksum that the store has verified', async () => {
      // radosgw returns none.
      if (s3.kind === 'real') return;
      const key = newKey();
      const upload = await files.presignUpload(key, { sha256: sha256('data') });
      await fetch(upload.url, { method: 'PUT', body: 'data', headers: upload.headers });
      const result = await files.doFilesExist([key]);
      expect(result.kind === 'checked' && result.found.get(key)?.sha256).toBe(sha256('data'));
    });

    it('of none is no question to the store', async () => {
      expect(await files.doFilesExist([])).toEqual({ kind: 'checked', found: new Map(), missing: [] });
    });
  });

  describe('reading', () => {
    it('gives the version that was looked up, whatever was uploaded since', async () => {
      const key = newKey();
      await put(key, 'looked up');
      const result = await files.doFilesExist([key]);
      const { versionId, etag } = (result as Extract<typeof result, { kind: 'checked' }>).found.get(key)!;
      await put(key, 'replaced');
      expect(await text(await files.openRead({ key, versionId, etag }))).toBe('looked up');
      await files.remove([key]);
      expect(await text(await files.openRead({ key, versionId, etag }))).toBe('looked up');
    });

    it('gives no other object where only the ETag pins it', async () => {
      // radosgw refuses every If-Match in a bucket with versions.
      if (s3.kind === 'real') return;
      const key = newKey();
      const { ETag: etag } = await put(key, 'looked up');
      expect(await text(await files.openRead({ key, versionId: null, etag }))).toBe('looked up');
      await put(key, 'replaced');
      await expect(files.openRead({ key, versionId: null, etag })).rejects.toThrow(StorageUnavailableError);
    });

    it('of an object that is not there says so', async () => {
      await expect(files.openRead({ key: newKey(), versionId: null })).rejects.toThrow(StorageUnavailableError);
    });

    it('stops when its signal aborts', async () => {
      const key = newKey();
      await files.write(key, Buffer.alloc(4 * MIB));
      const abort = new AbortController();
      const body = await files.openRead({ key, versionId: null }, abort.signal);
      body.once('data', () => abort.abort());
      await expect(buffer(body)).rejects.toThrow();
    });
  });

  describe('a download URL', () => {
    it.each([
      'studentAssessments.jsonl',
      'Schüler "Noten"; x=1.csv',
      "100% (it's *new*).csv",
      '漢字 😀.csv',
      'a\r\nSet-Cookie: b=c.csv',
      '../../etc/passwd',
      '<script>alert(1)</script>.html',
      '\ud800.csv',
    ])('saves the file as %j and is shown as no page', async (name) => {
      const key = newKey('output');
      await put(key, '<html>');
      const { url } = await files.presignDownload({ key, versionId: null, name });
      const response = await fetch(url);
      expect(await response.text()).toBe('<html>');
      expect(response.headers.get('content-type')).toBe('application/octet-stream');
      const disposition = response.headers.get('content-disposition') ?? '';
      const [, plain, , encoded] = /^attachment; filename="([ !#$&-[\]-~]*)"(; filename\*=UTF-8''([\w!#$&+.^`|~%-]+))?$/.exec(
        disposition,
      )!;
      expect(encoded === undefined ? plain : decodeURIComponent(encoded)).toBe(name.toWellFormed());
    });

    it('gives the version that it was made for', async () => {
      const key = newKey('output');
      const { VersionId = null } = await put(key, 'first');
      await put(key, 'second');
      const { url, expiresAt } = await files.presignDownload({ key, versionId: VersionId, name: 'a.csv' });
      expect(await (await fetch(url)).text()).toBe('first');
      expect(expiresAt.getTime() - Date.now()).toBeLessThanOrEqual(60_000);
    });

    it('is refused with another version or name', async () => {
      const key = newKey('output');
      const { VersionId = null } = await put(key, 'first');
      const other = await put(key, 'second');
      const { url } = await files.presignDownload({ key, versionId: VersionId, name: 'a.csv' });
      for (const [parameter, value] of [
        ['versionId', other.VersionId!],
        ['response-content-type', 'text/html'],
        ['response-content-disposition', 'inline'],
      ] as const) {
        const changed = new URL(url);
        changed.searchParams.set(parameter, value);
        expect([parameter, (await fetch(changed)).status]).toEqual([parameter, 403]);
      }
    });
  });

  describe('writing', () => {
    it.each([
      [0, []],
      [1, []],
      [0, [5 * MIB]],
      [1, [5 * MIB, 6 * MIB]],
      [6 * MIB, [5 * MIB]],
    ])('a last part of %i bytes after those of %j gives one object', async (last, parts) => {
      const key = newKey('output');
      const bytes = [...parts, last].map((size, index) => Buffer.alloc(size, `${index}abcdefg\n`));
      const writer = files.openWrite(key);
      // Parts are in the order of the calls, whichever is through first.
      await Promise.all(bytes.slice(0, -1).map((part) => writer.write(part)));
      const written = await writer.end(bytes.at(-1)!);
      const whole = Buffer.concat(bytes);
      expect(written.size).toBe(whole.length);
      const body = await files.openRead({ key, versionId: written.versionId });
      expect((await buffer(body)).equals(whole)).toBe(true);
      const head = await s3.client.send(new HeadObjectCommand({ Bucket: s3.bucket, Key: key }));
      expect(head).toMatchObject({
        ...{ ContentLength: whole.length, ContentType: 'application/octet-stream', VersionId: written.versionId },
      });
    });

    it('nothing, given up, leaves nothing', async () => {
      const key = newKey('output');
      await files.openWrite(key).abort();
      expect(await exists(key)).toBe(false);
    });

    it('parts, given up, leaves nothing', async () => {
      const key = newKey('output');
      const writer = files.openWrite(key);
      await writer.write(Buffer.alloc(5 * MIB));
      await writer.abort();
      await expect(writer.end(Buffer.alloc(1))).rejects.toThrow(StorageUnavailableError);
      expect(await exists(key)).toBe(false);
    });

    it('a small object at once', async () => {
      const key = newKey('bundle');
      expect((await files.write(key, Buffer.from('archive'), { contentType: 'application/gzip' })).size).toBe(7);
      expect(await stored(key)).toBe('archive');
      const head = await s3.client.send(new HeadObjectCommand({ Bucket: s3.bucket, Key: key }));
      expect(head.ContentType).toBe('application/gzip');
    });
  });

  describe('removing', () => {
    it('takes any number of keys, there or not', async () => {
      const keys = Array.from({ length: 1_001 }, () => newKey());
      const ends = [keys[0]!, keys[1_000]!];
      await Promise.all(ends.map((key) => put(key, 'x')));
      await files.remove(keys);
      expect(await files.doFilesExist(ends)).toMatchObject({ missing: ends });
      await files.remove([]);
    });

    it('by a prefix leaves no version, no mark of a deletion, and whatever is elsewhere', async () => {
      const [prefix, sibling] = [`inputs/${randomUUID()}/`, `inputs/${randomUUID()}/`];
      const longer = `${prefix.slice(0, -1)}x/INPUT_FILE`;
      for (const key of [`${prefix}a`, `${prefix}a`, `${prefix}b`, `${prefix}deep/c`, `${sibling}a`, longer]) await put(key, 'x');
      await files.remove([`${prefix}b`]);
      expect(await countVersions(prefix)).toBe(5);
      await files.removeUnder(prefix);
      expect(await countVersions(prefix)).toBe(0);
      expect(await exists(`${sibling}a`)).toBe(true);
      expect(await exists(longer)).toBe(true);
      await files.removeUnder(prefix);
    });

    it('by a prefix takes more than a page', async () => {
      const prefix = `outputs/${randomUUID()}/`;
      for (let from = 0; from < 1_050; from += 50)
        await Promise.all(Array.from({ length: 50 }, (_, index) => put(`${prefix}${(from + index) % 300}`, 'x')));
      expect(await countVersions(prefix)).toBe(1_050);
      await files.removeUnder(prefix);
      expect(await countVersions(prefix)).toBe(0);
    });

    it.each(['', '/', 'inputs', 'inputs/', 'inputs/a', '/inputs/'])(
      'by %j, which others may begin with, is refused',
      async (prefix) => {
        await expect(files.removeUnder(prefix)).rejects.toThrow('not a prefix to remove by');
      },
    );
  });

  it('is reachable where the bucket is', async () => {
    expect(await files.isReachable()).toBe(true);
    const elsewhere = createFileService({ ...s3, bucket: 'no-such-bucket-here' });
    expect(await elsewhere.isReachable()).toBe(false);
    elsewhere.onModuleDestroy();
  });
});

describe('FileService on a store in trouble', () => {
  let directory: string;
  let s3: TestS3;
  let files: FileService;
  /** Takes a request over where it returns true. */
  let fault: (request: IncomingMessage, response: ServerResponse) => boolean;
  let requests: string[];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'slipway-files-'));
    s3 = await startTestS3({
      directory,
      intercept: (request, response) => {
        requests.push(`${request.method} ${request.url}`);
        return fault(request, response);
      },
    });
    files = createFileService(s3);
  });
  beforeEach(() => {
    fault = () => false;
    requests = [];
  });
  afterAll(async () => {
    files.onModuleDestroy();
    await s3.close();
    await rm(directory, { recursive: true, force: true });
  });

  const answer = (status: number) => (_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(status).end();
    return true;
  };
  const unfinishedUploads = () => readdir(join(directory, 'buckets', s3.bucket, 'uploads'));
  /** Holds every part and small object back; `release` cuts the connections, and the SDK tries again. */
  function holdBack() {
    const held: IncomingMessage[] = [];
    fault = (request) => {
      const carriesBytes = request.method === 'PUT';
      // Who does not read does not see that the other side has gone.
      if (carriesBytes) held.push(request.resume());
      return carriesBytes;
    };
    const release = () => {
      fault = () => false;
      for (const request of held) request.socket.destroy();
    };
    return { held, release };
  }
  describe('answers "unavailable", not "missing", within 10 s', () => {
    it.each([403, 500, 503, 301])('where one of the looked up is a %i', async (status) => {
      const key = newKey('the one');
      fault = (request, response) => request.url!.includes('the%20one') && answer(status)(request, response);
      const begun = Date.now();
      expect((await files.doFilesExist([newKey(), key, newKey()])).kind).toBe('storage_unavailable');
      expect(Date.now() - begun).toBeLessThan(ANSWER_DEADLINE_MS);
    });

    it('where the store says nothing', async () => {
      fault = () => true;
      const begun = Date.now();
      const [lookUp, reachable] = await Promise.all([files.doFilesExist([newKey()]), files.isReachable()]);
      expect([lookUp.kind, reachable]).toEqual(['storage_unavailable', false]);
      expect(Date.now() - begun).toBeLessThan(ANSWER_DEADLINE_MS);
    }, 15_000);

    it('where nobody listens', async () => {
      const nowhere = createFileService({ ...s3, endpoint: 'http://127.0.0.1:9' });
      expect((await nowhere.doFilesExist([newKey()])).kind).toBe('storage_unavailable');
      nowhere.onModuleDestroy();
    });
  });

  it('asks again when the first answer is a 500', async () => {
    const key = newKey();
    await files.write(key, Buffer.from('x'));
    let failures = 0;
    fault = (request, response) => failures++ === 0 && answer(500)(request, response);
    expect(await files.doFilesExist([key])).toMatchObject({ kind: 'checked', missing: [] });
  });

  it('says that it can neither read nor remove', async () => {
    fault = answer(403);
    await expect(files.openRead({ key: newKey(), versionId: null })).rejects.toThrow(StorageUnavailableError);
    await expect(files.remove([newKey()])).rejects.toThrow(StorageUnavailableError);
    await expect(files.removeUnder('inputs/a/')).rejects.toThrow(StorageUnavailableError);
  });

  describe('leaves nothing of a write', () => {
    it('in parts that is given up while they are sent', async () => {
      const key = newKey('output');
      const { held, release } = holdBack();
      const writer = files.openWrite(key);
      const written = Promise.allSettled([writer.write(Buffer.alloc(5 * MIB)), writer.write(Buffer.alloc(5 * MIB))]);
      await waitFor(() => held.length === 2);
      expect(await unfinishedUploads()).toHaveLength(1);
      await writer.abort();
      for (const part of await written)
        expect(part).toMatchObject({ status: 'rejected', reason: expect.any(StorageUnavailableError) });
      await waitFor(() => held.every((request) => request.destroyed));
      release();
      expect(await unfinishedUploads()).toEqual([]);
      expect(await files.doFilesExist([key])).toMatchObject({ missing: [key] });
    });

    it('in parts that is given up while it begins', async () => {
      const beginning: (() => void)[] = [];
      fault = (request, response) => {
        if (request.method !== 'POST' || beginning.length > 0) return false;
        beginning.push(() => answer(500)(request, response));
        return true;
      };
      const writer = files.openWrite(newKey('output'));
      const written = writer.write(Buffer.alloc(5 * MIB));
      await waitFor(() => beginning.length === 1);
      const aborted = writer.abort();
      // The SDK asks again, and the upload is begun after it was given up.
      beginning[0]!();
      await expect(written).rejects.toThrow(StorageUnavailableError);
      await aborted;
      expect(await unfinishedUploads()).toEqual([]);
    });

    it('of a small object that is given up while it is sent: once given up it is no longer on its way', async () => {
      const key = newKey('output');
      const { held, release } = holdBack();
      const writer = files.openWrite(key);
      const order: string[] = [];
      const written = writer.end(Buffer.from('small')).finally(() => order.push('stored'));
      await waitFor(() => held.length === 1);
      const aborted = writer.abort().finally(() => order.push('given up'));
      release();
      await Promise.all([written, aborted]);
      expect(order).toEqual(['stored', 'given up']);
      await files.remove([key]);
      expect(await files.doFilesExist([key])).toMatchObject({ missing: [key] });
    });

    it('that is aborted while it is sent, or was before', async () => {
      const { held } = holdBack();
      const abort = new AbortController();
      const written = files.write(newKey('bundle'), Buffer.from('small'), { signal: abort.signal });
      await waitFor(() => held.length === 1);
      abort.abort();
      await expect(written).rejects.toThrow(StorageUnavailableError);
      await waitFor(() => held[0]!.destroyed);
      requests = [];
      await expect(files.write(newKey('bundle'), Buffer.from('x'), { signal: abort.signal })).rejects.toThrow(
        StorageUnavailableError,
      );
      expect(requests).toEqual([]);
    });

    it('of which a part is refused', async () => {
      const key = newKey('output');
      fault = (request, response) => request.url!.includes('partNumber=2') && answer(403)(request, response);
      const writer = files.openWrite(key);
      await writer.write(Buffer.alloc(5 * MIB));
      await expect(writer.write(Buffer.alloc(5 * MIB))).rejects.toThrow(StorageUnavailableError);
      await expect(writer.end(Buffer.alloc(1))).rejects.toThrow(StorageUnavailableError);
      await writer.abort();
      expect(await unfinishedUploads()).toEqual([]);
      expect(await files.doFilesExist([key])).toMatchObject({ missing: [key] });
    });
  });
});
