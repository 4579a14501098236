import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { sourceProject } from '../support/bundle';
import { buildTestPrograms } from '../support/programs';
import { RunScene } from '../support/run-scene';
import { waitFor } from '../support/wait';
import { workbookFiles, zip } from '../support/workbook';

/** Hostile runs through a whole worker with the engine as it is shipped; `engine-process-isolation.spec.ts` has many more attacks. */

let scene: RunScene;
let scratch: string;
let worker: ChildProcess;

const csv = sourceProject('file: ${INPUT_FILE}');
const ENDLESS = '{% for a in range(99999) %}{% for b in range(99999) %}{% set c = a * b %}{% endfor %}{% endfor %}';

beforeAll(async () => {
  const program = path.join(await buildTestPrograms(), 'shipped/main.worker.js');
  scratch = await mkdtemp(path.join(tmpdir(), 'slipway-hostile-test-'));
  scene = await RunScene.set();
  await scene.addBundle({ 'earthmover.yaml': csv, 't.jsont': '{{ id }}' }, 'good');
  await scene.addBundle({ 'earthmover.yaml': csv, 't.jsont': ENDLESS }, 'endless');
  await scene.addBundle({ 'earthmover.yaml': sourceProject('file: ${INPUT_FILE}\ntype: excel'), 't.jsont': '{{ id }}' }, 'excel');
  // One run at a time, so that the same worker must get over each before the next.
  const env = scene.environment({ WORKER_CONCURRENCY: '1', RUN_TIMEOUT_SECONDS: '5', TMPDIR: scratch });
  worker = spawn(process.execPath, [program], { env, stdio: 'ignore' });
});

afterAll(async () => {
  if (worker.exitCode === null && worker.signalCode === null) {
    worker.kill('SIGKILL');
    await once(worker, 'exit');
  }
  await scene.clear();
  await rm(scratch, { recursive: true, force: true });
});

async function runOf(bundleVersion: string, content: string | Buffer) {
  const run = await scene.addRun([], { bundleVersion, files: [await scene.upload('INPUT_FILE', 'a.csv', content)] });
  return { run, end: await scene.waitForEnd(run) };
}

async function expectGoodRun(): Promise<void> {
  const { run, end } = await runOf('good', 'id\n1\n');
  expect(end).toMatchObject({ job: 'succeeded', run: 'succeeded', attempt: 1, error: null });
  expect(await scene.read(`outputs/${run.job.uid}/1/1/out.txt`)).toBe('1\n');
  expect(worker.exitCode).toBeNull();
}

const bomb = (): Buffer => zip({ ...workbookFiles({ A: '' }), 'xl/worksheets/sheet1.xml': Buffer.alloc(300 * 1024 ** 2, ' ') });

describe('a worker', () => {
  it.each<[string, string, () => string | Buffer, object]>([
    ['a template that never ends', 'endless', () => 'id\n1\n', { code: 'run_timed_out' }],
    ['a workbook that is a ZIP bomb', 'excel', bomb, { code: 'limit_exceeded', file: 'INPUT_FILE' }],
  ])('fails the run of %s, once, and serves the next job', async (_, bundleVersion, content, error) => {
    const { run, end } = await runOf(bundleVersion, content());
    expect(end).toMatchObject({ job: 'failed', run: 'failed', attempt: 1, error, outputSets: 0 });
    await waitFor(async () => (await scene.listKeys(`outputs/${run.job.uid}/`)).length === 0);
    await expectGoodRun();
  });
});
