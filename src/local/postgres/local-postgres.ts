import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { AddressInfo, createServer } from 'node:net';
import * as path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, DatabaseError, escapeIdentifier } from 'pg';
import { choosePlace, chownTo, Place, run } from './account';
import { Binaries, findBinaries } from './binaries';
import { isAlive, isPostmasterOf, Postmaster, readLastStart, readLock, stopForeign } from './postmaster';

const HOST = '127.0.0.1';
const USER = 'slipway';
const PASSWORD_FILE = 'slipway.password';
/** How long the children of a killed postmaster may take to notice that it is gone. */
const LEFTOVERS_MS = 10_000;

export interface LocalPostgresOptions {
  /** Everything is kept under it; made when it is not there. */
  directory: string;
  /** 0, the default: the port of the last start if it is free, else any free one. */
  port?: number;
  /** Made when it is not there. */
  database?: string;
  /** Further settings of postgresql.conf. */
  settings?: Record<string, string | number>;
}

export interface LocalPostgres {
  /** Of a superuser, with the password. */
  url: string;
  port: number;
  /** The data directory; not under `directory` when root had to put it elsewhere. */
  data: string;
  /** A fast shutdown, under 3 seconds; further calls wait for the same one. */
  stop(): Promise<void>;
}

/**
 * Starts an embedded Postgres on 127.0.0.1, for development and tests. It ends with this process, however that ends.
 *
 * @throws Error with a message for people: no Postgres for this platform, the directory or the port is in use, the data is of
 *   another version
 */
export async function startLocalPostgres(options: LocalPostgresOptions): Promise<LocalPostgres> {
  const directory = path.resolve(options.directory);
  const database = options.database ?? 'slipway';
  const place = await choosePlace(directory);
  const binaries = await findBinaries(place);
  const data = path.join(place.home, 'data');

  const environment = await takeOver(data);
  await initialise(data, place, binaries);
  const password = await readFile(path.join(data, PASSWORD_FILE), 'utf8');
  const { postmaster, port } = await startPostmaster(options, { data, place, binaries, environment });

  const url = `postgres://${USER}:${password}@${HOST}:${port}/${database}`;
  try {
    await ensureDatabase(url, database);
  } catch (error) {
    await postmaster.stop();
    throw error;
  }
  return { url, port, data, stop: () => postmaster.stop() };
}

/**
 * Sees to a server that an earlier start left running: stops it when its process has died, and refuses when that still runs.
 *
 * @returns the environment in which Postgres accepts the lock file that is left
 */
async function takeOver(data: string): Promise<Record<string, string>> {
  const lock = await readLock(data);
  if (!lock) return {};
  if (await isPostmasterOf(data, lock.pid)) {
    const { ownerPid } = await readLastStart(data);
    if (ownerPid !== undefined && isAlive(ownerPid)) {
      throw new Error(
        `${data} is in use: process ${ownerPid} runs Postgres on it. Stop that process, or choose another SLIPWAY_LOCAL_DIR.`,
      );
    }
    if (!(await stopForeign(data, lock.pid))) {
      throw new Error(
        `${data} is in use: Postgres is still running on it as process ${lock.pid} and does not stop. End that process.`,
      );
    }
  }
  // After a crash the lock's id may by now be another process's, and Postgres would take that for itself. It ignores the id that
  // pg_ctl gives it as its grandparent's; deleting the file instead would lose its check for leftover child processes.
  return { PG_GRANDPARENT_PID: String(lock.pid) };
}

/** Runs initdb unless it was done before. All or nothing: the directory gets its name when it is complete. */
async function initialise(data: string, { home, account }: Place, { initdb, majorVersion }: Binaries): Promise<void> {
  const version = await versionOf(data);
  if (version === majorVersion) return;
  if (version !== undefined) {
    throw new Error(
      `${data} was made by Postgres ${version}, but this is Postgres ${majorVersion}: move or delete it, or set DATABASE_URL to a server that has it`,
    );
  }

  const unfinished = path.join(home, 'data.new');
  const passwordFile = path.join(home, 'password.new');
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  await rm(passwordFile, { force: true });
  await writeFile(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
  await chownTo(account, unfinished, passwordFile);
  const options = [
    ...['-D', unfinished, '-U', USER, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8', '--no-instructions'],
    // Code point order and Unicode's upper and lower case, the same on every system: unlike the C library's locales.
    ...['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    // Nothing is in it yet that would have to survive a power failure.
    '--no-sync',
  ];
  await run(initdb, options, account).catch((error: Error & { stderr?: string }) => {
    throw new Error(`the embedded Postgres could not be set up; set DATABASE_URL (${(error.stderr || error.message).trim()})`, {
      cause: error,
    });
  });
  await rename(passwordFile, path.join(unfinished, PASSWORD_FILE));
  await rename(unfinished, data);
}

async function versionOf(data: string): Promise<string | undefined> {
  try {
    return (await readFile(path.join(data, 'PG_VERSION'), 'utf8')).trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code !== 'EACCES') throw error;
    throw new Error(`${data} belongs to another user: start as that user (or root), or choose another SLIPWAY_LOCAL_DIR`, {
      cause: error,
    });
  }
}

interface Prepared {
  data: string;
  place: Place;
  binaries: Binaries;
  environment: Record<string, string>;
}

async function startPostmaster(
  { port: wanted = 0, settings = {} }: LocalPostgresOptions,
  { data, place, binaries, environment }: Prepared,
): Promise<{ postmaster: Postmaster; port: number }> {
  const logFile = path.join(place.home, 'postgres.log');
  const deadline = Date.now() + LEFTOVERS_MS;
  let preferred = (await readLastStart(data)).port;
  for (;;) {
    const port = wanted || (await freePort(preferred));
    const start = await Postmaster.start({
      postgres: binaries.postgres,
      data,
      logFile,
      account: place.account,
      environment,
      settings: { ...settings, port, listen_addresses: HOST, unix_socket_directories: '' },
    });
    if (start.kind === 'ready') return { postmaster: start.postmaster, port };

    const portTaken = /could not bind .* address/.test(start.log);
    if (portTaken && wanted) throw new Error(`Postgres cannot listen on ${HOST}:${wanted}: the port is in use`);
    const leftovers = /pre-existing shared memory block .* is still in use/.test(start.log);
    if (!(portTaken || leftovers) || Date.now() > deadline)
      throw new Error(`Postgres did not start. ${logFile} says:\n${start.log}`);
    preferred = undefined;
    await delay(50);
  }
}

/** @returns `preferred` if nothing listens on it, else a port that the system picks */
async function freePort(preferred: number | undefined): Promise<number> {
  for (const candidate of preferred === undefined ? [0] : [preferred, 0]) {
    const port = await new Promise<number | undefined>((resolve) => {
      const probe = createServer();
      probe.once('error', () => resolve(undefined));
      probe.listen(candidate, HOST, () => {
        const address = probe.address() as AddressInfo;
        probe.close(() => resolve(address.port));
      });
    });
    if (port !== undefined) return port;
  }
  throw new Error(`no port is free on ${HOST}`);
}

async function ensureDatabase(url: string, database: string): Promise<void> {
  try {
    await withClient(url, async () => undefined);
  } catch (error) {
    // 3D000 is invalid_catalog_name: there is no such database.
    if (!(error instanceof DatabaseError && error.code === '3D000')) throw error;
    const admin = new URL(url);
    admin.pathname = '/postgres';
    await withClient(admin.href, (client) => client.query(`CREATE DATABASE ${escapeIdentifier(database)}`));
  }
}

async function withClient(url: string, use: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: url, ssl: false });
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}
