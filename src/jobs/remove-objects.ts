import type { DataSource } from 'typeorm';
import type { FileService } from '../files/file.service';
import { completeRemovals, takeDueRemovals } from './removal.queries';

/** Requests to the object store at once. */
const LANES = 8;
/** A removal that failed, or whose process died, is tried again after so long. Two at once do no harm. */
const LEASE_SECONDS = 300;

/**
 * Removes one batch of what is due from the object store, with all versions. What fails stays due for later.
 *
 * @returns how many were removed.
 * @throws StorageUnavailableError when one could not be; the others were.
 */
export async function removeDueObjects(
  db: DataSource,
  files: Pick<FileService, 'removeUnder'>,
  limit: number,
  signal: AbortSignal,
): Promise<number> {
  const due = await takeDueRemovals(db, limit, LEASE_SECONDS);
  const removed: string[] = [];
  let failure: unknown;
  const waiting = [...due];
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next && !signal.aborted; next = waiting.shift()) {
      try {
        await files.removeUnder(next.keyPrefix, signal);
        removed.push(next.id);
      } catch (error) {
        failure = error;
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  await completeRemovals(db, removed);
  if (failure) throw failure;
  return removed.length;
}
