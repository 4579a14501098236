import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DataSource } from 'typeorm';
import { scanTenantJobs, type TenantJobFilter, type TenantJobSort } from '../../src/jobs/tenant-job-list.queries';
import { countJobsByDay, findLastSettings } from '../../src/jobs/tenant-job.queries';
import { startLocalPostgres } from '../../src/local/postgres/local-postgres';
import { createDataSource } from '../../src/platform/database/data-source';
import { migrate } from '../../src/platform/database/migrate';

/**
 * `npm run bench:tenant-jobs`: what the statements of the web page's jobs cost, where one tenant has 1,000 jobs, 1,000,000 over three
 * years, and 1,000,000 within 30 days. Each table is a database of its own; they are asked in turns.
 */

const NORTH = { partner: 'demo', tenant: 'north' };
const PAGE = 50;
const STATISTICS_DAYS = 30;
const TURNS = 30;

const TABLES = {
  '1,000 jobs': { jobs: 1_000, days: 30 },
  '1,000,000 in three years': { jobs: 1_000_000, days: 3 * 365 },
  '1,000,000 in 30 days': { jobs: 1_000_000, days: 30 },
} as const;

const list = (filter: Partial<TenantJobFilter> = {}, sort: TenantJobSort = '-createdAt') => {
  return (db: DataSource) => scanTenantJobs(db, NORTH, { statuses: [], ...filter }, sort, null, PAGE);
};

const STATEMENTS: Record<string, (db: DataSource) => Promise<unknown>> = {
  'list, newest first': list(),
  'list, oldest first': list({}, 'createdAt'),
  'list, last ended first': list({}, '-finishedAt'),
  'list, failed': list({ statuses: ['failed'] }),
  'list, waiting for files (none)': list({ statuses: ['created'] }),
  'list, expired (none)': list({ statuses: ['expired'] }),
  'list, failed or expired, made on the page (none)': list({ statuses: ['failed', 'expired'], origin: 'web' }),
  'list, failed and not dealt with': list({ statuses: ['failed'], resolved: false }),
  'list, made on the page (none)': list({ origin: 'web' }),
  'list, search with a match on the first page': list({ search: 'results' }),
  'list, search without a match': list({ search: 'no such file' }),
  'list, bundle and last ended first, without a match': list({ bundle: 'bundles/none' }, '-finishedAt'),
  'statistics of 30 days': (db) => countJobsByDay(db, NORTH, STATISTICS_DAYS, 'America/Chicago'),
  'last settings, of a bundle never used': (db) => findLastSettings(db, NORTH, 'bundles/none', '1'),
};

async function run(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'slipway-bench-'));
  const postgres = await startLocalPostgres({ directory, settings: { fsync: 'off', synchronous_commit: 'off' } });
  const databases: DataSource[] = [];
  try {
    const latenciesMs: Record<string, Record<string, number[]>> = {};
    for (const [name, table] of Object.entries(TABLES)) databases.push(await createTable(postgres.url, name, table));
    for (let turn = 0; turn <= TURNS; turn++)
      for (const [statement, send] of Object.entries(STATEMENTS))
        for (const [index, table] of Object.keys(TABLES).entries()) {
          const from = performance.now();
          await send(databases[index]!);
          // The first turn only warms up.
          if (turn > 0) ((latenciesMs[statement] ??= {})[table] ??= []).push(performance.now() - from);
        }
    report(latenciesMs);
  } finally {
    await Promise.all(databases.map((db) => db.destroy()));
    await postgres.stop();
    await Promise.all([directory, dirname(postgres.data)].map((each) => rm(each, { recursive: true, force: true })));
  }
}

async function createTable(url: string, name: string, { jobs, days }: { jobs: number; days: number }): Promise<DataSource> {
  const database = name.replaceAll(/\W+/g, '_');
  const server = await createDataSource(url).initialize();
  await server.query(`CREATE DATABASE "${database}"`);
  await server.destroy();
  const its = Object.assign(new URL(url), { pathname: `/${database}` }).href;
  await migrate(its);
  const db = await createDataSource(its).initialize();
  await db.transaction(async (tx) => {
    await tx.query(`
      -- Without the triggers that check foreign keys, for which all is made to fit.
      SET LOCAL session_replication_role = replica;
      INSERT INTO school_year SELECT generate_series(2020, 2040) ON CONFLICT DO NOTHING;
      INSERT INTO partner (uid, code, name) VALUES (gen_random_uuid(), 'demo', 'Demo');
      INSERT INTO tenant (uid, partner_id, code, name) SELECT gen_random_uuid(), id, 'north', 'North' FROM partner`);
    await tx.query(
      `INSERT INTO job (uid, partner_id, tenant_id, school_year, bundle_path, bundle_version, params, status, client_issuer, client_id,
                        created_at, expires_at, started_at, finished_at, error)
       SELECT gen_random_uuid(), tenant.partner_id, tenant.id, 2026, 'bundles/bundle-' || n % 5, 'v', '{"TEST_TYPE": "Fall"}', status,
              'https://issuer.example.org', 'client-' || n % 3, at, at + interval '3 days', at, at + interval '20 seconds',
              CASE WHEN status = 'failed' THEN '{"code": "column_missing", "title": "A column is missing", "detail": "x", "file": null, "line": 1}'::jsonb END
         FROM tenant, generate_series(1, $1::int) AS n
        CROSS JOIN LATERAL (SELECT now() - interval '1 day' * $2::float8 * (($1 - n + 1) / $1::float8) AS at,
                                   CASE WHEN n % 5 = 0 THEN 'failed' ELSE 'succeeded' END AS status) AS made`,
      [jobs, days],
    );
    await tx.query(`INSERT INTO job_file (job_id, env_var, name, object_key, size, etag)
                    SELECT id, 'INPUT_FILE', 'results.csv', 'inputs/' || uid, 1, 'e' FROM job`);
  });
  await db.query('VACUUM ANALYZE');
  return db;
}

function report(latenciesMs: Record<string, Record<string, number[]>>): void {
  const quartile = (values: number[]): string => [...values].sort((a, b) => a - b)[Math.floor(values.length / 4)]!.toFixed(1);
  console.log(`Node ${process.version}, one statement at a time, lower quartiles of ${TURNS}, in ms\n`);
  console.table(
    Object.fromEntries(
      Object.entries(latenciesMs).map(([statement, tables]) => [
        statement,
        Object.fromEntries(Object.entries(tables).map(([table, values]) => [table, quartile(values)])),
      ]),
    ),
  );
}

run().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
