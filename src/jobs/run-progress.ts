import type { DataSource } from 'typeorm';
import type { RunProgress } from './run-report';
import { addRunEvent, lockJob, updateProgress, type RunAttempt } from './runs.queries';

export type ReportProgressResult = { kind: 'reported' } | { kind: 'superseded' };

/** Shows how far a run is. The caller sees to it that this is not done more than once in a few seconds. */
export async function reportProgress(db: DataSource, run: RunAttempt, progress: RunProgress): Promise<ReportProgressResult> {
  return db.transaction(async (tx): Promise<ReportProgressResult> => {
    await lockJob(tx, run.jobId);
    if (!(await updateProgress(tx, run, progress))) return { kind: 'superseded' };
    // The history grows with each report, so the lists stay out of it.
    const { stage, percent, node, rowsRead, rowsWritten } = progress;
    await addRunEvent(tx, run, 'run.progress', { stage, percent, node, rowsRead, rowsWritten });
    return { kind: 'reported' };
  });
}
