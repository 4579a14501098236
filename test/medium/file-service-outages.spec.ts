import { mkdtemp, readdir, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileService } from '../../src/files/file.service';
import { StorageUnavailableError } from '../../src/platform/object-store/storage-unavailable.error';
import { createFileService, newKey } from '../support/file-service';
import { startTestS3, type TestS3 } from '../support/s3';
import { waitFor } from '../support/wait';

const MIB = 1024 * 1024;
/** How soon a request that waits for the store has its 503. */
const ANSWER_DEADLINE_MS = 10_000;

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
    });

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
