import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DataSource } from 'typeorm';
import { startLocalPostgres } from '../../src/local/postgres/local-postgres';
import { dataSourceOptions } from '../../src/platform/database/data-source';
import { migrate } from '../../src/platform/database/migrate';
import { claimDeliveries } from '../../src/webhooks/webhook-attempt.queries';
import { CLAIM_LIMITS, CONCURRENCY } from '../../src/webhooks/webhook-sender';

/**
 * `npm run bench:webhooks`: what a worker's claim of webhook deliveries takes where much has piled up for many endpoints, alone
 * and while other workers claim too.
 */

const ENDPOINTS = 2_000;
const DELIVERIES = 200_000;
const CLAIMS = 40;
const WORKERS = 4;

async function run(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'slipway-bench-'));
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
  const postgres = await startLocalPostgres({ directory: join(directory, 'postgres'), settings });
  const db = new DataSource(dataSourceOptions(postgres.url, WORKERS));
  try {
    await migrate(postgres.url);
    await db.initialize();
    await addDeliveries(db);
    const none = await claims(db, 1);
    await db.query(`UPDATE webhook_delivery SET next_attempt_at = now()`);
    await db.query(`VACUUM ANALYZE webhook_delivery`);
    const alone = await claims(db, 1);
    const together = await claims(db, WORKERS);
    console.log(`${ENDPOINTS} endpoints, ${DELIVERIES} deliveries waiting; ms for a claim of up to ${CONCURRENCY}`);
    console.table({ 'none is due': none, 'all are due, one worker': alone, [`all are due, ${WORKERS} workers`]: together });
  } finally {
    await db.destroy();
    await postgres.stop();
    await Promise.all([directory, dirname(postgres.data)].map((each) => rm(each, { recursive: true, force: true })));
  }
}

async function addDeliveries(db: DataSource): Promise<void> {
  await db.query(`INSERT INTO partner (uid, code, name) VALUES (gen_random_uuid(), 'demo', 'Demo')`);
  await db.query(
    `INSERT INTO webhook_endpoint (uid, partner_id, client_issuer, client_id, url, event_types)
     SELECT gen_random_uuid(), (SELECT id FROM partner), 'https://issuer.test', 'client', 'https://receiver.test/' || n, '{job.succeeded}'
       FROM generate_series(1, $1::int) n`,
    [ENDPOINTS],
  );
  await db.query(
    `INSERT INTO webhook_delivery (uid, message_uid, endpoint_id, event_type, payload, next_attempt_at)
     SELECT gen_random_uuid(), gen_random_uuid(), e.id, 'job.succeeded', '{"type":"job.succeeded"}', now() + interval '1 hour'
       FROM generate_series(1, $1::int) n, webhook_endpoint e`,
    [DELIVERIES / ENDPOINTS],
  );
  await db.query(`VACUUM ANALYZE webhook_endpoint, webhook_delivery`);
}

/** Each worker claims again and again, as if each delivery were done at once. */
async function claims(db: DataSource, workers: number): Promise<Record<string, number>> {
  const times: number[] = [];
  let claimed = 0;
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (let claim = 0; claim < CLAIMS; claim++) {
        const before = performance.now();
        const found = await claimDeliveries(db, new Map(), { ...CLAIM_LIMITS, deliveries: CONCURRENCY });
        times.push(performance.now() - before);
        claimed += found.length;
      }
    }),
  );
  const seconds = (performance.now() - begun) / 1000;
  times.sort((a, b) => a - b);
  const at = (share: number): number => Number((times[Math.floor(times.length * share)] ?? NaN).toFixed(1));
  return {
    p50: at(0.5),
    p95: at(0.95),
    'deliveries a claim': claimed / (workers * CLAIMS),
    'deliveries/s': Math.round(claimed / seconds),
  };
}

run().catch((error: unknown) => {
  console.error(error);
  // What else was started ends with this process.
  process.exit(1);
});
