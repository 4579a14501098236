import type { DataSource, EntityManager } from 'typeorm';
import { createDataSource } from '../../src/platform/database/data-source';
import { waitFor } from '../support/wait';
import { sendAll } from './load';
import { startProcess, WEB_PROCESS, type BenchProcess } from './processes';
import { createRequest, get, startWorld, type World } from './world';

/**
 * `npm run bench:lists`: whether the list of jobs and a job's detail take as long with 1,000,000 jobs in the table as with 1,000.
 * Both tables are there at once, each behind a web process of its own, and the two are asked in turns, so that whatever else the
 * machine does hits both; what it does not hit shows in the lower quartile. Fails where one of those differs by more than the limit.
 */

const SIZES = { small: 1_000, large: 1_000_000 } as const;
type Size = keyof typeof SIZES;
const ROUNDS = 4;
const TURNS = 10;
const REQUESTS_PER_TURN = 10;
const MAX_RATIO = 1.2;

const YEAR_AGO = Date.now() - 365 * 86_400_000;
const WITHIN_A_MONTH = `createdAfter=${new Date(YEAR_AGO).toISOString()}&createdBefore=${new Date(YEAR_AGO + 30 * 86_400_000).toISOString()}`;

/** Each finds a full page in both tables, but for the rare ones, which find the same few jobs in both. */
const LISTS: Record<string, string> = {
  newest: '',
  'of a partner': 'partner=demo',
  'of a tenant': 'tenant=north',
  'of a tenant, failed': 'tenant=north&status=failed',
  succeeded: 'status=succeeded',
  failed: 'status=failed',
  'cancelled (25 of the oldest jobs)': 'status=cancelled',
  'expired (none)': 'status=expired',
  'created by me': 'createdBy=me',
  'created by me, failed': 'createdBy=me&status=failed',
  'created by me, cancelled': 'createdBy=me&status=cancelled',
  'of a past school year': 'schoolYear=2024',
  'of a bundle (25 of the oldest jobs)': 'bundle=bundles/retired',
  'within a month, a year ago': WITHIN_A_MONTH,
};
/** No index has these together, and nothing matches: what the longest walks cost. No ratio is promised. */
const WALKS: Record<string, string> = {
  'a bundle that has been replaced, this school year': 'bundle=bundles/replaced&schoolYear=2026',
  'a tenant, a bundle that has been replaced, this school year': 'tenant=north&bundle=bundles/replaced&schoolYear=2026',
  'created by me, a bundle that has been replaced, this school year': 'createdBy=me&bundle=bundles/replaced&schoolYear=2026',
};

interface Contender {
  readonly size: Size;
  readonly world: World;
  readonly web: BenchProcess;
  readonly uids: readonly string[];
  readonly latenciesMs: Map<string, number[]>;
}

async function run(): Promise<void> {
  const contenders = await Promise.all((Object.keys(SIZES) as Size[]).map(start));
  try {
    for (let round = 0; round <= ROUNDS; round++) {
      for (const name of ['detail', ...Object.keys(LISTS), ...Object.keys(WALKS)]) await measure(contenders, name);
      // The first one only warms up.
      if (round === 0) for (const { latenciesMs } of contenders) latenciesMs.clear();
    }
    report(contenders[0]!, contenders[1]!);
  } finally {
    await Promise.all(contenders.map(({ web }) => web.stop()));
    await Promise.all(contenders.map(({ world }) => world.close()));
  }
}

async function start(size: Size): Promise<Contender> {
  const world = await startWorld();
  const db = await createDataSource(world.environment.DATABASE_URL!).initialize();
  const uids = await fill(db, SIZES[size], world.environment.EXTERNAL_API_TOKEN_ISSUER!);
  await db.destroy();
  const web = await startProcess(WEB_PROCESS, world.environment);
  await waitFor(() => sendAll([createRequest(web.url, world)], 201, 1), { deadlineMs: 20_000 });
  return { size, world, web, uids, latenciesMs: new Map() };
}

/**
 * Jobs over the last six years, each with a file, a run and two events: of two partners and 20 tenants, 5 bundles, one in five
 * failed, every other one made with this client.
 *
 * @returns some of their uids.
 */
async function fill(db: DataSource, count: number, issuer: string): Promise<string[]> {
  await db.transaction((tx) => insertJobs(tx, count, issuer));
  await db.query('VACUUM ANALYZE');
  const rows: { uid: string }[] = await db.query(
    `SELECT uid FROM job WHERE partner_id = (SELECT id FROM partner WHERE code = 'demo') ORDER BY hashint8(id) LIMIT $1`,
    [TURNS * REQUESTS_PER_TURN],
  );
  return rows.map(({ uid }) => uid);
}

async function insertJobs(tx: EntityManager, count: number, issuer: string): Promise<void> {
  await tx.query(`
    -- Without the triggers that check foreign keys, for which all is made to fit.
    SET LOCAL session_replication_role = replica;
    INSERT INTO partner (uid, code, name) VALUES (gen_random_uuid(), 'crowd', 'Crowd');
    INSERT INTO school_year SELECT generate_series(2020, 2026) ON CONFLICT DO NOTHING;
    INSERT INTO tenant (uid, partner_id, code, name)
      SELECT gen_random_uuid(), (SELECT id FROM partner WHERE code = CASE WHEN n <= 14 THEN 'demo' ELSE 'crowd' END), 'tenant-' || n, 'x'
        FROM generate_series(1, 19) AS n`);
  await tx.query(
    `INSERT INTO job (uid, partner_id, tenant_id, school_year, bundle_path, bundle_version, params, status, client_issuer, client_id,
                      created_at, expires_at, started_at, finished_at, error)
     SELECT (lpad(to_hex(floor(extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(hash, 1, 3) || '8' || substr(hash, 4, 15))::uuid,
            tenant.partner_id, tenant.id, greatest(2021, extract(year FROM at + interval '6 months')),
            CASE WHEN n <= 25 THEN 'bundles/retired' WHEN random_2 % 5 = 4 AND n < $1 / 2 THEN 'bundles/replaced' ELSE 'bundles/bundle-' || random_2 % 5 END, 'v', '{"TEST_TYPE": "Fall"}', status,
            $2, CASE WHEN random_3 % 2 = 0 OR n <= 25 THEN 'test-client' ELSE 'another' END, at, at + interval '3 days', at, at,
            CASE WHEN status = 'failed' THEN '{"code": "column_missing", "title": "A column is missing", "detail": "x", "file": null, "line": 1}'::jsonb END
       FROM generate_series(1, $1::int) AS n
      CROSS JOIN LATERAL (SELECT now() - interval '6 years' * (($1 - n + 1) / $1::float8) AS at, md5(n::text) AS hash,
                                 abs(hashint4(n)) AS random, abs(hashint4(n + 10000000)) AS random_2, abs(hashint4(n + 20000000)) AS random_3) AS r
      CROSS JOIN LATERAL (SELECT CASE WHEN n <= 25 THEN 'cancelled' WHEN random_2 / 5 % 5 = 0 THEN 'failed' ELSE 'succeeded' END AS status) AS s
       JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS index FROM tenant) AS tenant
         ON tenant.index = CASE WHEN n <= 25 THEN 1 ELSE random % 20 END
      ORDER BY n`,
    [count, issuer],
  );
  await tx.query(`
    INSERT INTO job_file (job_id, env_var, name, object_key, size, etag) SELECT id, 'INPUT_FILE', 'results.csv', 'inputs/' || uid, 1, 'e' FROM job;
    INSERT INTO run (uid, job_id, number, status, attempt, started_at, finished_at, error)
      SELECT gen_random_uuid(), id, 1, status, 1, started_at, finished_at, error FROM job WHERE status <> 'cancelled';
    INSERT INTO job_event (uid, job_id, type) SELECT gen_random_uuid(), id, type FROM job, unnest(ARRAY['job.created', 'job.queued']) AS type`);
}

async function measure(contenders: readonly Contender[], name: string): Promise<void> {
  const query = LISTS[name] ?? WALKS[name];
  for (let turn = 0; turn < TURNS; turn++)
    for (const { web, world, uids, latenciesMs } of turn % 2 === 0 ? contenders : [...contenders].reverse()) {
      const requests = Array.from({ length: REQUESTS_PER_TURN }, (_, index) => {
        const path = name === 'detail' ? `/v1/jobs/${uids[turn * REQUESTS_PER_TURN + index]}` : `/v1/jobs?limit=5&${query}`;
        return get(web.url + path, world);
      });
      const load = await sendAll(requests, 200, 1);
      latenciesMs.set(name, [...(latenciesMs.get(name) ?? []), ...load.latenciesMs]);
    }
}

function report(small: Contender, large: Contender): void {
  const quartile = ({ latenciesMs }: Contender, name: string): number => {
    const sorted = [...(latenciesMs.get(name) ?? [])].sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 4)] ?? NaN;
  };
  const line = (name: string) => {
    const [a, b] = [quartile(small, name), quartile(large, name)];
    return { '1,000 jobs, ms': a.toFixed(2), '1,000,000 jobs, ms': b.toFixed(2), ratio: (b / a).toFixed(2) };
  };
  const table = (names: string[]) => Object.fromEntries(names.map((name) => [name, line(name)]));
  const measured = table(['detail', ...Object.keys(LISTS)]);
  console.log(`Node ${process.version}, one request at a time, lower quartiles of ${ROUNDS * TURNS * REQUESTS_PER_TURN}\n`);
  console.table(measured);
  console.log('Without an index that has both, and without a match:');
  console.table(table(Object.keys(WALKS)));
  const slow = Object.entries(measured).filter(([, { ratio }]) => Number(ratio) > MAX_RATIO);
  console.log(
    `The limit is a ratio of ${MAX_RATIO}: ${slow.length === 0 ? 'kept' : `passed by ${slow.map(([name]) => name).join(', ')}`}.`,
  );
  if (slow.length > 0) process.exitCode = 1;
}

run().catch((error: unknown) => {
  console.error(error);
  // What else was started ends with this process.
  process.exit(1);
});
