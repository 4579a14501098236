import type { DataSource, EntityManager } from 'typeorm';
import { announceEndedJobs } from '../webhooks/announce-ended-jobs';
import { attemptOutputPrefix, runOutputPrefix } from './object-keys';
import { LATE_WRITER_SECONDS, scheduleOutputRemoval } from './removal.queries';
import type { RunCounts, RunError, RunProgress } from './run-report';
import {
  addRunEvent,
  insertOutputSet,
  isCurrent,
  lockJob,
  markFailed,
  markSucceeded,
  type RunAttempt,
  type RunOutput,
} from './runs.queries';

/** `superseded`: another attempt has the run, or it was cancelled. Nothing was written, and what the attempt stored is nobody's. */
export type EndRunResult = { kind: 'ended' } | { kind: 'superseded' };

/** Ends a run well, in one transaction: run and job succeed, and the output set with its files is there as a whole. */
export async function finishRun(
  db: DataSource | EntityManager,
  run: RunAttempt,
  outputs: readonly RunOutput[],
  counts: RunCounts,
): Promise<EndRunResult> {
  const { rowsRead, rowsWritten, warnings } = counts;
  return db.transaction(async (tx): Promise<EndRunResult> => {
    if ((await lockJob(tx, run.jobId)) !== 'running') return { kind: 'superseded' };
    if (!(await markSucceeded(tx, run, { stage: 'done', percent: 100, node: null, ...counts }))) return { kind: 'superseded' };
    const outputSet = await insertOutputSet(tx, run, outputs);
    await addRunEvent(tx, run, 'job.succeeded', { outputSet, rowsRead, rowsWritten, warnings });
    await announceEndedJobs(tx, [run.jobId]);
    // What earlier attempts stored before they were lost; one of them may only be paused.
    const earlier = Array.from({ length: run.attempt - 1 }, (_, index) => attemptOutputPrefix(run, index + 1));
    if (earlier.length > 0) await scheduleOutputRemoval(tx, earlier, LATE_WRITER_SECONDS);
    return { kind: 'ended' };
  });
}

/**
 * Ends a run badly, for a reason that another attempt would not change.
 *
 * @param progress how far it had come, and what the engine warned of; null leaves what the job shows
 */
export async function failRun(
  db: DataSource,
  run: RunAttempt,
  error: RunError,
  progress: RunProgress | null = null,
): Promise<EndRunResult> {
  return db.transaction(async (tx): Promise<EndRunResult> => {
    if ((await lockJob(tx, run.jobId)) !== 'running') return { kind: 'superseded' };
    if (!(await markFailed(tx, run, error, progress))) return { kind: 'superseded' };
    await addRunEvent(tx, run, 'job.failed', { error });
    await announceEndedJobs(tx, [run.jobId]);
    await scheduleOutputRemoval(tx, [runOutputPrefix(run)], LATE_WRITER_SECONDS);
    return { kind: 'ended' };
  });
}

/** Notes that an attempt gave up in order and why; the run stays live, and another attempt takes it over. */
export async function releaseRun(
  db: DataSource,
  run: RunAttempt,
  reason: Pick<RunError, 'code' | 'title'>,
): Promise<EndRunResult> {
  return db.transaction(async (tx): Promise<EndRunResult> => {
    await lockJob(tx, run.jobId);
    if (!(await isCurrent(tx, run))) return { kind: 'superseded' };
    await addRunEvent(tx, run, 'run.retrying', { attempt: run.attempt, code: reason.code, title: reason.title });
    return { kind: 'ended' };
  });
}
