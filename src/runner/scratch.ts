import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';

const PREFIX = 'slipway-run-';
/** Longer than any run may be (RUN_TIMEOUT_SECONDS is at most a day), so that it cannot be another worker's that lives. */
const LEFTOVER_AGE_MS = 25 * 3_600_000;

/** The folder of one attempt, readable by nobody else. Under `TMPDIR`. */
export interface Scratch {
  readonly inputs: string;
  readonly outputs: string;
  remove(): Promise<void>;
}

export async function createScratch(): Promise<Scratch> {
  const root = await mkdtemp(path.join(tmpdir(), PREFIX));
  const scratch = {
    inputs: path.join(root, 'inputs'),
    outputs: path.join(root, 'outputs'),
    remove: () => rm(root, { recursive: true, force: true, maxRetries: 3 }),
  };
  await Promise.all([mkdir(scratch.inputs), mkdir(scratch.outputs)]);
  return scratch;
}

/** Removes what workers left that were killed. */
export async function removeLeftovers(now = Date.now()): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const directory = path.join(tmpdir(), name);
    const found = await stat(directory).catch(() => null);
    if (!found || now - found.mtimeMs < LEFTOVER_AGE_MS) continue;
    // It may belong to another user of a shared folder.
    await rm(directory, { recursive: true, force: true }).catch(() => undefined);
  }
}
