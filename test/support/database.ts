import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

export const TEMPLATE_DATABASE = 'slipway_template';
/** Set by global-setup.ts: the URL, as a superuser, of the maintenance database of the run's Postgres. */
export const ADMIN_URL_VARIABLE = 'SLIPWAY_TEST_POSTGRES_URL';

export interface TestDatabase {
  url: string;
  /** Ends all connections to it, too. */
  drop(): Promise<void>;
}

/** Makes a database of the caller's own, with the whole schema and no rows. Any number at once. */
export function createTestDatabase(): Promise<TestDatabase> {
  // Without fsync, copying the files takes less than half the time of writing them to the log.
  return createDatabase(`TEMPLATE ${TEMPLATE_DATABASE} STRATEGY file_copy`);
}

/** Makes a database with nothing in it, for tests of the migrations themselves. */
export function createEmptyDatabase(): Promise<TestDatabase> {
  return createDatabase('TEMPLATE template0');
}

async function createDatabase(options: string): Promise<TestDatabase> {
  const adminUrl = process.env[ADMIN_URL_VARIABLE];
  if (adminUrl === undefined) throw new Error("no test Postgres: only tests of jest's project `integration` have one");
  const name = `test_${randomBytes(8).toString('hex')}`;
  await execute(adminUrl, `CREATE DATABASE ${name} ${options}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => execute(adminUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

/** Runs a statement as a superuser, outside of any test's database. */
export async function adminQuery(statement: string): Promise<void> {
  await execute(process.env[ADMIN_URL_VARIABLE] ?? '', statement);
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
