import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { dataSourceOptions } from '../../src/platform/database/data-source';
import { installQueueSchema } from '../../src/platform/queue/install-queue-schema';
import { RunConsumer, type RunMessage } from '../../src/platform/queue/run-consumer';
import { RunQueue } from '../../src/platform/queue/run-queue';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { waitFor } from '../support/wait';

let database: TestDatabase;
let db: DataSource;
let queue: RunQueue;
const consumers: RunConsumer[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  db = await new DataSource(dataSourceOptions(database.url, 4)).initialize();
  queue = new RunQueue(db);
  await queue.onModuleInit();
});

afterEach(async () => {
  await Promise.all(consumers.splice(0).map((consumer) => consumer.stop(1_000)));
  await db.query(`DELETE FROM pgboss.job`);
});

afterAll(async () => {
  await queue.onModuleDestroy();
  await db.destroy();
  await database.drop();
});

async function consume(concurrency: number, onRun: (message: RunMessage) => Promise<void>): Promise<RunConsumer> {
  const consumer = new RunConsumer({ url: database.url, poolSize: 4 });
  consumers.push(consumer);
  await consumer.start(concurrency, { onRun, onAbandoned: () => Promise.resolve(), onMaintenance: () => Promise.resolve() });
  return consumer;
}

const enqueue = (runUid: string, tenant = 'p/t'): Promise<void> => db.transaction((tx) => queue.enqueue(tx, { runUid, tenant }));
const countMessages = async (): Promise<number> =>
  Number((await db.query(`SELECT count(*) FROM pgboss.job WHERE name = 'runs' AND state < 'completed'`))[0].count);

describe('the queue of runs', () => {
  it('announces a run only when the transaction commits', async () => {
    await expect(
      db.transaction(async (tx) => {
        await queue.enqueue(tx, { runUid: uuidv7(), tenant: 'p/t' });
        throw new Error('rolled back');
      }),
    ).rejects.toThrow('rolled back');
    expect(await countMessages()).toBe(0);

    await enqueue(uuidv7());
    expect(await countMessages()).toBe(1);
  });

  it('keeps one message a run, however often and from how many sides it is announced', async () => {
    const runUid = uuidv7();
    await Promise.all(Array.from({ length: 20 }, () => enqueue(runUid)));
    expect(await countMessages()).toBe(1);
  });

  it('is filled by more transactions at once than there are connections', async () => {
    const fresh = new RunQueue(db);
    await fresh.onModuleInit();
    await Promise.all(
      Array.from({ length: 40 }, () => db.transaction((tx) => fresh.enqueue(tx, { runUid: uuidv7(), tenant: 'p/t' }))),
    );
    expect(await countMessages()).toBe(40);
    await fresh.onModuleDestroy();
  });

  it('wakes a worker at once, and lets it take a backlog without pauses', async () => {
    const startedAt = new Map<string, number>();
    await consume(2, ({ runUid }) => Promise.resolve(void startedAt.set(runUid, performance.now())));
    const warmUp = uuidv7();
    await enqueue(warmUp);
    await waitFor(() => startedAt.has(warmUp));

    const waits: number[] = [];
    for (let index = 0; index < 20; index++) {
      const runUid = uuidv7();
      const sentAt = performance.now();
      await enqueue(runUid);
      waits.push((await waitFor(() => startedAt.get(runUid))) - sentAt);
    }
    // Polling alone would be a second on average, and more than half of the waits under half of that by no chance.
    expect(waits.sort((a, b) => a - b)[10]).toBeLessThan(500);

    const backlog = Array.from({ length: 100 }, () => uuidv7());
    await db.transaction(async (tx) => {
      for (const [index, runUid] of backlog.entries()) await queue.enqueue(tx, { runUid, tenant: `p/${index}` });
    });
    await waitFor(() => backlog.every((runUid) => startedAt.has(runUid)));
  });

  it('gives a message again after a failure, and says how often it still may', async () => {
    const seen: number[] = [];
    await consume(1, ({ retriesLeft }) => {
      seen.push(retriesLeft);
      return seen.length === 1 ? Promise.reject(new Error('not now')) : Promise.resolve();
    });
    await enqueue(uuidv7());
    await waitFor(() => seen.length === 2);
    expect(seen).toEqual([30, 29]);
  });

  it('leaves a slot for others when one tenant has many runs', async () => {
    const running = new Set<string>();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const order: string[] = [];
    await consume(2, async ({ runUid }) => {
      order.push(runUid);
      running.add(runUid);
      await held;
      running.delete(runUid);
    });
    const big = Array.from({ length: 5 }, () => uuidv7());
    for (const runUid of big) await enqueue(runUid, 'p/big');
    await waitFor(() => running.size === 1);
    const small = uuidv7();
    await enqueue(small, 'p/small');
    await waitFor(() => running.has(small));
    expect(order).toEqual([big[0], small]);
    release();
    await waitFor(() => order.length === 6);
  });

  it('takes a message back, and tells the worker that has it in hand', async () => {
    const waiting = uuidv7();
    await enqueue(waiting);
    await db.transaction((tx) => queue.cancel(tx, waiting));
    expect(await countMessages()).toBe(0);

    let aborted = false;
    let taken = false;
    await consume(1, async ({ signal }) => {
      taken = true;
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      aborted = true;
    });
    const running = uuidv7();
    await enqueue(running);
    await waitFor(() => taken);
    await db.transaction((tx) => queue.cancel(tx, running));
    await waitFor(() => aborted);
  });

  it('brings what a lost worker had in hand to another one, also when the clock was put back', async () => {
    const realNow = Date.now;
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => realNow());
    try {
      let taken = 0;
      await consume(1, () => Promise.resolve(void (taken += 1)));
      clock.mockImplementation(() => realNow() - 3_600_000);
      // As a worker leaves it that took it and died: active, and no heartbeat since.
      await enqueue(uuidv7());
      await waitFor(() => taken === 1);
      await waitFor(async () => (await countMessages()) === 0);
      await db.query(`UPDATE pgboss.job SET state = 'active', completed_on = NULL, started_on = now(), heartbeat_on = now() - interval '1 minute'
                       WHERE name = 'runs'`);
      await waitFor(() => taken === 2);
    } finally {
      clock.mockRestore();
    }
  });

  it('brings the maintenance to one of the workers, by the schedule', async () => {
    const fresh = await createTestDatabase();
    let times = 0;
    const workers = [1, 2].map(() => new RunConsumer({ url: fresh.url, poolSize: 4 }));
    const none = (): Promise<void> => Promise.resolve();
    const handlers = { onRun: none, onAbandoned: none, onMaintenance: () => Promise.resolve(void (times += 1)) };
    await Promise.all(workers.map((worker) => worker.start(1, handlers)));
    // The schedule is looked at on the start, and then twice a minute.
    await waitFor(() => times > 0);
    await Promise.all(workers.map((worker) => worker.stop(1_000)));
    await fresh.drop();
    expect(times).toBe(1);
  });

  it('is installed again and at once without harm, and says when it is not there', async () => {
    await Promise.all([installQueueSchema(database.url), installQueueSchema(database.url)]);
    const [options] = await db.query(
      `SELECT policy, heartbeat_seconds, retry_limit, dead_letter, notify FROM pgboss.queue WHERE name = 'runs'`,
    );
    expect(options).toEqual({
      policy: 'exclusive',
      heartbeat_seconds: 10,
      retry_limit: 30,
      dead_letter: 'abandoned-runs',
      notify: true,
    });

    expect(await db.query(`SELECT policy, retry_limit, heartbeat_seconds FROM pgboss.queue WHERE name = 'maintenance'`)).toEqual([
      { policy: 'exclusive', retry_limit: 0, heartbeat_seconds: 10 },
    ]);
    expect(await db.query(`SELECT name, cron FROM pgboss.schedule`)).toEqual([{ name: 'maintenance', cron: '* * * * *' }]);

    const empty = await createTestDatabase();
    const source = await new DataSource(dataSourceOptions(empty.url, 1)).initialize();
    await source.query(`DROP SCHEMA pgboss CASCADE`);
    await expect(new RunQueue(source).onModuleInit()).rejects.toThrow('run the migrations');
    await source.destroy();
    await empty.drop();
  });
});
