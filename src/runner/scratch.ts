import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import * as path from 'node:path';

const PREFIX = 'slipway-run-';
/** Longer than any run may be (RUN_TIMEOUT_SECONDS is at most a day), so that it cannot be another machine's that lives. */
const LEFTOVER_AGE_MS = 25 * 3_600_000;

/** The folder of one attempt's inputs, readable by nobody else. Under `TMPDIR`. */
export interface Scratch {
  readonly directory: string;
  remove(): Promise<void>;
}

/** Of this process. */
const inUse = new Set<string>();

export async function createScratch(): Promise<Scratch> {
  const directory = await mkdtemp(path.join(tmpdir(), `${PREFIX}${machine()}-${process.pid}-`));
  inUse.add(directory);
  return {
    directory,
    remove: async () => {
      await rm(directory, { recursive: true, force: true, maxRetries: 3 });
      inUse.delete(directory);
    },
  };
}

/**
 * Removes what workers left that were killed, since it is data about children: at once where the worker was on this machine and
 * is gone, and where that cannot be told when it is old.
 */
export async function removeLeftovers(now = Date.now()): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const directory = path.join(tmpdir(), name);
    if (!name.startsWith(PREFIX) || inUse.has(directory)) continue;
    const owner = new RegExp(`^${PREFIX}${machine()}-(\\d+)-`).exec(name)?.[1];
    const isOrphan = owner !== undefined && !isOtherProcess(Number(owner));
    const found = await stat(directory).catch(() => null);
    if (!found || (!isOrphan && now - found.mtimeMs < LEFTOVER_AGE_MS)) continue;
    // It may belong to another user of a shared folder.
    await rm(directory, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** A container's name is its own, also where several share a folder and count their processes from 1. */
const machine = (): string => hostname().replace(/[^A-Za-z0-9.]/g, '_');

/** This process's own id may have been a dead one's: a container begins to count anew. */
function isOtherProcess(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
