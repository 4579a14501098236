import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { RunQueue } from '../platform/queue/run-queue';
import { claimRun, type ClaimRunResult } from './run-claim';
import { failRun, finishRun, releaseRun, type EndRunResult } from './run-end';
import { reportProgress, type ReportProgressResult } from './run-progress';
import type { RunCounts, RunError, RunProgress } from './run-report';
import { findLiveRuns, type RunAttempt, type RunOutput } from './runs.queries';

export type { ClaimedFile, ClaimedRun, RunAttempt, RunOutput } from './runs.queries';
export type { ClaimRunResult, EndRunResult, ReportProgressResult };

/** A run that is younger may still be on its way between its transaction and its worker. */
const SWEEP_MIN_AGE_SECONDS = 20;
const SWEEP_LIMIT = 10_000;
/** Rows that one statement may write. */
const SWEEP_BATCH = 1_000;

/** The core's front for whoever executes runs. */
@Injectable()
export class RunsService {
  constructor(
    private readonly db: DataSource,
    private readonly queue: RunQueue,
  ) {}

  /** Begins an attempt at a run; see `claimRun`. */
  claim(runUid: string): Promise<ClaimRunResult> {
    return claimRun(this.db, runUid);
  }

  /** Shows how far an attempt is; see `reportProgress`. */
  report(run: RunAttempt, progress: RunProgress): Promise<ReportProgressResult> {
    return reportProgress(this.db, run, progress);
  }

  /** Ends a run well; see `finishRun`. */
  finish(run: RunAttempt, outputs: readonly RunOutput[], counts: RunCounts): Promise<EndRunResult> {
    return finishRun(this.db, run, outputs, counts);
  }

  /** Ends a run badly; see `failRun`. */
  fail(run: RunAttempt, error: RunError, progress: RunProgress | null = null): Promise<EndRunResult> {
    return failRun(this.db, run, error, progress);
  }

  /** Notes that an attempt gave up in order; see `releaseRun`. */
  release(run: RunAttempt, reason: Pick<RunError, 'code' | 'title'>): Promise<EndRunResult> {
    return releaseRun(this.db, run, reason);
  }

  /**
   * Sees to it that every live run has a message, by announcing them all again: one that has a message keeps it. The other
   * way round nothing is to be done, for a message whose run is not live ends with its next delivery. Any number of workers
   * may do this at once.
   */
  async sweep(minAgeSeconds = SWEEP_MIN_AGE_SECONDS): Promise<void> {
    const live = await findLiveRuns(this.db.manager, minAgeSeconds, SWEEP_LIMIT);
    for (let from = 0; from < live.length; from += SWEEP_BATCH)
      await this.queue.enqueueAll(this.db.manager, live.slice(from, from + SWEEP_BATCH));
  }
}
