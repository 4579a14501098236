import type { DataSource } from 'typeorm';
import { addRunEvent, beginAttempt, findJobOfRun, lockJob, mayRun, type ClaimedRun } from './runs.queries';

export type ClaimRunResult =
  | { kind: 'claimed'; run: ClaimedRun }
  /** It has ended, was cancelled, or never was: its message needs no further look. */
  | { kind: 'not_runnable' };

/**
 * Begins an attempt at a run. From then on every earlier attempt, wherever it may still be running, can write no more: of any
 * number of workers, the last one to claim is the one whose work counts.
 */
export async function claimRun(db: DataSource, runUid: string): Promise<ClaimRunResult> {
  return db.transaction(async (tx): Promise<ClaimRunResult> => {
    const jobId = await findJobOfRun(tx, runUid);
    if (jobId === null || !mayRun(await lockJob(tx, jobId))) return { kind: 'not_runnable' };
    const run = await beginAttempt(tx, runUid);
    if (!run) return { kind: 'not_runnable' };
    await addRunEvent(tx, run, run.attempt === 1 ? 'run.started' : 'run.taken_over', { run: run.number, attempt: run.attempt });
    return { kind: 'claimed', run };
  });
}
