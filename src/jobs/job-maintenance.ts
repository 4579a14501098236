import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { FileService } from '../files/file.service';
import { RetentionSettings } from '../platform/config/settings';
import { deleteFreeKeys } from '../platform/idempotency/free-keys.queries';
import { removeDueObjects } from './remove-objects';
import { expireJobs, retireInputFiles, retireOutputFiles } from './retire-files';

/** Rows that one transaction holds at most. */
const BATCH = 500;
/** Removals that one process takes at a time: few enough to be done within their lease. */
const REMOVAL_BATCH = 100;

/**
 * What time does to jobs: those never started expire, files are given up when they have been kept long enough, what was given
 * up leaves the object store, and idempotency keys that are free again are forgotten. It goes on where it stopped, so it may be
 * cut off anywhere, and any number of processes may do it at once.
 */
@Injectable()
export class JobMaintenance {
  private readonly logger = new Logger('JobMaintenance');

  constructor(
    private readonly db: DataSource,
    private readonly files: FileService,
    private readonly retention: RetentionSettings,
  ) {}

  /** Does all that is due. @throws AggregateError of what failed, after the rest was done. */
  async run(signal: AbortSignal): Promise<void> {
    const { inputDays, outputDays } = this.retention;
    const failures: unknown[] = [];
    const tasks: readonly [string, number, (limit: number) => Promise<number>][] = [
      ['jobs have expired', BATCH, (limit) => expireJobs(this.db, limit)],
      ["jobs' inputs were given up", BATCH, (limit) => (inputDays === null ? none : retireInputFiles(this.db, inputDays, limit))],
      [
        'output sets were given up',
        BATCH,
        (limit) => (outputDays === null ? none : retireOutputFiles(this.db, outputDays, limit)),
      ],
      ['idempotency keys were forgotten', BATCH, (limit) => deleteFreeKeys(this.db, limit)],
      ['removals were done', REMOVAL_BATCH, (limit) => removeDueObjects(this.db, this.files, limit, signal)],
    ];
    for (const [outcome, limit, batch] of tasks) {
      try {
        const count = await this.repeat(batch, limit, signal);
        if (count > 0) this.logger.log(`${count} ${outcome}`);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'a part of the maintenance failed and will be tried again');
  }

  /** Until there is less than a batch. */
  private async repeat(batch: (limit: number) => Promise<number>, limit: number, signal: AbortSignal): Promise<number> {
    let total = 0;
    for (let done = limit; done === limit && !signal.aborted; total += done) done = await batch(limit);
    return total;
  }
}

const none = Promise.resolve(0);
