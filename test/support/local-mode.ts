import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection } from '../../src/local/connection-file';
import { waitFor } from './wait';

const ROOT = join(__dirname, '../..');

/** Local mode as `npm start` runs it: the built program, in a process of its own. */
export interface RunningLocalMode {
  readonly process: ChildProcess;
  readonly connection: Connection;
  /** What it printed so far. */
  output(): string;
  /** Sends SIGINT, as Ctrl-C does. @returns the exit code. */
  stop(): Promise<number | null>;
}

/** Builds the programs if there is no current build; takes a minute then. */
export function buildPrograms(): void {
  execFileSync(process.execPath, [join(ROOT, 'scripts/build-if-stale.js')], { cwd: ROOT, stdio: 'ignore' });
}

/** A folder for local mode, which Postgres's own user may enter. */
export function makeLocalDirectory(): { directory: string; remove(): void } {
  const directory = mkdtempSync(join(tmpdir(), 'slipway-local-test-'));
  chmodSync(directory, 0o711);
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

/** Starts the program without waiting for anything. */
export function spawnLocalMode(directory: string, env: Record<string, string> = {}): { child: ChildProcess; output(): string } {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(SLIPWAY_|TEST_S3|AWS_ACCESS|AWS_SECRET)/.test(name)),
  );
  const child = spawn(process.execPath, [join(ROOT, 'dist/main.local.js')], {
    cwd: ROOT,
    env: { ...inherited, NODE_ENV: 'test', PORT: '0', SLIPWAY_LOCAL_DIR: directory, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { child, output: () => text };
}

export async function startLocalMode(directory: string, env: Record<string, string> = {}): Promise<RunningLocalMode> {
  const { child, output } = spawnLocalMode(directory, env);
  const file = join(directory, 'connection.json');
  await waitFor(
    () => {
      if (child.exitCode !== null) throw new Error(`local mode ended: ${output()}`);
      return output().includes('Slipway is ready');
    },
    { deadlineMs: 60_000 },
  );
  return {
    process: child,
    connection: JSON.parse(readFileSync(file, 'utf8')) as Connection,
    output,
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGINT');
      return ((await ended) as [number | null])[0];
    },
  };
}
