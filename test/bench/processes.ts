import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { freePort } from '../support/free-port';
import { waitFor } from '../support/wait';

const ROOT = join(__dirname, '../..');
/** The web process as it is shipped. */
export const WEB_PROCESS = join(ROOT, 'dist/main.js');

export interface Usage {
  /** Of all threads, since the start. */
  readonly cpuMs: number;
  readonly rssBytes: number;
  readonly peakRssBytes: number;
}

export interface BenchProcess {
  readonly url: string;
  usage(): Promise<Usage>;
  stop(): Promise<void>;
}

/**
 * Starts a program that serves HTTP on `PORT`, in a process of its own, and waits until it answers. Its log goes to /dev/null, so
 * that it costs what it costs.
 *
 * @param program built JavaScript, or TypeScript of this folder.
 */
export async function startProcess(program: string, environment: Record<string, string>): Promise<BenchProcess> {
  const port = await freePort();
  const preload = ['-r', join(__dirname, 'report-usage.js')];
  if (program.endsWith('.ts')) preload.push('-r', join(ROOT, 'test/support/typescript-register.js'));
  const child = fork(program, {
    env: { PATH: process.env.PATH ?? '', ...environment, PORT: String(port) },
    execArgv: [...process.execArgv.filter((option) => option.startsWith('--')), ...preload],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  const ended = exited.then(([status]) => Promise.reject(new Error(`${program} ended with status ${status}`)));
  ended.catch(() => undefined);
  await Promise.race([waitFor(async () => (await fetch(url)).status > 0, { deadlineMs: 30_000 }), ended]);
  return {
    url,
    usage: async () => {
      child.send('usage');
      const [usage] = (await once(child, 'message')) as [Usage];
      return usage;
    },
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
