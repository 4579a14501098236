import { Injectable } from '@nestjs/common';
import { Counter, Histogram, Registry } from 'prom-client';

/** How an attempt at a run ended for this worker. */
export type RunOutcome = 'succeeded' | 'failed' | 'interrupted' | 'superseded';

/** Seconds, up to the default time limit of a run. */
const DURATION_BUCKETS = [0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900];

/** What a worker's attempts at runs come to, by bundle: a short list of the operator's own. */
@Injectable()
export class RunMetrics {
  private readonly duration: Histogram<'bundle' | 'outcome'>;
  private readonly failures: Counter<'bundle' | 'code'>;
  private readonly rows: Counter<'bundle'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.duration = new Histogram({
      name: 'slipway_run_duration_seconds',
      help: 'Time from a worker’s claim of a run to the end of its attempt.',
      labelNames: ['bundle', 'outcome'],
      buckets: DURATION_BUCKETS,
      registers,
    });
    this.failures = new Counter({
      name: 'slipway_run_failures_total',
      help: 'Runs that failed, by the code of the job’s error.',
      labelNames: ['bundle', 'code'],
      registers,
    });
    this.rows = new Counter({
      name: 'slipway_run_rows_read_total',
      help: 'Input rows of the runs that succeeded. Its rate over that of the durations’ _sum is a run’s rows a second.',
      labelNames: ['bundle'],
      registers,
    });
  }

  countAttempt(bundle: string, outcome: RunOutcome, seconds: number): void {
    this.duration.observe({ bundle, outcome }, seconds);
  }

  countFailure(bundle: string, code: string): void {
    this.failures.inc({ bundle, code });
  }

  countRows(bundle: string, rows: number): void {
    this.rows.inc({ bundle }, rows);
  }
}
