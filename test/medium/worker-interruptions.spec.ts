import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { mkdir, rm, utimes } from 'node:fs/promises';
import os from 'node:os';
import * as path from 'node:path';
import { Writable } from 'node:stream';
import { Registry } from 'prom-client';
import { ExecuteRun } from '../../src/runner/execute-run';
import { RunWorker } from '../../src/runner/run-worker';
import type { RunScene } from '../support/run-scene';
import { waitFor } from '../support/wait';
import { WorkerStage } from '../support/worker-stage';

let stage: WorkerStage;
let scene: RunScene;
beforeAll(async () => {
  stage = await WorkerStage.set();
  scene = stage.scene;
});
afterEach(() => stage.reset());
afterAll(() => stage.clear());

describe('a worker', () => {
  it('tries a run again when the object store goes away in the middle of an output, and gives one set', async () => {
    stage.store.refused = (method, url) => method === 'PUT' && url.includes('partNumber=2');
    await stage.startWorker();
    const run = await scene.addRun([
      { do: 'write', to: 'small.jsonl', text: '{}\n' },
      { do: 'writeChunks', to: 'large.jsonl', chunks: 3, end: 'end\n' },
    ]);
    await scene.waitFor(run, ({ events }) => events.includes('run.retrying'));
    await stage.untilNothingIsStoredOf(run);
    stage.store.refused = () => false;
    const end = await scene.waitForEnd(run);
    expect(end).toMatchObject({ job: 'succeeded', run: 'succeeded', outputSets: 1, error: null });
    expect((await scene.listKeys(`outputs/${run.job.uid}/`)).sort()).toEqual(end.outputs.map(({ key }) => key).sort());
    expect(stage.unfinishedUploads()).toEqual([]);
  });

  it.each([
    ['inputs', (method: string, url: string) => method === 'GET' && url.includes('/inputs/')],
    ['outputs', (method: string, url: string) => method === 'PUT' && url.includes('/outputs/')],
  ])('tries a run again when the object store is away during its %s', async (_, matches) => {
    const file = await scene.upload('INPUT_FILE', 'a.csv', 'id\n1\n');
    stage.store.refused = matches;
    await stage.startWorker();
    const run = await scene.addRun([{ do: 'copy', from: 'INPUT_FILE', to: 'a.jsonl' }], { files: [file] });
    const state = await scene.waitFor(run, ({ events }) => events.includes('run.retrying'));
    expect(state).toMatchObject({ job: 'running', run: 'running', outputSets: 0 });
    stage.store.refused = () => false;
    const end = await scene.waitForEnd(run);
    expect(end).toMatchObject({ job: 'succeeded', run: 'succeeded', outputSets: 1, error: null });
    expect(end.events.slice(0, 3)).toEqual(['run.started', 'run.retrying', 'run.taken_over']);
    expect(await scene.listKeys(`outputs/${run.job.uid}/`)).toEqual([end.outputs[0]?.key]);
  });

  it('tries a run again when its disk is full while the inputs are copied, and names that when it gives up', async () => {
    const file = await scene.upload('INPUT_FILE', 'a.csv', 'id\n1\n');
    const worker = await stage.startWorker();
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
    expect(stage.scratchFolders()).toEqual([]);
  });

  it('gives a run up, with the reason, when the last attempt is interrupted', async () => {
    const worker = await stage.startWorker();
    stage.store.refused = (method) => method === 'PUT';
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
    await stage.startWorker();
    expect(await scene.waitForEnd(run)).toMatchObject({ run: 'failed', error: { code: 'run_abandoned' } });
  });

  it('ends a run whose message is spent', async () => {
    const run = await scene.addRun([{ do: 'write', to: 'a.jsonl', text: '{}\n' }]);
    await scene.db.query(
      `UPDATE pgboss.job SET state = 'active', retry_count = retry_limit, started_on = now(), heartbeat_on = now() - interval '1 minute'
        WHERE singleton_key = $1`,
      [run.uid],
    );
    await stage.startWorker();
    expect(await scene.waitForEnd(run)).toMatchObject({ run: 'failed', error: { code: 'run_abandoned' } });
  });

  it('finds a run that has no message', async () => {
    const run = await scene.addRun([{ do: 'write', to: 'a.jsonl', text: '{}\n' }], { announce: false });
    await scene.db.query(`UPDATE run SET created_at = now() - interval '2 minutes' WHERE id = $1`, [run.id]);
    await stage.startWorker();
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
    for (const name of Object.values(names)) await mkdir(path.join(stage.scratch, name, 'inputs'), { recursive: true });
    const longAgo = Date.now() / 1000 - 30 * 3_600;
    await utimes(path.join(stage.scratch, names.elsewhereOld), longAgo, longAgo);
    await stage.startWorker();
    expect(stage.scratchFolders().sort()).toEqual([names.elsewhereYoung, names.running].sort());
    for (const name of stage.scratchFolders()) await rm(path.join(stage.scratch, name), { recursive: true });
  });

  it('drops the message of a run that has ended', async () => {
    const run = await scene.addRun([{ do: 'write', to: 'a.jsonl', text: '{}\n' }]);
    await scene.db.query(`UPDATE job SET status = 'cancelled', finished_at = now() WHERE id = $1`, [run.job.id]);
    await scene.db.query(`UPDATE run SET status = 'cancelled', finished_at = now() WHERE id = $1`, [run.id]);
    const other = await scene.addRun([]);
    await stage.startWorker({ WORKER_CONCURRENCY: '1' });
    await scene.waitForEnd(other);
    expect(await scene.stateOf(run)).toMatchObject({ run: 'cancelled', attempt: 0, events: [] });
  });

  it('finishes what runs when it stops', async () => {
    const worker = await stage.startWorker();
    const run = await scene.addRun([
      { do: 'wait', ms: 700 },
      { do: 'write', to: 'a.jsonl', text: '{}\n' },
    ]);
    await scene.waitFor(run, (state) => state.run === 'running');
    await worker.close();
    expect(await scene.stateOf(run)).toMatchObject({ run: 'succeeded', attempt: 1 });
  });

  it('gives back what is not done in time when it stops, and another one does it', async () => {
    const worker = await stage.startWorker();
    const run = await scene.addRun([
      { do: 'wait', ms: 3_000 },
      { do: 'write', to: 'a.jsonl', text: '{}\n' },
    ]);
    await scene.waitFor(run, (state) => state.run === 'running');
    await worker.get(RunWorker).stop(100);
    expect(await scene.stateOf(run)).toMatchObject({ run: 'running', events: ['run.started', 'run.retrying'] });
    expect(stage.scratchFolders()).toEqual([]);
    await stage.startWorker();
    const end = await scene.waitForEnd(run);
    expect(end).toMatchObject({ run: 'succeeded', attempt: 2, outputSets: 1 });
    expect(end.outputs[0]?.key).toBe(`outputs/${run.job.uid}/1/2/a.jsonl`);
  });

  it('stops working on a run that was cancelled', async () => {
    await stage.startWorker();
    const run = await scene.addRun([
      { do: 'tellPid', to: 'pid' },
      { do: 'progress', rows: 1 },
      { do: 'wait', ms: 60_000 },
    ]);
    await scene.waitFor(run, (state) => state.run === 'running');
    await scene.cancel(run);
    const other = await scene.addRun([{ do: 'write', to: 'a.jsonl', text: '{}\n' }]);
    await scene.waitForEnd(other);
    await waitFor(() => stage.scratchFolders().length === 0);
    expect(await scene.stateOf(run)).toMatchObject({ job: 'cancelled', run: 'cancelled', outputSets: 0 });
  });

  it('leaves nothing of a run that was cancelled without its hearing of it', async () => {
    const worker = await stage.startWorker();
    const run = await scene.addRun(
      [
        { do: 'write', to: 'a.jsonl', text: '{}\n' },
        // To be cancelled in.
        { do: 'wait', ms: 2_000 },
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
    await stage.untilNothingIsStoredOf(run);
  });
});
