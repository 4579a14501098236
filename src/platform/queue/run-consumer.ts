import { Injectable, Logger } from '@nestjs/common';
import { PgBoss, type JobWithMetadata } from 'pg-boss';
import { DatabaseSettings } from '../config/settings';
import { monotonicClock } from './monotonic-clock';
import { ABANDONED_RUN_QUEUE, MAINTENANCE_QUEUE, RUN_QUEUE } from './queue-options';
import type { RunMessageData } from './run-queue';

/** A run's message, while this process holds the claim on it. */
export interface RunMessage {
  readonly runUid: string;
  /** Aborts when the claim is lost (another worker has the run, or it was cancelled) and when `stop` has run out of time. */
  readonly signal: AbortSignal;
  /** How often the message will come again if the handler rejects; at 0 it is abandoned. */
  readonly retriesLeft: number;
}

export interface RunHandlers {
  /** Resolves when the run needs this message no more; rejects when it is to come again, later. */
  readonly onRun: (message: RunMessage) => Promise<void>;
  /** Gets the messages whose retries are spent. */
  readonly onAbandoned: (runUid: string) => Promise<void>;
  /** Comes every minute to one of all workers, but not while it is still under way. The signal is as that of a run. */
  readonly onMaintenance: (signal: AbortSignal) => Promise<void>;
}

/** Must be below the heartbeat's 10 s; also how soon a worker hears that its claim is gone. */
const HEARTBEAT_REFRESH_SECONDS = 3;
/** How often lost workers are looked for. With the heartbeat's 10 s, this and the polling, a takeover takes 12 to 20 s. */
const SUPERVISE_SECONDS = 3;
/** A NOTIFY brings new messages at once; polling finds those that come again after a failure, which are not announced. */
const POLLING_SECONDS = 2;
/**
 * What has no answer in this time is on a connection that is dead, which is replaced then. (`pg` knows the option, pg-boss hands it on,
 * and only its types do not have it.)
 */
const PATIENCE = { query_timeout: 15_000 };
/** Fetches, heartbeats and supervision are short statements; listening has a connection besides. */
const POOL_SIZE = 4;

/**
 * The receiving side of the queues, in worker processes only, with connections of its own: listening needs one that is
 * nobody else's, and a heartbeat must not wait behind other statements.
 */
@Injectable()
export class RunConsumer {
  private readonly logger = new Logger('RunConsumer');
  private boss: PgBoss | undefined;

  constructor(private readonly settings: DatabaseSettings) {}

  /**
   * Takes messages, up to `concurrency` at once. Where it is above 1, one tenant may hold all but one of this process's slots,
   * so that one district's hundreds of files leave a way for the others; unlike a limit over all processes this scales with
   * their number.
   */
  async start(concurrency: number, handlers: RunHandlers): Promise<void> {
    const boss = new PgBoss({
      connectionString: this.settings.url,
      application_name: 'slipway-queue',
      max: POOL_SIZE,
      connectionTimeoutMillis: 5_000,
      ...PATIENCE,
      clock: monotonicClock,
      migrate: false,
      schedule: true,
      useListenNotify: true,
      superviseIntervalSeconds: SUPERVISE_SECONDS,
      monitorIntervalSeconds: SUPERVISE_SECONDS,
      openTelemetry: { enabled: false },
    });
    // Without a listener an error, such as Postgres being away for a moment, would end the process.
    boss.on('error', (error) => this.logger.warn(`queue: ${error.message}`));
    boss.on('warning', (warning) => this.logger.warn(`queue: ${warning.message}`));
    this.boss = boss;
    await boss.start();

    const slots: string[] = [];
    const polling = { pollingIntervalSeconds: POLLING_SECONDS, notifyPollingIntervalSeconds: POLLING_SECONDS };
    const options = {
      ...polling,
      includeMetadata: true,
      heartbeatRefreshSeconds: HEARTBEAT_REFRESH_SECONDS,
      localGroupConcurrency: Math.max(1, concurrency - 1),
    } as const;
    const onMessage = async ([job]: JobWithMetadata<RunMessageData>[]): Promise<void> => {
      if (!job) return;
      const retriesLeft = job.retryLimit - job.retryCount;
      try {
        await handlers.onRun({ runUid: job.data.runUid, signal: job.signal, retriesLeft });
      } finally {
        // Otherwise a slot takes one message a polling interval, however many there are.
        for (const slot of slots) boss.notifyWorker(slot);
      }
    };
    // One `work` a slot instead of `localConcurrency`, because only the first of those could be woken by its id.
    for (let slot = 0; slot < concurrency; slot++) slots.push(await boss.work(RUN_QUEUE, options, onMessage));
    await boss.work<RunMessageData>(ABANDONED_RUN_QUEUE, polling, async ([job]) => {
      if (job) await handlers.onAbandoned(job.data.runUid);
    });
    await boss.work(MAINTENANCE_QUEUE, { ...polling, heartbeatRefreshSeconds: HEARTBEAT_REFRESH_SECONDS }, async ([job]) => {
      if (job) await handlers.onMaintenance(job.signal);
    });
  }

  /**
   * Takes no more messages, waits for those in hand, and gives back what is not done after `graceMs`: their signals abort, and
   * another worker gets them.
   */
  async stop(graceMs: number): Promise<void> {
    await this.boss?.stop({ graceful: true, timeout: graceMs });
    this.boss = undefined;
  }
}
