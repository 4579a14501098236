import { Injectable } from '@nestjs/common';
import { Counter, Histogram, Registry } from 'prom-client';

/** How an attempt at a run ended for this worker. */
export type RunOutcome = 'succeeded' | 'failed' | 'interrupted' | 'superseded';

/** Seconds, up to the default time limit of a run. */
const DURATION_BUCKETS = [0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900];
const SPEED_BUCKETS = [100, 1_000, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000];

/** What a worker's attempts at runs come to, by bundle: a short list of the operator's own. */
@Injectable()
export class RunMetrics {
  private readonly duration: Histogram<'bundle' | 'outcome'>;
  private readonly failures: Counter<'bundle' | 'code'>;
  private readonly rows: Counter<'bundle'>;
  private readonly speed: Histogram<'bundle'>;

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
      help: 'Input rows of the runs that succeeded.',
      labelNames: ['bundle'],
      registers,
    });
    this.speed = new Histogram({
      name: 'slipway_run_rows_per_second',
      help: 'Input rows a second of each run that succeeded, fetching and storing included.',
      labelNames: ['bundle'],
      buckets: SPEED_BUCKETS,
      registers,
    });
  }

  countAttempt(bundle: string, outcome: RunOutcome, seconds: number): void {
    this.duration.observe({ bundle, outcome }, seconds);
  }

  countFailure(bundle: string, code: string): void {
    this.failures.inc({ bundle, code });
  }

  countRows(bundle: string, rows: number, seconds: number): void {
    this.rows.inc({ bundle }, rows);
    if (seconds > 0) this.speed.observe({ bundle }, rows / seconds);
  }
}
