import { Logger, type INestApplicationContext } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { spawnSync } from 'node:child_process';
import fs, { readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rm, utimes } from 'node:fs/promises';
import os from 'node:os';
import * as path from 'node:path';
import { Writable } from 'node:stream';
import { Registry } from 'prom-client';
import { ConfigModule } from '../../src/platform/config/config.module';
import { MetricsModule } from '../../src/platform/metrics/metrics.module';
import { EngineProgram } from '../../src/runner/engine-program';
import { ExecuteRun } from '../../src/runner/execute-run';
import { FRAME_BYTES } from '../../src/runner/output-frames';
import { RunWorker } from '../../src/runner/run-worker';
import { RunnerModule } from '../../src/runner/runner.module';
import { makeJob } from '../support/factories';
import { buildTestPrograms } from '../support/programs';
import { RunScene } from '../support/run-scene';
import type { ScriptStep } from '../support/scripted-engine';
import { waitFor } from '../support/wait';

let scene: RunScene;
let entry: string;
let scratch: string;
/** What the object store was asked, as `PUT /bucket/key`. */
let requests: string[] = [];
/** What the object store refuses now. */
let refused: (method: string, url: string) => boolean = () => false;
const workers: INestApplicationContext[] = [];

beforeAll(async () => {
  entry = path.join(await buildTestPrograms(), 'main.engine-child.js');
  scratch = await mkdtemp(path.join(os.tmpdir(), 'slipway-worker-test-'));
  jest.spyOn(os, 'tmpdir').mockReturnValue(scratch);
  scene = await RunScene.set({
    directory: path.join(scratch, 's3'),
    intercept: (request, response) => {
      requests.push(`${request.method} ${request.url}`);
      if (!refused(request.method ?? '', request.url ?? '')) return false;
      response.writeHead(503).end();
      return true;
    },
  });
}, 60_000);

afterEach(async () => {
  refused = () => false;
  requests = [];
  await Promise.all(workers.splice(0).map((worker) => worker.close()));
  await scene.db.query(`DELETE FROM pgboss.job`);
});

afterAll(async () => {
  await scene.clear();
  await rm(scratch, { recursive: true, force: true });
  jest.restoreAllMocks();
});

async function startWorker(settings: Record<string, string> = {}): Promise<INestApplicationContext> {
  const imports = [ConfigModule.forRoot(scene.config(settings)), MetricsModule, RunnerModule];
  const testing = await Test.createTestingModule({ imports }).overrideProvider(EngineProgram).useValue({ entry }).compile();
  // What goes wrong here goes wrong on purpose.
  Logger.overrideLogger(false);
  await testing.init();
  workers.push(testing);
  return testing;
}

const unfinishedUploads = (): string[] => readdirSync(path.join(scratch, 's3/buckets', scene.s3.bucket, 'uploads'));
const scratchFolders = (): string[] => readdirSync(scratch).filter((name) => name.startsWith('slipway-run-'));

describe('a worker', () => {
  it('turns the pinned inputs into an output set, with the parameters of the job and its year', async () => {
    const file = await scene.upload('INPUT_FILE', 'Scores (1).CSV', 'id\n1\n2\n');
    // An upload after the start does not matter.
    await scene.put(file.key, Buffer.from('replaced'));
    const worker = await startWorker();
    const run = await scene.addRun(
      [
        { do: 'copy', from: 'INPUT_FILE', to: 'scores.jsonl' },
        { do: 'writeParams', to: 'params.jsonl' },
      ],
      { files: [file], params: { SUBJECT: 'math' } },
    );
    const state = await scene.waitForEnd(run);
    const prefix = `outputs/${run.job.uid}/1/1/`;
    expect(state).toEqual({
      ...{ job: 'succeeded', run: 'succeeded', attempt: 1, error: null, outputSets: 1 },
      events: ['run.started', 'job.succeeded'],
      outputs: [
        { name: 'params.jsonl', key: `${prefix}params.jsonl`, records: 1 },
        { name: 'scores.jsonl', key: `${prefix}scores.jsonl`, records: 3 },
      ],
    });
    expect(await scene.read(`${prefix}scores.jsonl`)).toBe('id\n1\n2\n');
    expect(JSON.parse(await scene.read(`${prefix}params.jsonl`))).toEqual({ SUBJECT: 'math', API_YEAR: '2026' });
    await waitFor(() => scratchFolders().length === 0);
    const metrics = () => worker.get(Registry).metrics();
    await waitFor(async () =>
      /^slipway_run_duration_seconds_count\{bundle="[^"]+",outcome="succeeded"\} 1$/m.test(await metrics()),
    );
    expect(await metrics()).toMatch(/^slipway_run_rows_read_total\{bundle="[^"]+"\} \d+$/m);
  });

  it('shows in the job how far a run is, by file, and what the engine warned of', async () => {
    const file = await scene.upload('INPUT_FILE', 'a.csv', 'id\n1\n');
    await startWorker();
    const run = await scene.addRun(
      [
        { do: 'write', to: 'a.jsonl', text: '{}\n{}\n' },
        { do: 'warn', times: 1 },
        { do: 'wait', ms: 2_100 },
        { do: 'progress', rows: 50 },
        { do: 'wait', ms: 300 },
      ],
      { files: [file] },
    );
    const warning = {
      detail: 'the setting `colour` is not known',
      file: 'earthmover.yaml',
      line: 1,
      node: null,
      operation: null,
    };
    const progressOf = async () => (await scene.db.query(`SELECT progress FROM job WHERE id = $1`, [run.job.id]))[0].progress;
    expect(await waitFor(progressOf)).toEqual({
      ...{ stage: 'transforming', percent: 25, node: '$sources.students', rowsRead: 50, rowsWritten: 50 },
      files: { inputs: { INPUT_FILE: 50 }, outputs: { 'a.jsonl': 2 } },
      ...{ warnings: [warning], warningCount: 1 },
    });
    await scene.waitForEnd(run);
    expect(await progressOf()).toMatchObject({
      ...{ stage: 'done', percent: 100, node: null, rowsWritten: 2, warnings: [warning], warningCount: 1 },
      files: { outputs: { 'a.jsonl': 2 } },
    });
  });

  it('fails a run by its bundle or input at once, says why, and serves the next one', async () => {
    await startWorker();
    const bad = await scene.addRun([
      { do: 'fail', code: 'input_invalid', detail: 'a quote is not closed', file: 'INPUT_FILE', line: 7 },
    ]);
    const crashing = await scene.addRun([{ do: 'abort' }]);
    const good = await scene.addRun([{ do: 'write', to: 'a.jsonl', text: '{}\n' }]);
    expect(await scene.waitForEnd(bad)).toMatchObject({
      ...{ job: 'failed', run: 'failed', attempt: 1, outputSets: 0, events: ['run.started', 'job.failed'] },
      error: { code: 'input_invalid', file: 'INPUT_FILE', line: 7 },
    });
    expect(await scene.waitForEnd(crashing)).toMatchObject({ run: 'failed', attempt: 1, error: { code: 'engine_crashed' } });
    expect(await scene.waitForEnd(good)).toMatchObject({ run: 'succeeded', attempt: 1 });
    await waitFor(() => scratchFolders().length === 0);
  });

  it('shows of a run that fails soon how far it had come and what the engine warned of', async () => {
    await startWorker();
    const run = await scene.addRun([
      { do: 'warn', times: 1 },
      { do: 'progress', rows: 50 },
      { do: 'fail', code: 'input_invalid', detail: 'a quote is not closed', file: 'INPUT_FILE', line: 7 },
    ]);
    await scene.waitForEnd(run);
    const [{ progress }] = await scene.db.query(`SELECT progress FROM job WHERE id = $1`, [run.job.id]);
    expect(progress).toMatchObject({
      stage: 'transforming',
      percent: 25,
      node: '$sources.students',
      rowsRead: 50,
      warningCount: 1,
    });
  });

  it('stores outputs of any size as they are made, also of a run that reads and writes no row', async () => {
    await startWorker();
    const run = await scene.addRun([
      { do: 'writeChunks', to: 'large.jsonl', chunks: 3, end: 'end\n' },
      { do: 'write', to: 'empty.jsonl', text: '' },
    ]);
    const state = await scene.waitForEnd(run, 20_000);
    expect(state).toMatchObject({
      run: 'succeeded',
      outputs: [
        { name: 'empty.jsonl', records: 0 },
        { name: 'large.jsonl', records: 1 },
      ],
    });
    const prefix = `outputs/${run.job.uid}/1/1/`;
    expect(await scene.read(`${prefix}empty.jsonl`)).toBe('');
    const chunks = [0, 1, 2].map((chunk) => Buffer.alloc(FRAME_BYTES, chunk));
    expect(await scene.read(`${prefix}large.jsonl`)).toBe(Buffer.concat([...chunks, Buffer.from('end\n')]).toString());
    expect(requests.filter((url) => url.startsWith(`PUT /`) && url.includes('large.jsonl'))).toHaveLength(4);
    expect(await unfinishedUploads()).toEqual([]);
  }, 30_000);

  it.each<[string, ScriptStep, object]>([
    ['crashes', { do: 'abort' }, { error: { code: 'engine_crashed' } }],
    ['fails', { do: 'fail', code: 'input_invalid', detail: 'x' }, { error: { code: 'input_invalid' } }],
  ])(
    'leaves nothing in the store of a run whose engine %s between its outputs',
    async (_, step, end) => {
      await startWorker();
      const run = await scene.addRun([
        { do: 'write', to: 'whole.jsonl', text: '{}\n' },
        { do: 'writeChunks', to: 'half.jsonl', chunks: 2 },
        step,
      ]);
      expect(await scene.waitForEnd(run, 20_000)).toMatchObject({ run: 'failed', attempt: 1, outputSets: 0, ...end });
      expect(requests.some((url) => url.includes('half.jsonl'))).toBe(true);
      expect(await scene.listKeys(`outputs/${run.job.uid}/`)).toEqual([]);
      expect(await unfinishedUploads()).toEqual([]);
    },
    30_000,
  );

  it('tries a run again when the object store goes away in the middle of an output, and gives one set', async () => {
    refused = (method, url) => method === 'PUT' && url.includes('partNumber=2');
    await startWorker();
    const run = await scene.addRun([
      { do: 'write', to: 'small.jsonl', text: '{}\n' },
      { do: 'writeChunks', to: 'large.jsonl', chunks: 3, end: 'end\n' },
    ]);
    await scene.waitFor(run, ({ events }) => events.includes('run.retrying'));
    expect(await scene.listKeys(`outputs/${run.job.uid}/`)).toEqual([]);
    expect(await unfinishedUploads()).toEqual([]);
    refused = () => false;
    const end = await scene.waitForEnd(run, 20_000);
    expect(end).toMatchObject({ job: 'succeeded', run: 'succeeded', outputSets: 1, error: null });
    expect((await scene.listKeys(`outputs/${run.job.uid}/`)).sort()).toEqual(end.outputs.map(({ key }) => key).sort());
    expect(await unfinishedUploads()).toEqual([]);
  }, 30_000);

  it('says so when the stored bundle is gone', async () => {
    await startWorker();
    const run = await scene.addRun([], { bundleVersion: 'lost' });
    expect(await scene.waitForEnd(run)).toMatchObject({ run: 'failed', error: { code: 'bundle_unavailable' } });
  });

  it.each([
    ['inputs', (method: string, url: string) => method === 'GET' && url.includes('/inputs/')],
    ['outputs', (method: string, url: string) => method === 'PUT' && url.includes('/outputs/')],
  ])('tries a run again when the object store is away during its %s', async (_, matches) => {
    const file = await scene.upload('INPUT_FILE', 'a.csv', 'id\n1\n');
    refused = matches;
    await startWorker();
    const run = await scene.addRun([{ do: 'copy', from: 'INPUT_FILE', to: 'a.jsonl' }], { files: [file] });
    const state = await scene.waitFor(run, ({ events }) => events.includes('run.retrying'));
    expect(state).toMatchObject({ job: 'running', run: 'running', outputSets: 0 });
    refused = () => false;
    const end = await scene.waitForEnd(run);
    expect(end).toMatchObject({ job: 'succeeded', run: 'succeeded', outputSets: 1, error: null });
    expect(end.events.slice(0, 3)).toEqual(['run.started', 'run.retrying', 'run.taken_over']);
    expect(await scene.listKeys(`outputs/${run.job.uid}/`)).toEqual([end.outputs[0]?.key]);
  });

  it('tries a run again when its disk is full while the inputs are copied, and names that when it gives up', async () => {
    const file = await scene.upload('INPUT_FILE', 'a.csv', 'id\n1\n');
    const worker = await startWorker();
    const run = await scene.addRun([{ do: 'copy', from: 'INPUT_FILE', to: 'a.jsonl' }], { files: [file], announce: false });
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    const disk = jest.spyOn(fs, 'createWriteStream').mockImplementation(() => {
      const sink = new Writable({ write: (_chunk, _encoding, written) => written(full) });
      return sink as fs.WriteStream;
    });
    const order = { runUid: run.uid, signal: new AbortController().signal };
    try {
      const first = await worker.get(ExecuteRun).execute({ ...order, isLastAttempt: false });
      expect(first).toEqual({ kind: 'interrupted', interruption: 'worker_storage_full' });
      expect((await scene.stateOf(run)).events).toEqual(['run.started', 'run.retrying']);
      await worker.get(ExecuteRun).execute({ ...order, isLastAttempt: true });
    } finally {
      disk.mockRestore();
    }
    expect(await scene.stateOf(run)).toMatchObject({ run: 'failed', error: { code: 'worker_storage_full' }, outputSets: 0 });
    expect(scratchFolders()).toEqual([]);
  });

  it('gives a run up, with the reason, when the last attempt is interrupted', async () => {
    const worker = await startWorker();
    refused = (method) => method === 'PUT';
    const run = await scene.addRun([{ do: 'write', to: 'a.jsonl', text: '{}\n' }], { announce: false });
    const order = { runUid: run.uid, signal: new AbortController().signal, isLastAttempt: true };
    expect(await worker.get(ExecuteRun).execute(order)).toEqual({ kind: 'settled', outcome: 'failed' });
    const metrics = await worker.get(Registry).metrics();
    expect(metrics).toMatch(/^slipway_run_failures_total\{bundle="[^"]+",code="storage_unavailable"\} 1$/m);
    expect(await scene.stateOf(run)).toMatchObject({ run: 'failed', error: { code: 'storage_unavailable' }, outputSets: 0 });
  });

  it('gives a run up whose workers died again and again', async () => {
    const run = await scene.addRun([{ do: 'write', to: 'a.jsonl', text: '{}\n' }]);
    await scene.db.query(`UPDATE job SET status = 'running' WHERE id = $1`, [run.job.id]);
    await scene.db.query(`UPDATE run SET status = 'running', attempt = 5, started_at = now() WHERE id = $1`, [run.id]);
    await startWorker();
    expect(await scene.waitForEnd(run)).toMatchObject({ run: 'failed', error: { code: 'run_abandoned' } });
  });

  it('ends a run whose message is spent', async () => {
    const run = await scene.addRun([{ do: 'write', to: 'a.jsonl', text: '{}\n' }]);
    await scene.db.query(
      `UPDATE pgboss.job SET state = 'active', retry_count = retry_limit, started_on = now(), heartbeat_on = now() - interval '1 minute'
        WHERE singleton_key = $1`,
      [run.uid],
    );
    await startWorker();
    expect(await scene.waitForEnd(run, 15_000)).toMatchObject({ run: 'failed', error: { code: 'run_abandoned' } });
  }, 20_000);

  it('finds a run that has no message', async () => {
    const run = await scene.addRun([{ do: 'write', to: 'a.jsonl', text: '{}\n' }], { announce: false });
    await scene.db.query(`UPDATE run SET created_at = now() - interval '2 minutes' WHERE id = $1`, [run.id]);
    await startWorker();
    expect(await scene.waitForEnd(run)).toMatchObject({ run: 'succeeded', attempt: 1 });
  });

  it('removes what killed workers left on the disk, and nothing that may be in use', async () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const machine = os.hostname().replace(/[^A-Za-z0-9.]/g, '_');
    const names = {
      killed: `slipway-run-${machine}-${dead}-a`,
      running: `slipway-run-${machine}-${process.ppid}-b`,
      elsewhereOld: 'slipway-run-another.machine-1-c',
      elsewhereYoung: 'slipway-run-another.machine-1-d',
    };
    for (const name of Object.values(names)) await mkdir(path.join(scratch, name, 'inputs'), { recursive: true });
    const longAgo = Date.now() / 1000 - 30 * 3_600;
    await utimes(path.join(scratch, names.elsewhereOld), longAgo, longAgo);
    await startWorker();
    expect(scratchFolders().sort()).toEqual([names.elsewhereYoung, names.running].sort());
    for (const name of scratchFolders()) await rm(path.join(scratch, name), { recursive: true });
  });

  it('drops the message of a run that has ended', async () => {
    const run = await scene.addRun([{ do: 'write', to: 'a.jsonl', text: '{}\n' }]);
    await scene.db.query(`UPDATE job SET status = 'cancelled', finished_at = now() WHERE id = $1`, [run.job.id]);
    await scene.db.query(`UPDATE run SET status = 'cancelled', finished_at = now() WHERE id = $1`, [run.id]);
    const other = await scene.addRun([]);
    await startWorker({ WORKER_CONCURRENCY: '1' });
    await scene.waitForEnd(other);
    expect(await scene.stateOf(run)).toMatchObject({ run: 'cancelled', attempt: 0, events: [] });
  });

  it('finishes what runs when it stops', async () => {
    const worker = await startWorker();
    const run = await scene.addRun([
      { do: 'wait', ms: 700 },
      { do: 'write', to: 'a.jsonl', text: '{}\n' },
    ]);
    await scene.waitFor(run, (state) => state.run === 'running');
    await worker.close();
    expect(await scene.stateOf(run)).toMatchObject({ run: 'succeeded', attempt: 1 });
  });

  it('gives back what is not done in time when it stops, and another one does it', async () => {
    const worker = await startWorker();
    const run = await scene.addRun([
      { do: 'wait', ms: 3_000 },
      { do: 'write', to: 'a.jsonl', text: '{}\n' },
    ]);
    await scene.waitFor(run, (state) => state.run === 'running');
    await worker.get(RunWorker).stop(100);
    expect(await scene.stateOf(run)).toMatchObject({ run: 'running', events: ['run.started', 'run.retrying'] });
    expect(scratchFolders()).toEqual([]);
    await startWorker();
    const end = await scene.waitForEnd(run, 12_000);
    expect(end).toMatchObject({ run: 'succeeded', attempt: 2, outputSets: 1 });
    expect(end.outputs[0]?.key).toBe(`outputs/${run.job.uid}/1/2/a.jsonl`);
  }, 20_000);

  it('stops working on a run that was cancelled', async () => {
    await startWorker();
    const run = await scene.addRun([
      { do: 'tellPid', to: 'pid' },
      { do: 'progress', rows: 1 },
      { do: 'wait', ms: 60_000 },
    ]);
    await scene.waitFor(run, (state) => state.run === 'running');
    await scene.cancel(run);
    const other = await scene.addRun([{ do: 'write', to: 'a.jsonl', text: '{}\n' }]);
    await scene.waitForEnd(other);
    await waitFor(() => scratchFolders().length === 0, { deadlineMs: 8_000 });
    expect(await scene.stateOf(run)).toMatchObject({ job: 'cancelled', run: 'cancelled', outputSets: 0 });
  }, 20_000);

  it('leaves nothing of a run that was cancelled without its hearing of it', async () => {
    const worker = await startWorker();
    const run = await scene.addRun(
      [
        { do: 'write', to: 'a.jsonl', text: '{}\n' },
        { do: 'wait', ms: 700 },
      ],
      { announce: false },
    );
    const order = { runUid: run.uid, signal: new AbortController().signal, isLastAttempt: false };
    const executing = worker.get(ExecuteRun).execute(order);
    await scene.waitFor(run, (state) => state.run === 'running');
    await scene.cancel(run);
    const cancelled = await scene.stateOf(run);
    expect(await executing).toEqual({ kind: 'settled', outcome: 'superseded' });
    expect(await scene.stateOf(run)).toEqual(cancelled);
    expect(cancelled).toMatchObject({ job: 'cancelled', run: 'cancelled', events: ['run.started', 'job.cancelled'] });
    expect(await scene.listKeys(`outputs/${run.job.uid}/`)).toEqual([]);
  });

  it('sees to it that what was never started expires', async () => {
    const job = await makeJob(scene.db, { status: 'created' });
    await scene.db.query(`UPDATE job SET expires_at = now() - interval '1 second' WHERE id = $1`, [job.id]);
    await scene.put(`inputs/${job.uid}/INPUT_FILE`, Buffer.from('x'));
    // As if no worker had looked at the schedule in this minute.
    await scene.db.query(`UPDATE pgboss.version SET cron_on = NULL`);
    await startWorker();
    await waitFor(async () => (await scene.listKeys(`inputs/${job.uid}/`)).length === 0, { deadlineMs: 20_000 });
    expect(await scene.db.query(`SELECT status FROM job WHERE id = $1`, [job.id])).toEqual([{ status: 'expired' }]);
  }, 30_000);
});
