import { Injectable, Logger } from '@nestjs/common';
import { InvalidArchiveError } from '../bundles/bundle-archive';
import { BundleSnapshots, SnapshotNotFoundError } from '../bundles/bundle-snapshots';
import { ObjectTooLargeError } from '../files/object-writer';
import type { RunCounts, RunError, RunProgress } from '../jobs/run-report';
import { RunsService, type ClaimedRun, type RunOutput } from '../jobs/runs.service';
import { WorkerSettings } from '../platform/config/settings';
import { isDatabaseUnavailable } from '../platform/database/database-errors';
import { StorageUnavailableError } from '../platform/object-store/storage-unavailable.error';
import { inSpan, inSpanOf } from '../platform/tracing/spans';
import { isDiskError } from './disk-errors';
import { EngineProcess } from './engine-process';
import { ProgressReporter } from './progress-reporter';
import { INTERRUPTIONS, runErrors, type Interruption } from './run-errors';
import { RunFiles } from './run-files';
import { RunMetrics } from './run-metrics';
import type { RunOutputs } from './run-outputs';
import { createScratch, type Scratch } from './scratch';

export interface RunOrder {
  readonly runUid: string;
  /** Aborts when this worker has to let the run go. */
  readonly signal: AbortSignal;
  /** Whether there is no further attempt, so that an interruption has to end the run. */
  readonly isLastAttempt: boolean;
}

export type ExecuteRunResult =
  /** The run has ended, here or (`superseded`) elsewhere. */
  | { kind: 'settled'; outcome: 'succeeded' | 'failed' | 'superseded' }
  /** The run is live and is to be tried again later. */
  | { kind: 'interrupted'; interruption: Interruption };

/** How an attempt itself ended, before that is written down. */
type AttemptResult =
  | { kind: 'done'; outputs: readonly RunOutput[]; counts: RunCounts }
  | { kind: 'failed'; error: RunError; progress: RunProgress | null }
  | { kind: 'interrupted'; interruption: Interruption };

/** So many attempts may stop without a word (a killed worker, a fault of ours) until the run itself is taken for the reason. */
const MAX_LOST_ATTEMPTS = 5;

const NOTHING_YET: RunCounts = {
  rowsRead: 0,
  rowsWritten: 0,
  files: { inputs: {}, outputs: {} },
  warnings: [],
  warningCount: 0,
};

/** The use case of the worker: one attempt at a run, from the claim to its end. */
@Injectable()
export class ExecuteRun {
  private readonly logger = new Logger('ExecuteRun');

  constructor(
    private readonly runs: RunsService,
    private readonly bundles: BundleSnapshots,
    private readonly files: RunFiles,
    private readonly engine: EngineProcess,
    private readonly settings: WorkerSettings,
    private readonly metrics: RunMetrics,
  ) {}

  /** @throws whatever is a fault of ours, or says that the database is away; then too the run is to be tried again. */
  async execute(order: RunOrder): Promise<ExecuteRunResult> {
    const claim = await this.runs.claim(order.runUid);
    if (claim.kind === 'not_runnable') return { kind: 'settled', outcome: 'superseded' };
    const { run } = claim;
    const startedAt = performance.now();
    const attributes = { 'slipway.job.uid': run.jobUid, 'slipway.bundle': run.bundlePath, 'slipway.run.attempt': run.attempt };
    const result = await inSpanOf(run.traceparent, 'run', attributes, () => this.executeClaimed(run, order));
    const outcome = result.kind === 'settled' ? result.outcome : result.kind;
    this.metrics.countAttempt(run.bundlePath, outcome, (performance.now() - startedAt) / 1000);
    return result;
  }

  private async executeClaimed(run: ClaimedRun, order: RunOrder): Promise<ExecuteRunResult> {
    if (run.lostAttempts >= MAX_LOST_ATTEMPTS) return this.fail(run, runErrors.abandoned(run.attempt - 1));

    const scratch = await this.createScratch();
    if (!scratch) return this.interrupt(run, 'worker_storage_full', order);
    const outputs = this.files.openOutputs(run);
    try {
      const result = await this.attempt(run, scratch, outputs, order.signal);
      switch (result.kind) {
        case 'done':
          return await this.finish(run, outputs, result.outputs, result.counts);
        case 'failed':
          return await this.fail(run, result.error, result.progress);
        case 'interrupted':
          return await this.interrupt(run, result.interruption, order);
        default:
          return result satisfies never;
      }
    } finally {
      await scratch.remove();
    }
  }

  /** Ends a run whose message was tried to the end of its retries without settling it. */
  async abandon(runUid: string): Promise<void> {
    const claim = await this.runs.claim(runUid);
    if (claim.kind === 'claimed') await this.fail(claim.run, runErrors.abandoned(claim.run.attempt - 1));
  }

  private async attempt(run: ClaimedRun, scratch: Scratch, outputs: RunOutputs, released: AbortSignal): Promise<AttemptResult> {
    const superseded = new AbortController();
    const signal = AbortSignal.any([released, superseded.signal]);
    const progress = new ProgressReporter(this.runs, run, () => superseded.abort());
    let result: AttemptResult | undefined;
    try {
      return (result = await this.transform(run, scratch, outputs, progress, signal));
    } catch (error) {
      if (error instanceof SnapshotNotFoundError || error instanceof InvalidArchiveError) {
        this.logger.error(error.message);
        return failed(runErrors.bundleUnavailable(run.bundlePath, run.bundleVersion));
      }
      if (error instanceof ObjectTooLargeError) return failed(runErrors.outputTooLarge());
      return { kind: 'interrupted', interruption: this.interruptionOf(error, signal) };
    } finally {
      await progress.settle();
      if (result?.kind !== 'done') await outputs.discard();
    }
  }

  /** @throws StorageUnavailableError, what says that the bundle is not there, an error of the file system, or the signal's reason. */
  private async transform(
    run: ClaimedRun,
    scratch: Scratch,
    outputs: RunOutputs,
    progress: ProgressReporter,
    signal: AbortSignal,
  ): Promise<AttemptResult> {
    progress.report({ stage: 'fetching', percent: 0, node: null, ...NOTHING_YET });
    const { bundle, inputs } = await inSpan('fetch inputs', {}, async () => ({
      bundle: await this.bundles.fetchSnapshot(run.bundlePath, run.bundleVersion),
      inputs: await this.files.fetchInputs(run, scratch.directory, signal),
    }));
    const outcome = await inSpan('transform', {}, () =>
      this.engine.run(
        {
          directory: bundle.directory,
          ...(bundle.packagesDirectory ? { packagesDirectory: bundle.packagesDirectory } : {}),
          params: { ...run.params, API_YEAR: String(run.schoolYear) },
          inputs,
          limits: { maxLineBytes: this.settings.maxLineBytes },
        },
        {
          signal,
          readable: [bundle.directory, ...(bundle.packagesDirectory ? [bundle.packagesDirectory] : []), scratch.directory],
          openOutput: (name) => outputs.open(name),
          onProgress: (reported) => progress.report({ stage: 'transforming', ...reported }),
          onTransformed: (counts) => progress.report({ stage: 'storing', percent: 100, node: null, ...counts }),
        },
      ),
    );
    switch (outcome.kind) {
      case 'succeeded':
        return { kind: 'done', outputs: outputs.list(outcome.outputs), counts: outcome.counts };
      case 'failed':
        return failed(outcome.error, outcome.progress && { stage: 'transforming', ...outcome.progress });
      case 'interrupted':
        return outcome;
      case 'outputs_refused':
        throw outcome.cause;
      case 'aborted':
        return { kind: 'interrupted', interruption: 'worker_stopped' };
      default:
        return outcome satisfies never;
    }
  }

  private async finish(
    run: ClaimedRun,
    outputs: RunOutputs,
    stored: readonly RunOutput[],
    counts: RunCounts,
  ): Promise<ExecuteRunResult> {
    // When this throws, it is not known whether it was written: then nothing is removed, and the next attempt sees.
    const result = await this.runs.finish(run, stored, counts);
    if (result.kind === 'superseded') await outputs.discard();
    else this.metrics.countRows(run.bundlePath, counts.rowsRead);
    return { kind: 'settled', outcome: result.kind === 'superseded' ? 'superseded' : 'succeeded' };
  }

  private async fail(run: ClaimedRun, error: RunError, progress: RunProgress | null = null): Promise<ExecuteRunResult> {
    const result = await this.runs.fail(run, error, progress);
    if (result.kind === 'superseded') return { kind: 'settled', outcome: 'superseded' };
    this.metrics.countFailure(run.bundlePath, error.code);
    return { kind: 'settled', outcome: 'failed' };
  }

  private async interrupt(run: ClaimedRun, interruption: Interruption, order: RunOrder): Promise<ExecuteRunResult> {
    if (order.isLastAttempt && !order.signal.aborted) return this.fail(run, runErrors.gaveUp(interruption, run.attempt));
    const reason = { code: interruption, title: INTERRUPTIONS[interruption] };
    const released = await this.runs.release(run, reason);
    return released.kind === 'superseded' ? { kind: 'settled', outcome: 'superseded' } : { kind: 'interrupted', interruption };
  }

  /** Only what is known to come and go is an interruption; all else is rethrown, and counts as a lost attempt. */
  private interruptionOf(error: unknown, signal: AbortSignal): Interruption {
    if (signal.aborted) return 'worker_stopped';
    if (error instanceof StorageUnavailableError) {
      this.logger.warn({ err: error.cause, msg: error.message });
      return 'storage_unavailable';
    }
    if (isDiskError(error)) return 'worker_storage_full';
    if (isDatabaseUnavailable(error)) return 'database_unavailable';
    throw error;
  }

  private async createScratch(): Promise<Scratch | null> {
    try {
      return await createScratch();
    } catch (error) {
      if (isDiskError(error)) return null;
      throw error;
    }
  }
}

const failed = (error: RunError, progress: RunProgress | null = null): AttemptResult => ({ kind: 'failed', error, progress });
