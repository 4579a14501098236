import { randomUUID } from 'node:crypto';
import { buffer, text } from 'node:stream/consumers';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { FileService } from '../../src/files/file.service';
import { StorageUnavailableError } from '../../src/platform/object-store/storage-unavailable.error';
import { createFileService, newKey, objectsOf, sha256 } from '../support/file-service';
import { listVersions, startTestS3, type TestS3 } from '../support/s3';

const MIB = 1024 * 1024;

describe('FileService', () => {
  let s3: TestS3;
  let files: FileService;
  let objects: ReturnType<typeof objectsOf>;

  beforeAll(async () => {
    s3 = await startTestS3();
    files = createFileService(s3);
    objects = objectsOf(s3);
  });
  afterAll(async () => {
    files.onModuleDestroy();
    await s3.close();
  });

  const countVersions = async (Prefix: string): Promise<number> => {
    let count = 0;
    for await (const { Versions = [], DeleteMarkers = [] } of listVersions(s3.client, { Bucket: s3.bucket, Prefix }))
      count += Versions.length + DeleteMarkers.length;
    return count;
  };

  describe('looking files up', () => {
    it('tells the found, with what pins them, from the missing', async () => {
      const [full, empty, missing] = [newKey(), newKey(), newKey()];
      const { ETag, VersionId } = await objects.put(full, 'data');
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
      await objects.put(key, 'looked up');
      const result = await files.doFilesExist([key]);
      const { versionId, etag } = (result as Extract<typeof result, { kind: 'checked' }>).found.get(key)!;
      await objects.put(key, 'replaced');
      expect(await text(await files.openRead({ key, versionId, etag }))).toBe('looked up');
      await files.remove([key]);
      expect(await text(await files.openRead({ key, versionId, etag }))).toBe('looked up');
    });

    it('gives no other object where only the ETag pins it', async () => {
      // radosgw refuses every If-Match in a bucket with versions.
      if (s3.kind === 'real') return;
      const key = newKey();
      const { ETag: etag } = await objects.put(key, 'looked up');
      expect(await text(await files.openRead({ key, versionId: null, etag }))).toBe('looked up');
      await objects.put(key, 'replaced');
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
      expect(await objects.exists(key)).toBe(false);
    });

    it('parts, given up, leaves nothing', async () => {
      const key = newKey('output');
      const writer = files.openWrite(key);
      await writer.write(Buffer.alloc(5 * MIB));
      await writer.abort();
      await expect(writer.end(Buffer.alloc(1))).rejects.toThrow(StorageUnavailableError);
      expect(await objects.exists(key)).toBe(false);
    });

    it('a small object at once', async () => {
      const key = newKey('bundle');
      expect((await files.write(key, Buffer.from('archive'), { contentType: 'application/gzip' })).size).toBe(7);
      expect(await objects.text(key)).toBe('archive');
      const head = await s3.client.send(new HeadObjectCommand({ Bucket: s3.bucket, Key: key }));
      expect(head.ContentType).toBe('application/gzip');
    });
  });

  describe('removing', () => {
    it('takes any number of keys, there or not', async () => {
      const keys = Array.from({ length: 1_001 }, () => newKey());
      const ends = [keys[0]!, keys[1_000]!];
      await Promise.all(ends.map((key) => objects.put(key, 'x')));
      await files.remove(keys);
      expect(await files.doFilesExist(ends)).toMatchObject({ missing: ends });
      await files.remove([]);
    });

    it('by a prefix leaves no version, no mark of a deletion, and whatever is elsewhere', async () => {
      const [prefix, sibling] = [`inputs/${randomUUID()}/`, `inputs/${randomUUID()}/`];
      const longer = `${prefix.slice(0, -1)}x/INPUT_FILE`;
      for (const key of [`${prefix}a`, `${prefix}a`, `${prefix}b`, `${prefix}deep/c`, `${sibling}a`, longer])
        await objects.put(key, 'x');
      await files.remove([`${prefix}b`]);
      expect(await countVersions(prefix)).toBe(5);
      await files.removeUnder(prefix);
      expect(await countVersions(prefix)).toBe(0);
      expect(await objects.exists(`${sibling}a`)).toBe(true);
      expect(await objects.exists(longer)).toBe(true);
      await files.removeUnder(prefix);
    });

    it('by a prefix takes more than a page', async () => {
      const prefix = `outputs/${randomUUID()}/`;
      for (let from = 0; from < 1_050; from += 50)
        await Promise.all(Array.from({ length: 50 }, (_, index) => objects.put(`${prefix}${(from + index) % 300}`, 'x')));
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
