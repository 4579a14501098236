import { setTimeout as delay } from 'node:timers/promises';
import { PgBoss } from 'pg-boss';
import {
  ABANDONED_RUN_QUEUE,
  ABANDONED_RUN_QUEUE_OPTIONS,
  MAINTENANCE_QUEUE,
  MAINTENANCE_QUEUE_OPTIONS,
  MAINTENANCE_SCHEDULE,
  RUN_QUEUE,
  RUN_QUEUE_OPTIONS,
} from './queue-options';

/**
 * Makes or updates the queue's schema (`pgboss`), queues and schedules, as the role that owns the product's schema. A step of the
 * migrations: the other processes never change it, so that two versions of them can run side by side. It can be repeated, and
 * two at once wait for each other.
 *
 * @throws Error when a step of pg-boss's own migrations failed.
 */
export async function installQueueSchema(databaseUrl: string): Promise<void> {
  const boss = new PgBoss({
    connectionString: databaseUrl,
    max: 2,
    migrate: true,
    supervise: false,
    schedule: false,
    registerInstance: false,
    bamIntervalSeconds: 10,
    openTelemetry: { enabled: false },
  });
  const errors: Error[] = [];
  boss.on('error', (error) => errors.push(error));
  try {
    await boss.start();
    await createOrUpdate(boss, ABANDONED_RUN_QUEUE, ABANDONED_RUN_QUEUE_OPTIONS);
    await createOrUpdate(boss, RUN_QUEUE, { ...RUN_QUEUE_OPTIONS, policy: 'exclusive', deadLetter: ABANDONED_RUN_QUEUE });
    await createOrUpdate(boss, MAINTENANCE_QUEUE, { ...MAINTENANCE_QUEUE_OPTIONS, policy: 'exclusive' });
    await boss.schedule(MAINTENANCE_QUEUE, MAINTENANCE_SCHEDULE);
    await finishIndexBuilds(boss);
    if (errors[0]) throw errors[0];
  } finally {
    await boss.stop();
  }
}

/**
 * `exclusive`: at most one live message a key, which is the run's uid, and at most one in a queue without keys. A queue's policy is
 * for ever.
 */
async function createOrUpdate(
  boss: PgBoss,
  name: string,
  { policy, ...options }: NonNullable<Parameters<PgBoss['createQueue']>[1]>,
): Promise<void> {
  await boss.createQueue(name, { ...options, policy: policy ?? 'standard' });
  await boss.updateQueue(name, options);
}

/** An upgrade of pg-boss builds indexes in the background of a process that may migrate, and this is the only one. */
async function finishIndexBuilds(boss: PgBoss): Promise<void> {
  for (;;) {
    const steps = await boss.getBamStatus();
    const failed = steps.find(({ status }) => status === 'failed');
    if (failed) throw new Error(`${failed.count} steps of the queue's migration failed; see the table pgboss.bam`);
    if (!steps.some(({ status }) => status === 'pending' || status === 'in_progress')) return;
    await delay(500);
  }
}
