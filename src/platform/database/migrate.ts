import { MigrationExecutor, type DataSource } from 'typeorm';
import { installQueueSchema } from '../queue/install-queue-schema';
import { createDataSource } from './data-source';

/** Any number; the same in every process that migrates, so that of two at once one waits for the other. */
const MIGRATION_LOCK = 7_463_911;

/** Brings the schema, the queue's included, to the newest version, as the role that owns it. @returns the migrations that ran. */
export async function migrate(databaseUrl: string): Promise<string[]> {
  return withLock(databaseUrl, async (source) => {
    const done = await source.runMigrations({ transaction: 'each' });
    await installQueueSchema(databaseUrl);
    return done.map((migration) => migration.name);
  });
}

/**
 * Takes the newest migration back, with the data in what it made. The queue's schema stays: an older version can use it.
 *
 * @returns its name; null where there is none left.
 */
export async function revertLastMigration(databaseUrl: string): Promise<string | null> {
  return withLock(databaseUrl, async (source) => {
    // They come newest first.
    const [newest] = await new MigrationExecutor(source).getExecutedMigrations();
    if (!newest) return null;
    await source.undoLastMigration({ transaction: 'each' });
    return newest.name;
  });
}

async function withLock<T>(databaseUrl: string, work: (source: DataSource) => Promise<T>): Promise<T> {
  const source = createDataSource(databaseUrl);
  await source.initialize();
  try {
    const lock = source.createQueryRunner();
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    try {
      return await work(source);
    } finally {
      await lock.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
      await lock.release();
    }
  } finally {
    await source.destroy();
  }
}
