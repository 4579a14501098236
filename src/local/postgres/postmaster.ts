import { ChildProcess, spawn } from 'node:child_process';
import { open, readFile, readlink, realpath } from 'node:fs/promises';
import { Socket } from 'node:net';
import * as path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Account, run, spawnOptionsFor } from './account';

/** Postgres ends connections and writes a checkpoint within this time, or is told to leave that to the next start's recovery. */
const FAST_SHUTDOWN_MS = 2_000;
/** Crash recovery after a kill comes before "ready". */
const START_MS = 60_000;
const POLL_MS = 20;
/** A setting of our own: Postgres records the options of a start, so it also records whose server it is. */
const OWNER_SETTING = 'slipway.owner_pid';

/**
 * Waits for its stdin to close, which the kernel sees to however our process ends, and then stops Postgres; a line on stdin
 * instead releases it. It leads a session of its own, so that Ctrl-C in a terminal does not reach it.
 */
const WATCHDOG = `
read -r released && exit 0
kill -INT "$1" 2>/dev/null
for i in 1 2 3 4 5; do kill -0 "$1" 2>/dev/null || exit 0; sleep 1; done
kill -QUIT "$1" 2>/dev/null
`;

export interface PostmasterOptions {
  postgres: string;
  data: string;
  logFile: string;
  account: Account | undefined;
  settings: Record<string, string | number>;
  environment: Record<string, string>;
}

export type PostmasterStart = { kind: 'ready'; postmaster: Postmaster } | { kind: 'failed'; log: string };

/** A running server: one child process of ours, and the watchdog that outlives us just long enough to stop it. */
export class Postmaster {
  private stopping: Promise<void> | undefined;

  private constructor(
    private readonly child: ChildProcess,
    private readonly exited: Promise<void>,
    private readonly watchdog: ChildProcess,
  ) {}

  /** Starts Postgres and waits until it takes connections. The log file is begun anew. */
  static async start(options: PostmasterOptions): Promise<PostmasterStart> {
    const log = await open(options.logFile, 'w', 0o600);
    const settings = Object.entries({ ...options.settings, [OWNER_SETTING]: process.pid }).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ]);
    const child = spawn(options.postgres, ['-D', options.data, ...settings], {
      ...spawnOptionsFor(options.account, options.environment),
      // Ctrl-C would otherwise shut Postgres down under requests that are still being answered.
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()));
    await log.close();
    if (child.pid === undefined) {
      await ended;
      return { kind: 'failed', log: `${options.postgres} could not be started` };
    }
    const postmaster = new Postmaster(child, ended, watch(child.pid, options.account));
    // A forgotten stop() must not keep the process alive: the watchdog stops Postgres after it.
    child.unref();

    const deadline = Date.now() + START_MS;
    while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
      const lock = await readLock(options.data);
      if (lock?.pid === child.pid && lock.ready) return { kind: 'ready', postmaster };
      await delay(POLL_MS);
    }
    await postmaster.stop();
    return { kind: 'failed', log: (await readFile(options.logFile, 'utf8')).trim() };
  }

  /** A fast shutdown: open connections are ended, the data is flushed. Any number of calls wait for the one shutdown. */
  stop(): Promise<void> {
    this.stopping ??= this.shutDown();
    return this.stopping;
  }

  private async shutDown(): Promise<void> {
    this.child.ref();
    this.child.kill('SIGINT');
    const impatience = setTimeout(() => this.child.kill('SIGQUIT'), FAST_SHUTDOWN_MS);
    await this.exited;
    clearTimeout(impatience);
    this.watchdog.stdin?.end('released\n');
  }
}

function watch(pid: number, account: Account | undefined): ChildProcess {
  const watchdog = spawn('/bin/sh', ['-c', WATCHDOG, 'slipway-postgres-watchdog', String(pid)], {
    ...spawnOptionsFor(account),
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watchdog.unref();
  const { stdin } = watchdog;
  // Somebody may have killed the watchdog; Postgres is then stopped by stop() alone.
  stdin.on('error', () => undefined);
  if (stdin instanceof Socket) stdin.unref();
  return watchdog;
}

/** What Postgres keeps in `postmaster.pid` while it runs; the file stays after a kill -9. */
export interface PostmasterLock {
  pid: number;
  ready: boolean;
}

/** @returns undefined when there is no such file, or only the beginning of one */
export async function readLock(data: string): Promise<PostmasterLock | undefined> {
  const content = await readFile(path.join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = content.split('\n');
  const pid = Number(lines[0]);
  // Line 8 is the status that pg_ctl waits for (src/include/utils/pidfile.h).
  return Number.isInteger(pid) && pid > 0 ? { pid, ready: lines[7]?.trim() === 'ready' } : undefined;
}

/** The port and our process id of the last start that got as far as listening, from `postmaster.opts`. */
export async function readLastStart(data: string): Promise<{ port: number | undefined; ownerPid: number | undefined }> {
  const options = await readFile(path.join(data, 'postmaster.opts'), 'utf8').catch(() => '');
  const numberAfter = (name: string) => {
    const found = new RegExp(`"${name}=(\\d+)"`).exec(options)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  return { port: numberAfter('port'), ownerPid: numberAfter(OWNER_SETTING) };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Tells a postmaster from another process that got its id after a crash or a reboot: a postmaster's working directory is its data. */
export async function isPostmasterOf(data: string, pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (process.platform === 'linux') {
    const directory = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
    return directory === (await realpath(data));
  }
  const command = await run('ps', ['-o', 'command=', '-p', String(pid)], undefined).catch(() => '');
  return command.includes(`-D ${data}`);
}

/** Stops a postmaster that is not our child. @returns whether it is gone */
export async function stopForeign(data: string, pid: number): Promise<boolean> {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    try {
      process.kill(pid, signal);
    } catch {
      return !isAlive(pid);
    }
    const deadline = Date.now() + FAST_SHUTDOWN_MS;
    while (Date.now() < deadline) {
      if (!(await isPostmasterOf(data, pid))) return true;
      await delay(POLL_MS);
    }
  }
  return false;
}
