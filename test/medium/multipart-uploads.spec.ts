import { text } from 'node:stream/consumers';
import { FileService } from '../../src/files/file.service';
import { StorageUnavailableError } from '../../src/platform/object-store/storage-unavailable.error';
import { createFileService, newKey } from '../support/file-service';
import { startTestS3, type TestS3 } from '../support/s3';

const MIN_PART = 5 * 1024 * 1024;

describe('an upload in parts', () => {
  let s3: TestS3;
  let files: FileService;

  beforeAll(async () => {
    s3 = await startTestS3();
    files = createFileService(s3);
  });
  afterAll(async () => {
    await files.multipart.abortUnder('inputs/');
    files.onModuleDestroy();
    await s3.close();
  });

  const begin = async (key = newKey()) => ({ key, uploadId: await files.multipart.begin(key) });
  async function send(upload: { key: string; uploadId: string }, number: number, body: string, size = body.length) {
    const urls = await files.multipart.signParts(upload, [{ number, size }], 60);
    return (await fetch(urls.get(number)!, { method: 'PUT', body })).status;
  }
  async function parts(upload: { key: string; uploadId: string }) {
    const listed = await files.multipart.listParts(upload);
    return listed.kind === 'listed' ? listed.parts : listed.kind;
  }
  const isThere = async (key: string) =>
    (await files.doFilesExist([key])).kind === 'checked' && (await text(await files.openRead({ key, versionId: null })));

  it('becomes an object of what was sent, once it is completed', async () => {
    const upload = await begin();
    const large = 'x'.repeat(MIN_PART);
    expect(await send(upload, 2, 'end')).toBe(200);
    expect(await send(upload, 1, large)).toBe(200);
    const sent = await files.multipart.listParts(upload);
    if (sent.kind !== 'listed') throw new Error(sent.kind);
    expect(sent.parts.map(({ number, size }) => [number, size])).toEqual([
      [1, MIN_PART],
      [2, 3],
    ]);
    expect(await files.doFilesExist([upload.key])).toMatchObject({ missing: [upload.key] });
    expect(await files.multipart.complete(upload, sent.parts)).toBe('completed');
    expect(await isThere(upload.key)).toBe(`${large}end`);
    // AWS and radosgw remember for a while that it was.
    expect(['completed', 'upload_not_found']).toContain(await files.multipart.complete(upload, sent.parts));
  });

  it('takes a part of no other length than was signed', async () => {
    const upload = await begin();
    expect([await send(upload, 1, 'longer', 4), await send(upload, 1, 'abc', 4), await send(upload, 1, 'part', 4)]).toEqual([
      403, 403, 200,
    ]);
    expect(await parts(upload)).toMatchObject([{ number: 1, size: 4 }]);
  });

  it('is not found under another key, or by a made-up id', async () => {
    const upload = await begin();
    await send(upload, 1, 'part');
    for (const other of [
      { ...upload, key: newKey() },
      { ...upload, uploadId: 'made-up' },
    ]) {
      expect(await parts(other)).toBe('upload_not_found');
      // radosgw answers this with a 500.
      if (s3.kind === 'local')
        expect(await files.multipart.complete(other, [{ number: 1, size: 4, etag: '"x"' }])).toBe('upload_not_found');
      expect(await send(other, 1, 'part')).toBe(404);
      await files.multipart.abort(other);
    }
    expect(await parts(upload)).toHaveLength(1);
  });

  it('replaces one that was begun before, but none of a key that its own begins', async () => {
    const first = await begin();
    const longer = await begin(`${first.key}_2`);
    const second = await begin(first.key);
    expect([await parts(first), await parts(second), await parts(longer)]).toEqual(['upload_not_found', [], []]);
  });

  it('can be given up, also twice', async () => {
    const upload = await begin();
    await send(upload, 1, 'part');
    await files.multipart.abort(upload);
    await files.multipart.abort(upload);
    expect(await parts(upload)).toBe('upload_not_found');
  });

  it('goes with what is removed by a prefix, and stays elsewhere', async () => {
    const [gone, alsoGone, stays] = [await begin(), await begin(), await begin()];
    await send(gone, 1, 'part');
    for (const { key } of [gone, alsoGone]) await files.removeUnder(key.replace('INPUT_FILE', ''));
    expect([await parts(gone), await parts(alsoGone), await parts(stays)]).toEqual(['upload_not_found', 'upload_not_found', []]);
  });

  it('says so where the store is away or refuses', async () => {
    const unreachable = [{ endpoint: 'http://127.0.0.1:9' }, { bucket: 'no-such-bucket-here' }, { secretAccessKey: 'wrong' }];
    for (const fault of unreachable) {
      const away = createFileService({ ...s3, ...fault });
      const upload = { key: newKey(), uploadId: 'x' };
      await expect(away.multipart.begin(upload.key)).rejects.toThrow(StorageUnavailableError);
      await expect(away.multipart.listParts(upload)).rejects.toThrow(StorageUnavailableError);
      await expect(away.multipart.complete(upload, [{ number: 1, size: 1, etag: '"x"' }])).rejects.toThrow(
        StorageUnavailableError,
      );
      await expect(away.multipart.abort(upload)).rejects.toThrow(StorageUnavailableError);
      await expect(away.removeUnder('inputs/x/')).rejects.toThrow(StorageUnavailableError);
      away.onModuleDestroy();
    }
  });
});
