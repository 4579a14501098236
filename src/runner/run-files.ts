import { Injectable } from '@nestjs/common';
import { createWriteStream } from 'node:fs';
import * as path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FileService } from '../files/file.service';
import type { ClaimedRun } from '../jobs/runs.service';
import { StorageUnavailableError } from '../platform/object-store/storage-unavailable.error';
import { isDiskError } from './disk-errors';
import { inParallel } from './in-parallel';
import { RunOutputs } from './run-outputs';

/** Inputs that are fetched at once in one run. */
const LANES = 4;

/**
 * Brings a run's inputs from the object store to the disk, and its outputs into the object store as they are made.
 *
 * The inputs are files, because a bundle may read one several times, a workbook is not read from its beginning to its end, and
 * a connection that breaks must not make the transformation begin anew.
 */
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

  /** Where an attempt's outputs are stored; nothing is, yet. */
  openOutputs(run: ClaimedRun): RunOutputs {
    return new RunOutputs(this.files, run);
  }
}
