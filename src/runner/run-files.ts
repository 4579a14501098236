import { Injectable } from '@nestjs/common';
import { constants, createWriteStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import * as path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FileService } from '../files/file.service';
import { attemptOutputPrefix } from '../jobs/object-keys';
import type { ClaimedRun, RunOutput } from '../jobs/runs.service';
import { StorageUnavailableError } from '../platform/object-store/storage-unavailable.error';
import { isDiskError } from './disk-errors';
import { inParallel } from './in-parallel';

/** Transfers at once in one run; each large upload has several parts under way besides. */
const LANES = 4;

/** The engine named an output that is no plain file in its folder: it is broken, or was made to do that. */
export class UnusableOutputError extends Error {
  constructor(cause?: unknown) {
    super('the engine named an output that is no plain file', { cause });
    this.name = 'UnusableOutputError';
  }
}

/** Brings a run's inputs from the object store to the disk, and its outputs back. */
@Injectable()
export class RunFiles {
  constructor(private readonly files: FileService) {}

  /**
   * Copies the inputs, each in exactly the version that was pinned at the start.
   *
   * @returns their paths by env_var.
   * @throws StorageUnavailableError, an error of the file system, or the signal's reason.
   */
  async fetchInputs(run: ClaimedRun, directory: string, signal: AbortSignal): Promise<Record<string, string>> {
    const paths = await inParallel(run.files, LANES, signal, async (file, cancelled) => {
      // The extension tells the engine the format; the rest of the name is the client's and stays outside.
      const extension = /\.[A-Za-z0-9]{1,10}$/.exec(file.name)?.[0].toLowerCase() ?? '';
      const target = path.join(directory, `${file.envVar.replace(/\W/g, '_')}${extension}`);
      const body = await this.files.openRead(file, cancelled);
      const sink = createWriteStream(target, { flags: 'wx' });
      try {
        await pipeline(body, sink, { signal: cancelled });
      } catch (cause) {
        throw cancelled.aborted || isDiskError(cause) ? cause : new StorageUnavailableError('read', cause);
      }
      if (sink.bytesWritten !== file.size)
        throw new StorageUnavailableError('read', new Error('the object is not as long as it was'));
      return [file.envVar, target] as const;
    });
    return Object.fromEntries(paths);
  }

  /**
   * Stores the outputs under keys of this attempt alone.
   *
   * @throws StorageUnavailableError, UnusableOutputError, an error of the file system, or the signal's reason.
   */
  async storeOutputs(
    run: ClaimedRun,
    directory: string,
    outputs: readonly { readonly name: string; readonly records: number }[],
    signal: AbortSignal,
  ): Promise<RunOutput[]> {
    return inParallel(outputs, LANES, signal, async ({ name, records }, cancelled) => {
      const handle = await openOutput(path.join(directory, name));
      try {
        const key = attemptOutputPrefix(run, run.attempt) + name;
        const { size, versionId } = await this.files.write(key, handle.createReadStream({ autoClose: false }), {
          signal: cancelled,
        });
        return { name, key, size, versionId, records };
      } finally {
        await handle.close();
      }
    });
  }

  /** Removes what an attempt has stored, or may have. Best effort: what stays costs space and is never seen. */
  async removeOutputs(run: ClaimedRun, names: readonly string[], attempts: readonly number[]): Promise<void> {
    const keys = attempts.flatMap((attempt) => names.map((name) => attemptOutputPrefix(run, attempt) + name));
    if (keys.length > 0) await this.files.remove(keys).catch(() => undefined);
  }
}

/** The engine's process wrote it: a link there must not lead out of its folder. */
async function openOutput(file: string): Promise<FileHandle> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' || error.code === 'ELOOP' ? new UnusableOutputError(error) : error;
  });
  const { nlink, isFile } = await handle.stat().then((found) => ({ nlink: found.nlink, isFile: found.isFile() }));
  if (isFile && nlink === 1) return handle;
  await handle.close();
  throw new UnusableOutputError();
}
