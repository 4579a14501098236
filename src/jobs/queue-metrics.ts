import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { measureLiveRuns, type LiveRuns } from './runs.queries';

/**
 * How much is waiting and for how long, read from the database whenever the metrics are asked for. Every web process tells the
 * same, so take the maximum over them, not the sum.
 */
@Injectable()
export class QueueMetrics {
  private reading: Promise<LiveRuns | null> | undefined;

  constructor(
    registry: Registry,
    private readonly db: DataSource,
  ) {
    const read = (): Promise<LiveRuns | null> => this.read();
    new Gauge({
      name: 'slipway_live_runs',
      help: 'Runs that wait for a worker, and runs that a worker has in hand.',
      labelNames: ['status'],
      registers: [registry],
      async collect() {
        const live = await read();
        this.reset();
        if (!live) return;
        this.set({ status: 'queued' }, live.queued);
        this.set({ status: 'running' }, live.running);
      },
    });
    new Gauge({
      name: 'slipway_oldest_queued_run_age_seconds',
      help: 'For how long the oldest queued run has waited; 0 where none waits.',
      registers: [registry],
      async collect() {
        const live = await read();
        if (live) this.set(live.oldestQueuedSeconds);
        else this.remove();
      },
    });
  }

  /** Shared by the gauges of one scrape. null where Postgres is away: what is not known is not told, and the rest still is. */
  private read(): Promise<LiveRuns | null> {
    this.reading ??= measureLiveRuns(this.db)
      .catch(() => null)
      .finally(() => (this.reading = undefined));
    return this.reading;
  }
}
