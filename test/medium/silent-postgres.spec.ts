import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/platform/database/data-source';
import { isDatabaseUnavailable } from '../../src/platform/database/database-errors';
import { RunConsumer } from '../../src/platform/queue/run-consumer';
import { RunQueue } from '../../src/platform/queue/run-queue';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { waitFor } from '../support/wait';

/** What a machine that vanishes, or a firewall that forgets a connection, leaves: no byte and no end ever comes. */
describe('a connection to Postgres that goes silent', () => {
  let database: TestDatabase;
  let proxy: Server;
  let url: string;
  const sockets: Socket[] = [];
  let silence: () => void;
  /** Sees the same database without the proxy. */
  let witness: DataSource;

  beforeAll(async () => {
    database = await createTestDatabase();
    const { hostname, port } = new URL(database.url);
    proxy = createServer({ pauseOnConnect: true }, (client) => {
      const server = connect(Number(port), hostname);
      for (const socket of [client, server]) socket.on('error', () => undefined);
      client.pipe(server);
      server.pipe(client);
      sockets.push(client, server);
    });
    await once(proxy.listen(0, '127.0.0.1'), 'listening');
    const proxied = new URL(database.url);
    proxied.hostname = '127.0.0.1';
    proxied.port = String((proxy.address() as AddressInfo).port);
    url = proxied.href;
    // Those that are open; later ones work.
    silence = () => {
      for (const socket of sockets.splice(0)) socket.unpipe().pause();
    };
    witness = await new DataSource(dataSourceOptions(database.url)).initialize();
    await witness.query(`CREATE TABLE thing (id int PRIMARY KEY); INSERT INTO thing VALUES (1), (2)`);
  });

  afterAll(async () => {
    await witness.destroy();
    proxy.close();
    await database.drop();
  });

  async function within<T>(seconds: number, work: Promise<T>): Promise<T> {
    const began = performance.now();
    const result = await work;
    expect((performance.now() - began) / 1000).toBeLessThan(seconds);
    return result;
  }

  it('counts as unavailable within 10 s, in a transaction too, and is replaced', async () => {
    const db = await new DataSource(dataSourceOptions(url, 2)).initialize();
    try {
      const inTransaction = db.transaction(async (tx) => {
        await tx.query('SELECT FROM thing WHERE id = 1 FOR UPDATE');
        silence();
        await tx.query('SELECT 1');
      });
      const error = await within(
        10,
        inTransaction.then(() => null).catch((cause: unknown) => cause),
      );
      expect(isDatabaseUnavailable(error)).toBe(true);
      expect(await within(2, db.query('SELECT 1 AS one'))).toEqual([{ one: 1 }]);
      // The server lets go of what the transaction had locked, though it does not know that its client is gone.
      await within(5, witness.query('SELECT FROM thing WHERE id = 1 FOR UPDATE'));
    } finally {
      await db.destroy();
    }
  });

  it('does not keep a worker from the queue', async () => {
    const queue = new RunQueue(witness);
    await queue.onModuleInit();
    const consumer = new RunConsumer({ url, poolSize: 2 });
    const taken: string[] = [];
    try {
      const handlers = { onAbandoned: () => Promise.resolve(), onMaintenance: () => Promise.resolve() };
      await consumer.start(1, { ...handlers, onRun: ({ runUid }) => Promise.resolve(void taken.push(runUid)) });
      await queue.enqueue(witness.manager, { runUid: 'before', tenant: 'a/b' });
      await waitFor(() => taken.length === 1);
      silence();
      await queue.enqueue(witness.manager, { runUid: 'after', tenant: 'a/b' });
      await within(
        30,
        waitFor(() => taken.length === 2),
      );
    } finally {
      await consumer.stop(1_000);
      await queue.onModuleDestroy();
    }
  });
});
