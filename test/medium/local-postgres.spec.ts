import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, lstat, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { choosePlace, run } from '../../src/local/postgres/account';
import { findBinaries, installedPackage } from '../../src/local/postgres/binaries';
import { type LocalPostgres, startLocalPostgres } from '../../src/local/postgres/local-postgres';
import { isPostmasterOf, readLock } from '../../src/local/postgres/postmaster';
import { waitFor } from '../support/wait';

const support = path.join(__dirname, '../support');
const isRoot = process.getuid?.() === 0;
const itAsRoot = isRoot ? it : it.skip;

/** Made by one initdb; every test gets a copy of its data. */
let original: string;
let originalData: string;
let directory: string;
let data: string;
const servers: LocalPostgres[] = [];
const processes: ChildProcess[] = [];

async function temporaryDirectory(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), 'slipway-postgres-'));
}

async function start(options: { port?: number } = {}): Promise<LocalPostgres> {
  const server = await startLocalPostgres({ directory, settings: { fsync: 'off' }, ...options });
  servers.push(server);
  return server;
}

/** Starts Postgres from another process, which can be killed. */
async function startElsewhere(): Promise<{ holder: ChildProcess; server: LocalPostgres }> {
  const holder = spawn(
    process.execPath,
    ['-r', path.join(support, 'typescript-register.js'), path.join(support, 'hold-postgres.ts'), directory],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  processes.push(holder);
  const [line] = (await once(createInterface(holder.stdout), 'line')) as [string];
  return { holder, server: JSON.parse(line) as LocalPostgres };
}

async function query(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

async function postmasterPid(): Promise<number> {
  const lock = await readLock(data);
  if (!lock) throw new Error('Postgres does not run');
  return lock.pid;
}

beforeAll(async () => {
  original = await temporaryDirectory();
  const server = await startLocalPostgres({ directory: original, settings: { fsync: 'off' } });
  originalData = server.data;
  await server.stop();
});

beforeEach(async () => {
  directory = await temporaryDirectory();
  data = path.join(directory, 'data');
  // Unlike fs.cp, it keeps the owner, which Postgres insists on.
  await promisify(execFile)('cp', ['-a', originalData, data]);
});

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
  for (const child of processes.splice(0)) child.kill('SIGKILL');
  await waitFor(async () => {
    const lock = await readLock(data);
    return lock === undefined || !(await isPostmasterOf(data, lock.pid));
  });
  await rm(directory, { recursive: true, force: true });
});

afterAll(() => rm(original, { recursive: true, force: true }));

it('finds the data of the last start, on the same port, behind a password', async () => {
  const first = await start();
  await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  await first.stop();

  const second = await start();
  expect(second.url).toBe(first.url);
  await expect(query(second.url, 'SELECT answer FROM kept')).resolves.toEqual([{ answer: 42 }]);
  const wrong = new URL(second.url);
  wrong.password = 'wrong';
  await expect(query(wrong.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  expect((await stat(path.join(data, 'slipway.password'))).mode & 0o777).toBe(0o600);
});

it('stores UTF-8, sorts by code point and listens on the loopback address alone', async () => {
  const { url } = await start();
  await expect(
    query(
      url,
      `SELECT current_setting('server_encoding') AS encoding, upper('šä') AS upper, array(SELECT * FROM unnest('{ä,b,B}'::text[]) AS letter ORDER BY 1)
         AS sorted, current_setting('listen_addresses') AS listens, current_setting('unix_socket_directories') AS sockets`,
    ),
  ).resolves.toEqual([{ encoding: 'UTF8', upper: 'ŠÄ', sorted: ['B', 'b', 'ä'], listens: '127.0.0.1', sockets: '' }]);
});

it('stops once, without waiting for who is connected, however often it is asked', async () => {
  const server = await start();
  const client = new Client({ connectionString: server.url });
  const errors: Error[] = [];
  client.on('error', (error) => errors.push(error));
  await client.connect();
  // By itself the connection would stay for ever.
  await Promise.all([server.stop(), server.stop()]);
  await server.stop();
  // 57P01 is admin_shutdown, of a fast shutdown.
  await waitFor(() => errors.length > 0);
  expect(errors[0]).toMatchObject({ code: '57P01' });
  await expect(query(server.url, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

it('starts after a kill -9 of Postgres, with what was committed', async () => {
  const first = await start();
  await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  process.kill(await postmasterPid(), 'SIGKILL');

  const second = await start();
  await expect(query(second.url, 'SELECT answer FROM kept')).resolves.toEqual([{ answer: 42 }]);
});

it('starts when the lock file of a crash names a process that has since got its id', async () => {
  const first = await start();
  const pid = await postmasterPid();
  process.kill(pid, 'SIGKILL');
  await first.stop();
  const { uid, gid } = await stat(data);
  const bystander = spawn('sleep', ['60'], isRoot ? { uid, gid } : {});
  processes.push(bystander);
  const lockFile = path.join(data, 'postmaster.pid');
  await writeFile(lockFile, (await readFile(lockFile, 'utf8')).replace(String(pid), String(bystander.pid)));

  const second = await start();
  await expect(query(second.url, 'SELECT 1 AS one')).resolves.toEqual([{ one: 1 }]);
  expect(bystander.exitCode).toBeNull();
});

it('ends in good order when the process that started it is killed', async () => {
  const { holder, server } = await startElsewhere();
  holder.kill('SIGKILL');
  // Only a clean shutdown removes the lock file.
  await waitFor(async () => (await readLock(data)) === undefined);
  await expect(query(server.url, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

it('refuses a directory that a living process uses, and names the process', async () => {
  const { holder, server } = await startElsewhere();
  await expect(start()).rejects.toThrow(`${data} is in use: process ${holder.pid} runs Postgres on it`);
  await expect(query(server.url, 'SELECT 1 AS one')).resolves.toEqual([{ one: 1 }]);
});

it('takes over from a Postgres that has outlived its process', async () => {
  const { server } = await startElsewhere();
  const orphan = await postmasterPid();
  const gone = spawn('true');
  await once(gone, 'exit');
  const optionsFile = path.join(data, 'postmaster.opts');
  const options = await readFile(optionsFile, 'utf8');
  await writeFile(optionsFile, options.replace(/slipway\.owner_pid=\d+/, `slipway.owner_pid=${gone.pid}`));

  const successor = await start();
  expect(await postmasterPid()).not.toBe(orphan);
  expect(await isPostmasterOf(data, orphan)).toBe(false);
  expect(successor.url).toBe(server.url);
});

it('says that a wanted port is in use, and takes another one where none is wanted', async () => {
  const first = await start();
  await first.stop();
  const occupant = createServer().listen(first.port, '127.0.0.1');
  await once(occupant, 'listening');

  await expect(start({ port: first.port })).rejects.toThrow(`127.0.0.1:${first.port}: the port is in use`);
  const second = await start();
  expect(second.port).not.toBe(first.port);
  occupant.close();
});

it('leaves the data of another version alone', async () => {
  await writeFile(path.join(data, 'PG_VERSION'), '9\n');
  await expect(start()).rejects.toThrow(`${data} was made by Postgres 9, but this is Postgres 18`);
});

it('says what to do where there is no Postgres for the machine', () => {
  expect(() => installedPackage('linux-mips')).toThrow('not available for this platform (linux-mips); set DATABASE_URL');
});

it('runs from a package that it can neither complete nor, as another user, read', async () => {
  const closed = await temporaryDirectory();
  const installed = installedPackage();
  await cp(path.join(installed, 'package.json'), path.join(closed, 'package.json'));
  await cp(path.join(installed, 'native'), path.join(closed, 'native'), {
    recursive: true,
    filter: async (source) => !(await lstat(source)).isSymbolicLink(),
  });
  await chmod(path.join(closed, 'native', 'lib'), 0o500);
  await chmod(closed, 0o500);

  const place = await choosePlace(directory);
  const { initdb, postgres } = await findBinaries(place, closed);
  expect(postgres.startsWith(directory)).toBe(true);
  await expect(run(initdb, ['--version'], place.account)).resolves.toContain('initdb (PostgreSQL) 18');
  await chmod(path.join(closed, 'native', 'lib'), 0o700);
  await chmod(closed, 0o700);
  await rm(closed, { recursive: true });
});

itAsRoot('keeps the data elsewhere, and finds it again, where the user that Postgres runs as cannot enter', async () => {
  const closed = path.join(directory, 'closed');
  await mkdir(closed, { mode: 0o700 });
  const inside = path.join(closed, 'postgres');
  const first = await startLocalPostgres({ directory: inside, settings: { fsync: 'off' } });
  servers.push(first);
  await first.stop();
  expect(first.data.startsWith(directory)).toBe(false);

  const second = await startLocalPostgres({ directory: inside, settings: { fsync: 'off' } });
  servers.push(second);
  expect(second.url).toBe(first.url);
  await second.stop();
  await rm(path.dirname(first.data), { recursive: true });
});
