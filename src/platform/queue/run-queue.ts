import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { PgBoss } from 'pg-boss';
import { DataSource, type EntityManager } from 'typeorm';
import { isDatabaseUnavailable } from '../database/database-errors';
import { executorOn, MAINTENANCE_QUEUE, RUN_QUEUE } from './queue-options';

const SCHEMA_MISSING = "The database does not have this version's queue; run the migrations (npm run migration:run)";

/** What a message says: which run is to be executed. All else is in the product's tables. */
export interface RunMessageData {
  readonly runUid: string;
}

export interface RunAnnouncement {
  readonly runUid: string;
  /** Names the tenant across partners; a worker does not let one tenant fill it (see `RunConsumer`). */
  readonly tenant: string;
}

/**
 * The sending side of the queue of runs. It has no connection, timer or supervision of its own: it works on the product's
 * pool, and above all in the caller's transaction, so that a message exists if and only if what it announces does.
 */
@Injectable()
export class RunQueue implements OnModuleInit, OnModuleDestroy {
  private readonly boss: PgBoss;

  constructor(db: DataSource) {
    this.boss = new PgBoss({
      db: executorOn(db),
      migrate: false,
      supervise: false,
      schedule: false,
      registerInstance: false,
      queueCacheIntervalSeconds: 86_400,
      openTelemetry: { enabled: false },
    });
    this.boss.on('error', (error) => new Logger('RunQueue').error(error.message));
  }

  /**
   * Reads what pg-boss has to know of the queues. It must not be left to the first `enqueue`: that would ask the pool for a
   * second connection from within a transaction, and a pool full of such transactions never gets one.
   *
   * @throws Error where the schema has not been made (`migration:run`) or is of another version.
   */
  async onModuleInit(): Promise<void> {
    try {
      await this.boss.start();
      if ((await this.boss.getQueues([RUN_QUEUE, MAINTENANCE_QUEUE])).length === 2) return;
    } catch (cause) {
      if (isDatabaseUnavailable(cause)) throw cause;
      throw new Error(`${SCHEMA_MISSING} (${cause instanceof Error ? cause.message : cause})`, { cause });
    }
    throw new Error(SCHEMA_MISSING);
  }

  async onModuleDestroy(): Promise<void> {
    await this.boss.stop({ graceful: false });
  }

  /**
   * Announces a run in the caller's transaction. A run that has a live message already keeps it and gets no second one, so it
   * is safe to announce again.
   */
  async enqueue(tx: EntityManager, message: RunAnnouncement): Promise<void> {
    const { data, ...options } = toMessage(message);
    await this.boss.send(RUN_QUEUE, data, { ...options, db: executorOn(tx) });
  }

  /** The same for any number of runs, in one statement. */
  async enqueueAll(tx: EntityManager, messages: readonly RunAnnouncement[]): Promise<void> {
    if (messages.length > 0) await this.boss.insert(RUN_QUEUE, messages.map(toMessage), { db: executorOn(tx) });
  }

  /** Takes back a run's message in the caller's transaction. A worker that has it in hand hears of it with its next heartbeat. */
  async cancel(tx: EntityManager, runUid: string): Promise<void> {
    const db = executorOn(tx);
    const messages = await this.boss.findJobs<RunMessageData>(RUN_QUEUE, { key: runUid, db });
    const live = messages.filter(({ state }) => state === 'created' || state === 'retry' || state === 'active');
    if (live.length === 0) return;
    await this.boss.cancel(
      RUN_QUEUE,
      live.map(({ id }) => id),
      { db },
    );
  }
}

function toMessage({ runUid, tenant }: RunAnnouncement): { data: RunMessageData; singletonKey: string; group: { id: string } } {
  return { data: { runUid }, singletonKey: runUid, group: { id: tenant } };
}
