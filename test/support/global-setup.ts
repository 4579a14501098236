import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { Client } from 'pg';
import { type LocalPostgres, startLocalPostgres } from '../../src/local/postgres/local-postgres';
import { isPostmasterOf, readLock } from '../../src/local/postgres/postmaster';
import { createDataSource } from '../../src/platform/database/data-source';
import { installQueueSchema } from '../../src/platform/queue/install-queue-schema';
import { ADMIN_URL_VARIABLE, TEMPLATE_DATABASE } from './database';

const PREFIX = 'slipway-test-postgres-';
const HOUR_MS = 3_600_000;

/** For global-teardown.ts, which jest runs in the same process. */
export interface TestPostgres {
  server: LocalPostgres;
  directory: string;
}
export let testPostgres: TestPostgres | undefined;

/** Starts one Postgres for all test files of a jest run, with a migrated database that each of them clones. */
export default async function globalSetup(): Promise<void> {
  await removeLeftovers();
  const directory = await mkdtemp(path.join(tmpdir(), PREFIX));
  const server = await startLocalPostgres({
    directory,
    database: TEMPLATE_DATABASE,
    // The data need not survive the run. Each file has a pool or more of its own.
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: 300 },
  });
  testPostgres = { server, directory };

  try {
    process.env[ADMIN_URL_VARIABLE] = await prepareTemplate(server.url);
  } catch (error) {
    // Jest runs no teardown then.
    await removeTestPostgres(testPostgres);
    throw error;
  }
}

export async function removeTestPostgres({ server, directory }: TestPostgres): Promise<void> {
  await server.stop();
  await Promise.all([directory, path.dirname(server.data)].map((each) => rm(each, { recursive: true, force: true })));
}

/** @returns the URL of the maintenance database */
async function prepareTemplate(templateUrl: string): Promise<string> {
  const source = await createDataSource(templateUrl).initialize();
  await source.runMigrations();
  await source.destroy();
  await installQueueSchema(templateUrl);

  const adminUrl = new URL(templateUrl);
  adminUrl.pathname = '/postgres';
  const admin = new Client({ connectionString: adminUrl.href });
  await admin.connect();
  // A database that somebody is connected to cannot be cloned.
  await admin.query(`ALTER DATABASE ${TEMPLATE_DATABASE} WITH ALLOW_CONNECTIONS false`);
  await admin.end();
  return adminUrl.href;
}

/** A run that was killed cannot remove its data. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const directory = path.join(tmpdir(), name);
    const data = path.join(directory, 'data');
    const made = await stat(directory).catch(() => undefined);
    const lock = await readLock(data);
    if (!made || Date.now() - made.mtimeMs < HOUR_MS || (lock && (await isPostmasterOf(data, lock.pid)))) continue;
    await rm(directory, { recursive: true, force: true });
  }
}
