import { Readable } from 'node:stream';
import { FileService, type PresignedUpload } from '../../src/files/file.service';
import { createFileService, newKey, objectsOf, sha256 } from '../support/file-service';
import { startTestS3, type TestS3 } from '../support/s3';
import { waitFor } from '../support/wait';

describe('FileService signs', () => {
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
        expect(await objects.text(key)).toBe('a,b\n1,2\n');
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
      expect(await objects.text(key)).toBe('data');
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
      expect(await objects.exists(key)).toBe(false);
    });

    it('of a declared size refuses a body whose length is not told', async () => {
      const key = newKey();
      const upload = await files.presignUpload(key, { size: 4 });
      const { status } = await send(upload, Readable.toWeb(Readable.from([Buffer.from('data')])) as ReadableStream);
      expect([400, 403, 411]).toContain(status);
      expect(await objects.exists(key)).toBe(false);
    });

    it('of a declared checksum refuses other bytes under that checksum', async () => {
      // radosgw does not compare an upload with its checksum.
      if (s3.kind === 'real') return;
      const key = newKey();
      const upload = await files.presignUpload(key, { size: 4, sha256: sha256('data') });
      expect((await send(upload, 'evil', upload.headers)).status).toBe(400);
      expect(await objects.exists(key)).toBe(false);
    });

    it('is refused after it has expired', async () => {
      const key = newKey();
      const upload = await files.presignUpload(key, {}, 1);
      await waitFor(() => Date.now() > upload.expiresAt.getTime() + 1000);
      expect((await send(upload, 'late')).status).toBe(403);
      expect(await objects.exists(key)).toBe(false);
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
      await objects.put(key, 'secret');
      const { url } = await files.presignUpload(key, {});
      for (const method of ['GET', 'DELETE', 'POST'])
        expect([method, (await fetch(url, { method })).status]).toEqual([method, 403]);
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
      await objects.put(key, '<html>');
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
      const { VersionId = null } = await objects.put(key, 'first');
      await objects.put(key, 'second');
      const { url, expiresAt } = await files.presignDownload({ key, versionId: VersionId, name: 'a.csv' });
      expect(await (await fetch(url)).text()).toBe('first');
      expect(expiresAt.getTime() - Date.now()).toBeLessThanOrEqual(60_000);
    });

    it('is refused with another version or name', async () => {
      const key = newKey('output');
      const { VersionId = null } = await objects.put(key, 'first');
      const other = await objects.put(key, 'second');
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
});
