import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { JobMaintenance } from '../jobs/job-maintenance';
import { RunsService } from '../jobs/runs.service';
import { WorkerSettings } from '../platform/config/settings';
import { RunConsumer, type RunMessage } from '../platform/queue/run-consumer';
import { GRACE_SECONDS } from '../platform/stop-signals';
import { ExecuteRun } from './execute-run';
import { removeLeftovers } from './scratch';

/** With the least age of a swept run, a forgotten one is found within a minute. */
const SWEEP_INTERVAL_MS = 30_000;
/** For what is to be written down when a run is given back. */
const RELEASE_MS = 5_000;

/** The worker: takes runs from the queue as long as the application lives, and sees to it that none is forgotten. */
@Injectable()
export class RunWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('RunWorker');
  private readonly inHand = new Set<Promise<void>>();
  private sweeper: NodeJS.Timeout | undefined;

  constructor(
    private readonly consumer: RunConsumer,
    private readonly executeRun: ExecuteRun,
    private readonly runs: RunsService,
    private readonly maintenance: JobMaintenance,
    private readonly settings: WorkerSettings,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await removeLeftovers();
    await this.consumer.start(this.settings.concurrency, {
      onRun: (message) => this.track(this.onRun(message)),
      onAbandoned: (runUid) => this.track(this.executeRun.abandon(runUid)),
      onMaintenance: (signal) => this.track(this.maintain(signal)),
    });
    this.sweeper = setInterval(() => void this.sweep(), SWEEP_INTERVAL_MS);
    await this.sweep();
  }

  onModuleDestroy(): Promise<void> {
    return this.stop(GRACE_SECONDS * 1000);
  }

  /** Takes no more runs, waits for those in hand, and gives back what is not done after `graceMs`. May be called again. */
  async stop(graceMs: number): Promise<void> {
    clearInterval(this.sweeper);
    await this.consumer.stop(graceMs);
    const released = Promise.allSettled(this.inHand);
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([released, new Promise((resolve) => (timer = setTimeout(resolve, RELEASE_MS)))]);
    clearTimeout(timer);
  }

  private async onRun({ runUid, signal, retriesLeft }: RunMessage): Promise<void> {
    const started = performance.now();
    const result = await this.executeRun.execute({ runUid, signal, isLastAttempt: retriesLeft === 0 }).catch((error: unknown) => {
      this.logger.error({ err: error, msg: `Run ${runUid} was not settled and is to be tried again` });
      throw error;
    });
    const outcome = result.kind === 'settled' ? 'is settled' : `is to be tried again (${result.interruption})`;
    this.logger.log(`Run ${runUid} ${outcome} after ${Math.round(performance.now() - started)} ms`);
    // The rejection is what makes the message come again.
    if (result.kind === 'interrupted') throw new Error(result.interruption);
  }

  private async maintain(signal: AbortSignal): Promise<void> {
    try {
      await this.maintenance.run(signal);
    } catch (error) {
      this.logger.warn({ err: error, msg: 'The maintenance failed and will be tried again' });
      throw error;
    }
  }

  private track(work: Promise<void>): Promise<void> {
    const tracked = work.finally(() => this.inHand.delete(tracked));
    this.inHand.add(tracked);
    return tracked;
  }

  private async sweep(): Promise<void> {
    try {
      await this.runs.sweep();
    } catch (error) {
      this.logger.warn(`The sweep failed and will be tried again: ${error instanceof Error ? error.message : error}`);
    }
  }
}
