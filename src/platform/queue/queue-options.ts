import type { Db, QueueOptions } from 'pg-boss';
import type { DataSource, EntityManager } from 'typeorm';

/** One message a live run. */
export const RUN_QUEUE = 'runs';
/** Where a message goes whose retries are spent. */
export const ABANDONED_RUN_QUEUE = 'abandoned-runs';

/** What has to be done from time to time, whoever does it. */
export const MAINTENANCE_QUEUE = 'maintenance';
/** Every minute. */
export const MAINTENANCE_SCHEDULE = '* * * * *';

/** A claim whose worker has not been heard of for this long is given to another one; pg-boss allows no less. */
const HEARTBEAT_SECONDS = 10;
/** A day, pg-boss's maximum: the run's own limits end it long before, and a dead worker is told by its heartbeat. */
const EXPIRE_SECONDS = 86_400;
/** The product's tables are the record; an ended message is only kept for somebody who looks into a fault. */
const KEEP_ENDED_SECONDS = 86_400;

/**
 * After 1, 2, 4, 8 and 16 s the waits are 30 s, each shortened by up to half at random below that: 30 retries take no less than
 * 13 minutes, so an outage of 10 is outlasted, and after it ends nothing waits longer than 30 s.
 */
export const RUN_QUEUE_OPTIONS: QueueOptions & { notify: boolean } = {
  retryLimit: 30,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 30,
  heartbeatSeconds: HEARTBEAT_SECONDS,
  expireInSeconds: EXPIRE_SECONDS,
  deleteAfterSeconds: KEEP_ENDED_SECONDS,
  notify: true,
};

export const ABANDONED_RUN_QUEUE_OPTIONS: QueueOptions & { notify: boolean } = { ...RUN_QUEUE_OPTIONS, retryLimit: 1_000 };

/** A message that failed or was lost is not given again: the next one comes soon, and does the same. */
export const MAINTENANCE_QUEUE_OPTIONS: QueueOptions & { notify: boolean } = { ...RUN_QUEUE_OPTIONS, retryLimit: 0 };

/**
 * Lets pg-boss run its statements on a connection of ours. All that it is asked for that way (send, find, cancel, look up a
 * queue) are statements that end in a SELECT, for which TypeORM returns the plain rows.
 */
export function executorOn(db: DataSource | EntityManager): Db {
  return { executeSql: async (text, values) => ({ rows: (await db.query(text, values as unknown[])) as unknown[] }) };
}
