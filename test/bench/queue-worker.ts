import { createServer } from 'node:http';
import { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { RunsService } from '../../src/jobs/runs.service';
import { loadConfig } from '../../src/platform/config/load-config';
import { dataSourceOptions } from '../../src/platform/database/data-source';
import { RunConsumer } from '../../src/platform/queue/run-consumer';
import { RunQueue } from '../../src/platform/queue/run-queue';
import type { Taken } from './queue';

/**
 * One worker of `queue.ts`, with one slot. `GET /begin/KIND` lets it look for work, `GET /end` lets it stop and answers with what it
 * has had. The kinds are
 *
 * - `floor`: two statements a message, as a queue of plain SQL has them;
 * - `messages`: the queue alone, its handler does nothing;
 * - `runs`: the handler claims the run and ends it well, as a worker does before and after the engine.
 */
async function serve(): Promise<void> {
  const { database, http } = loadConfig(process.env, 'web');
  const pool = new Pool({ connectionString: database.url, max: 1 });
  const db = await new DataSource(dataSourceOptions(database.url, database.poolSize)).initialize();
  const queue = new RunQueue(db);
  await queue.onModuleInit();
  const runs = new RunsService(db, queue);

  let taken: Taken[] = [];
  let consumer: RunConsumer | undefined;
  const take = (uid: string): void => void taken.push({ uid, at: performance.timeOrigin + performance.now() });
  const handlers: Record<string, (runUid: string) => Promise<void>> = {
    messages: () => Promise.resolve(),
    runs: (runUid) => executeRun(runs, runUid),
  };
  const begin = async (kind: string): Promise<void> => {
    taken = [];
    const handle = handlers[kind];
    if (!handle) return drainFloor(pool, take);
    consumer = new RunConsumer(database);
    await consumer.start(1, {
      onRun: ({ runUid }) => {
        take(runUid);
        return handle(runUid);
      },
      onAbandoned: () => Promise.resolve(),
      onMaintenance: () => Promise.resolve(),
    });
  };
  const end = async (): Promise<Taken[]> => {
    await consumer?.stop(1_000);
    return taken;
  };
  createServer((request, response) => {
    const [, verb, kind = ''] = request.url?.split('/') ?? [];
    const answer: Promise<unknown> = verb === 'begin' ? begin(kind) : verb === 'end' ? end() : Promise.resolve();
    answer.then(
      (body) => response.end(JSON.stringify(body ?? null)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  }).listen(http.port, '127.0.0.1');
  process.once('SIGTERM', () => process.exit(0));
}

async function drainFloor(pool: Pool, take: (uid: string) => void): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ id: string; uid: string }>(
      `UPDATE floor_message SET state = 'active'
        WHERE id = (SELECT id FROM floor_message WHERE state = 'created' ORDER BY id FOR UPDATE SKIP LOCKED LIMIT 1)
       RETURNING id, uid`,
    );
    const [message] = rows;
    if (!message) return;
    take(message.uid);
    await pool.query(`UPDATE floor_message SET state = 'completed' WHERE id = $1`, [message.id]);
  }
}

async function executeRun(runs: RunsService, runUid: string): Promise<void> {
  const claim = await runs.claim(runUid);
  if (claim.kind !== 'claimed') throw new Error(`the run ${runUid} cannot be claimed`);
  const counts = { rowsRead: 0, rowsWritten: 0, files: { inputs: {}, outputs: {} }, warnings: [], warningCount: 0 };
  await runs.finish(claim.run, [], counts);
}

void serve();
