import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { buildTestPrograms } from '../support/programs';
import { RunScene } from '../support/run-scene';
import { waitFor } from '../support/wait';

let scene: RunScene;
let program: string;
let scratch: string;
const processes: ChildProcess[] = [];

beforeAll(async () => {
  program = path.join(await buildTestPrograms(), 'main.worker.js');
  scratch = await mkdtemp(path.join(tmpdir(), 'slipway-workers-test-'));
  scene = await RunScene.set();
});

afterEach(async () => {
  const running = processes.splice(0).filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
  for (const each of running) each.kill('SIGKILL');
  await Promise.all(running.map((each) => once(each, 'exit')));
});

afterAll(async () => {
  await scene.clear();
  await rm(scratch, { recursive: true, force: true });
});

interface WorkerProcess {
  readonly process: ChildProcess;
  readonly output: () => string;
}

function startWorker(environment = scene.environment({ WORKER_CONCURRENCY: '1', TMPDIR: scratch })): WorkerProcess {
  const child = spawn(process.execPath, [program], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  processes.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { process: child, output: () => output };
}

const exitOf = async ({ process: child }: WorkerProcess): Promise<number | null> =>
  child.exitCode ?? ((await once(child, 'exit')) as [number | null])[0];

/** How many workers are told of new runs. */
async function listeners(): Promise<number> {
  const rows: unknown[] = await scene.db.query(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%' AND state = 'idle'`,
  );
  return rows.length;
}

/** A worker's engines, and what watches over them. */
async function childrenOf({ process: child }: WorkerProcess): Promise<number[]> {
  if (process.platform === 'linux') {
    const children = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
    return children.split(' ').filter(Boolean).map(Number);
  }
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=']);
  const all = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  return all.flatMap(([pid, parent]) => (pid !== undefined && parent === child.pid ? [pid] : []));
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const SLOW = [
  { do: 'wait', ms: 2_500 },
  { do: 'write', to: 'a.jsonl', text: '{}\n' },
] as const;
const ENDLESS = [{ do: 'tellPid', to: 'pid' }, { do: 'spin' }] as const;

describe('worker processes', () => {
  it('take over what a killed one and a paused one had in hand, each once', async () => {
    const [doomed, paused] = [startWorker(), startWorker()];
    // Before the first of two runs is done, both have to be under way, and a start takes as long as it takes.
    await waitFor(async () => (await listeners()) === 2);
    const runs = [await scene.addRun(SLOW), await scene.addRun(SLOW)];
    for (const run of runs) await scene.waitFor(run, (state) => state.run === 'running');
    await waitFor(async () => (await childrenOf(doomed)).length > 0);
    const engines = await childrenOf(doomed);
    doomed.process.kill('SIGKILL');
    paused.process.kill('SIGSTOP');
    startWorker();

    for (const run of runs) {
      const end = await scene.waitForEnd(run);
      expect(end).toMatchObject({ job: 'succeeded', run: 'succeeded', attempt: 2, outputSets: 1 });
      expect(end.events.filter((type) => type !== 'run.progress')).toEqual(['run.started', 'run.taken_over', 'job.succeeded']);
      expect(end.outputs).toEqual([{ name: 'a.jsonl', key: `outputs/${run.job.uid}/1/2/a.jsonl`, records: 1 }]);
    }
    await waitFor(() => engines.every((pid) => !isAlive(pid)));

    // The paused one goes on with what is no longer its run, changes nothing, and serves again.
    const before = await Promise.all(runs.map((run) => scene.stateOf(run)));
    paused.process.kill('SIGCONT');
    paused.process.kill('SIGTERM');
    expect(await exitOf(paused)).toBe(0);
    expect(await Promise.all(runs.map((run) => scene.stateOf(run)))).toEqual(before);
    for (const run of runs) expect(await scene.listKeys(`outputs/${run.job.uid}/1/1/`)).toEqual([]);
  });

  it('that were paused past a cancel change nothing when they go on', async () => {
    const worker = startWorker();
    const run = await scene.addRun(SLOW);
    await scene.waitFor(run, (state) => state.run === 'running');
    worker.process.kill('SIGSTOP');
    await scene.cancel(run);
    const cancelled = await scene.stateOf(run);
    worker.process.kill('SIGCONT');
    worker.process.kill('SIGTERM');
    expect(await exitOf(worker)).toBe(0);
    expect(await scene.stateOf(run)).toEqual(cancelled);
    expect(cancelled).toMatchObject({ job: 'cancelled', run: 'cancelled', outputSets: 0 });
    expect(await scene.listKeys(`outputs/${run.job.uid}/`)).toEqual([]);
  });

  it('end with status 0 at SIGTERM, after what runs is done', async () => {
    const worker = startWorker();
    const run = await scene.addRun(SLOW);
    await scene.waitFor(run, (state) => state.run === 'running');
    const later = await scene.addRun(SLOW);
    worker.process.kill('SIGTERM');
    expect(await exitOf(worker)).toBe(0);
    expect(await scene.stateOf(run)).toMatchObject({ run: 'succeeded', attempt: 1 });
    expect(await scene.stateOf(later)).toMatchObject({ run: 'queued', attempt: 0 });
  });

  it('leave no engine behind when they are killed, however busy it is', async () => {
    const worker = startWorker();
    const run = await scene.addRun(ENDLESS);
    await scene.waitFor(run, (state) => state.run === 'running');
    const engines = await waitFor(async () => {
      const children = await childrenOf(worker);
      return children.length > 0 && children;
    });
    worker.process.kill('SIGKILL');
    await waitFor(() => engines.every((pid) => !isAlive(pid)));
  });

  it('name all faults of their settings in one message', async () => {
    const worker = startWorker({ WORKER_CONCURRENCY: 'many', PATH: '' });
    expect(await exitOf(worker)).toBe(1);
    expect(worker.output()).toContain('WORKER_CONCURRENCY must be a whole number');
    expect(worker.output()).not.toMatch(/^\s+at /m);
  });
});
