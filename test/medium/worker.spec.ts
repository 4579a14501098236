import { Registry } from 'prom-client';
import { FRAME_BYTES } from '../../src/runner/output-frames';
import { makeJob } from '../support/factories';
import type { RunScene } from '../support/run-scene';
import type { ScriptStep } from '../support/scripted-engine';
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
  it('turns the pinned inputs into an output set, with the parameters of the job and its year', async () => {
    const file = await scene.upload('INPUT_FILE', 'Scores (1).CSV', 'id\n1\n2\n');
    // An upload after the start does not matter.
    await scene.put(file.key, Buffer.from('replaced'));
    const worker = await stage.startWorker();
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
    await waitFor(() => stage.scratchFolders().length === 0);
    const metrics = () => worker.get(Registry).metrics();
    await waitFor(async () =>
      /^slipway_run_duration_seconds_count\{bundle="[^"]+",outcome="succeeded"\} 1$/m.test(await metrics()),
    );
    expect(await metrics()).toMatch(/^slipway_run_rows_read_total\{bundle="[^"]+"\} \d+$/m);
  });

  it('shows in the job how far a run is, by file, and what the engine warned of', async () => {
    const file = await scene.upload('INPUT_FILE', 'a.csv', 'id\n1\n');
    await stage.startWorker();
    const run = await scene.addRun(
      [
        { do: 'write', to: 'a.jsonl', text: '{}\n{}\n' },
        { do: 'warn', times: 1 },
        { do: 'wait', ms: 2_100 },
        { do: 'progress', rows: 50 },
        // To be looked at.
        { do: 'wait', ms: 2_000 },
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
    await stage.startWorker();
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
    await waitFor(() => stage.scratchFolders().length === 0);
  });

  it('says why where that has what cannot be stored: a NUL of the file, half a character of a cut', async () => {
    await stage.startWorker();
    const run = await scene.addRun([{ do: 'fail', code: 'column_missing', detail: 'column `a\0b` is missing \ud83d' }]);
    const { error, attempt } = await scene.waitForEnd(run);
    expect([attempt, error?.detail]).toEqual([1, '$sources.students: column `a\ufffdb` is missing \ufffd']);
  });

  it('shows of a run that fails soon how far it had come and what the engine warned of', async () => {
    await stage.startWorker();
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
    await stage.startWorker();
    const run = await scene.addRun([
      { do: 'writeChunks', to: 'large.jsonl', chunks: 3, end: 'end\n' },
      { do: 'write', to: 'empty.jsonl', text: '' },
    ]);
    const state = await scene.waitForEnd(run);
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
    expect(stage.store.requests.filter((url) => url.startsWith(`PUT /`) && url.includes('large.jsonl'))).toHaveLength(4);
    expect(stage.unfinishedUploads()).toEqual([]);
  });

  it.each<[string, ScriptStep, object]>([
    ['crashes', { do: 'abort' }, { error: { code: 'engine_crashed' } }],
    ['fails', { do: 'fail', code: 'input_invalid', detail: 'x' }, { error: { code: 'input_invalid' } }],
  ])('leaves nothing in the store of a run whose engine %s between its outputs', async (_, step, end) => {
    await stage.startWorker();
    const run = await scene.addRun([
      { do: 'write', to: 'whole.jsonl', text: '{}\n' },
      { do: 'writeChunks', to: 'half.jsonl', chunks: 2 },
      step,
    ]);
    expect(await scene.waitForEnd(run)).toMatchObject({ run: 'failed', attempt: 1, outputSets: 0, ...end });
    expect(stage.store.requests.some((url) => url.includes('half.jsonl'))).toBe(true);
    await stage.untilNothingIsStoredOf(run);
  });

  it('says so when the stored bundle is gone', async () => {
    await stage.startWorker();
    const run = await scene.addRun([], { bundleVersion: 'lost' });
    expect(await scene.waitForEnd(run)).toMatchObject({ run: 'failed', error: { code: 'bundle_unavailable' } });
  });

  it('sees to it that what was never started expires', async () => {
    const job = await makeJob(scene.db, { status: 'created' });
    await scene.db.query(`UPDATE job SET expires_at = now() - interval '1 second' WHERE id = $1`, [job.id]);
    await scene.put(`inputs/${job.uid}/INPUT_FILE`, Buffer.from('x'));
    // As if no worker had looked at the schedule in this minute.
    await scene.db.query(`UPDATE pgboss.version SET cron_on = NULL`);
    await stage.startWorker();
    await waitFor(async () => (await scene.listKeys(`inputs/${job.uid}/`)).length === 0);
    expect(await scene.db.query(`SELECT status FROM job WHERE id = $1`, [job.id])).toEqual([{ status: 'expired' }]);
  });
});
