import type { RunProgress } from '../jobs/run-report';
import type { ClaimedRun, RunsService } from '../jobs/runs.service';

/** Each report is a row of the job's history. */
const INTERVAL_MS = 2_000;

/** Shows an attempt's progress, not too often, and hears on that way when the attempt is no longer the current one. */
export class ProgressReporter {
  private reportedAt = performance.now();
  private pending: Promise<void> | undefined;

  constructor(
    private readonly runs: RunsService,
    private readonly run: ClaimedRun,
    private readonly onSuperseded: () => void,
  ) {}

  report(progress: RunProgress): void {
    if (this.pending || performance.now() - this.reportedAt < INTERVAL_MS) return;
    this.reportedAt = performance.now();
    this.pending = this.runs
      .report(this.run, progress)
      .then(
        (result) => {
          if (result.kind === 'superseded') this.onSuperseded();
        },
        // Progress is not worth a run: whether the database is there shows when it matters.
        () => undefined,
      )
      .finally(() => (this.pending = undefined));
  }

  /** Resolves when nothing is being written any more. */
  async settle(): Promise<void> {
    await this.pending;
  }
}
