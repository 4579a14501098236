import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from './local/connection-file';
import { DEMO_JOB } from './local/demo-data';
import { demoRegistryFrom } from './local/local-mode';
import { submitDemoJob } from './local/demo-partner';
import { readEnvironment } from './platform/config/load-config';
import { runProgram } from './platform/run-program';

const START_SECONDS = 60;
const STOP_SECONDS = 15;

/**
 * `npm run demo`: starts local mode as `npm start` does, on any free port and in a folder of its own, submits a job as a
 * partner's program would, and shows the outputs.
 */
runProgram(async () => {
  const directory = join(resolve(readEnvironment(process.env).SLIPWAY_LOCAL_DIR), 'demo');
  console.log('1. Starting Slipway with an embedded Postgres, S3 and token issuer …');
  const local = spawn(process.execPath, [join(__dirname, 'main.local.js')], {
    env: { ...process.env, PORT: '0', SLIPWAY_LOCAL_DIR: directory },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    const connection = await waitForConnection(directory, local);
    const data = join(demoRegistryFrom(__dirname), DEMO_JOB.bundle, 'data');
    await submitDemoJob(connection, data, console.log);
  } finally {
    await stop(local);
  }
  console.log('\nThat is all. `npm start` runs the same for you to try.');
});

async function waitForConnection(directory: string, local: ChildProcess): Promise<Connection> {
  const deadline = Date.now() + START_SECONDS * 1000;
  while (Date.now() < deadline) {
    if (local.exitCode !== null) throw new Error('Slipway did not start; see above.');
    const text = await readFile(join(directory, 'connection.json'), 'utf8').catch(() => null);
    // A file of an earlier start is removed first, but perhaps not yet.
    const connection = text === null ? null : (JSON.parse(text) as Connection);
    if (connection && (await answers(connection.api))) return connection;
    await delay(100);
  }
  throw new Error(`Slipway was not ready within ${START_SECONDS} s.`);
}

async function answers(api: string): Promise<boolean> {
  return fetch(`${api}/health/ready`).then(
    (response) => response.ok,
    () => false,
  );
}

async function stop(local: ChildProcess): Promise<void> {
  if (local.exitCode !== null) return;
  const ended = once(local, 'exit');
  local.kill('SIGTERM');
  const timer = setTimeout(() => local.kill('SIGKILL'), STOP_SECONDS * 1000);
  await ended;
  clearTimeout(timer);
}
