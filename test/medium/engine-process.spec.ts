import { execFile, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import * as path from 'node:path';
import { outputFiles, runBundle } from '../../src/engine';
import type { RunCounts } from '../../src/jobs/run-report';
import { EngineProcess, type EngineProgress } from '../../src/runner/engine-process';
import { FRAME_BYTES } from '../../src/runner/output-frames';
import { ENGINE_LIMITS, EngineStage } from '../support/engine-stage';
import type { ScriptStep } from '../support/scripted-engine';
import { waitFor } from '../support/wait';

/** An answer of the child that is believed. */
const SUCCEEDED = {
  ...{ type: 'succeeded', records: [], rowsRead: 0, rowsWritten: 0, warnings: [], warningCount: 0 },
  files: { inputs: {}, outputs: {} },
};

let stage: EngineStage;
const run: EngineStage['run'] = (...given) => stage.run(...given);

beforeAll(async () => void (stage = await EngineStage.open()));
afterAll(() => stage.close());

describe("the engine's process", () => {
  it('gives back what the engine made, and its progress on the way', async () => {
    const seen: EngineProgress[] = [];
    const transformed: RunCounts[] = [];
    const place = { file: 'earthmover.yaml', node: null, operation: null };
    const warnings = Array.from({ length: 20 }, (_, index) => ({
      ...{ detail: 'the setting `colour` is not known', line: index + 1 },
      ...place,
    }));
    const outcome = await run(
      [
        { do: 'wait', ms: 600 },
        { do: 'warn', times: 21 },
        { do: 'skip', steps: 51 },
        { do: 'progress', rows: 7 },
        { do: 'copy', from: 'INPUT_FILE', to: 'a.jsonl' },
      ],
      {
        onProgress: (progress) => seen.push(progress),
        onTransformed: (counts) => transformed.push(counts),
      },
    );
    const counts = {
      ...{ rowsRead: 0, rowsWritten: 3, files: { inputs: {}, outputs: { 'a.jsonl': 3 } } },
      ...{ warnings, warningCount: 21 },
      // The fewest rows are left out where there are too many steps.
      skipped: Array.from({ length: 50 }, (_, index) => ({
        ...{ node: '$transformations.students', reason: 'repeated', detail: null },
        rows: index + 2,
      })),
    };
    expect(outcome).toEqual({ kind: 'succeeded', outputs: [{ name: 'a.jsonl', records: 3 }], counts });
    expect(transformed).toEqual([counts]);
    expect(seen).toEqual([
      {
        ...{ node: '$sources.students', percent: 3, rowsRead: 7, rowsWritten: 7, warnings, warningCount: 21 },
        files: { inputs: { INPUT_FILE: 7 }, outputs: { 'a.jsonl': 0 } },
      },
    ]);
    expect(stage.outputs.text('a.jsonl')).toBe('id\n1\n2\n');
  });

  it('says what is wrong with a bundle or an input, with its place', async () => {
    const outcome = await run([
      { do: 'fail', code: 'column_missing', detail: 'there is no column `id`', file: 'INPUT_FILE', line: 1 },
    ]);
    expect(outcome).toEqual({
      kind: 'failed',
      error: {
        ...{
          code: 'column_missing',
          title: 'A column is missing',
          detail: 'INPUT_FILE: $sources.students: there is no column `id`',
        },
        ...{ file: 'INPUT_FILE', line: 1 },
      },
      progress: null,
    });
  });

  it('says with a failure how far it had come and what it warned of, however soon it is', async () => {
    const fail = { do: 'fail', code: 'input_invalid', detail: 'a quote is not closed' } as const;
    const outcome = await run([{ do: 'warn', times: 1 }, { do: 'progress', rows: 9 }, fail]);
    expect(outcome).toMatchObject({
      kind: 'failed',
      progress: { node: '$sources.students', percent: 4, rowsRead: 9, warningCount: 1, warnings: [{ line: 1 }] },
    });
  });

  it('says also when it was killed how far it had come, as far as that is known', async () => {
    const script: ScriptStep[] = [
      { do: 'wait', ms: 600 },
      { do: 'progress', rows: 9 },
      { do: 'wait', ms: 100 },
      { do: 'fillHeap' },
    ];
    const outcome = await run(script, { limits: { runMemoryMb: 64 } });
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'run_out_of_memory' }, progress: { rowsRead: 9 } });
  });

  it('lets the code in it read nothing but the bundle and its inputs, and write nothing but its outputs', async () => {
    const server: Server = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const outside = path.join(stage.root, 'secret');
    const outcome = await run([{ do: 'probe', to: 'found.json', outside, port }]);
    await new Promise((resolve) => server.close(resolve));
    expect(outcome.kind).toBe('succeeded');

    const { environment, bundle, ...rest } = JSON.parse(stage.outputs.text('found.json') ?? '');
    expect({ environment, bundle }).toEqual({ environment: 'allowed: TZ', bundle: 'allowed: true' });
    expect(rest).toEqual(Object.fromEntries(Object.keys(rest).map((name) => [name, 'refused'])));
    expect(Object.keys(rest)).toHaveLength(15);
    expect(await readFile(outside, 'utf8')).toBe('secret');
  });

  it('is killed when it takes too long, even if it never comes back to the event loop', async () => {
    const outcome = await run([{ do: 'spin' }], { limits: { runTimeoutSeconds: 1 } });
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'run_timed_out' } });
  });

  it('ends when its heap is full', async () => {
    const outcome = await run([{ do: 'fillHeap' }], { limits: { runMemoryMb: 64 } });
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'run_out_of_memory' } });
  });

  // Elsewhere only V8's own limit holds (see engine-memory.ts).
  (process.platform === 'linux' ? it : it.skip)('is killed when it holds too much outside of its heap', async () => {
    const outcome = await run([{ do: 'fillBuffers' }], { limits: { runMemoryMb: 64 } });
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'run_out_of_memory' } });
  });

  it('ends at once when the caller lets it go', async () => {
    const abort = new AbortController();
    const running = run([{ do: 'wait', ms: 30_000 }], { signal: abort.signal });
    setTimeout(() => abort.abort(), 100);
    expect(await running).toEqual({ kind: 'aborted' });
    expect(await run([], { signal: AbortSignal.abort() })).toEqual({ kind: 'aborted' });
  });

  it('counts as interrupted when somebody else kills it, or the disk is full', async () => {
    const running = run([
      { do: 'tellPid', to: 'pid' },
      { do: 'wait', ms: 20_000 },
    ]);
    const pid = await waitFor(() => Number(stage.outputs.text('pid')));
    process.kill(pid, 'SIGKILL');
    expect(await running).toEqual({ kind: 'interrupted', interruption: 'engine_killed' });
    expect(await run([{ do: 'throw', code: 'ENOSPC' }])).toEqual({ kind: 'interrupted', interruption: 'worker_storage_full' });
  });

  it('is a fault of ours when it crashes, of which nothing internal is told', async () => {
    const crash = { kind: 'failed', error: { code: 'engine_crashed', title: 'The engine failed', file: null, line: null } };
    for (const step of [{ do: 'exit', status: 3 }, { do: 'throw', code: 'ERR_X' }, { do: 'abort' }] as const) {
      const outcome = await run([step]);
      expect(outcome).toMatchObject(crash);
      expect(JSON.stringify(outcome)).not.toMatch(/Jane|ERR_X|\/|SIG/);
    }
  });

  it('is not believed when it says what it must not', async () => {
    for (const message of [
      { type: 'outputs', names: ['a'] },
      { ...SUCCEEDED, records: [-1] },
      { ...SUCCEEDED, warnings: [{ detail: 'x'.repeat(100_000), file: null, line: null, node: null, operation: null }] },
      { ...SUCCEEDED, type: 'progress', node: 'x', percent: 101 },
      { type: 'failed', code: 'x', detail: 'y'.repeat(100_000), file: null, line: null, progress: null },
      'hello',
    ]) {
      expect(await run([{ do: 'say', message }])).toMatchObject({ kind: 'failed', error: { code: 'engine_crashed' } });
    }
  });

  it.each([['../../secret'], ['a/b'], ['..'], [''], ['a\nb'], ['a\ud83d']])(
    'is not believed when it names an output %j',
    async (name) => {
      expect(await run([{ do: 'announce', name }])).toMatchObject({ kind: 'failed', error: { code: 'engine_crashed' } });
      expect(stage.outputs.names).toEqual([]);
    },
  );

  it.each<[string, ScriptStep[]]>([
    ['an output that it has not named', [{ do: 'frame', index: 1, length: 1 }]],
    ['too long a frame', [{ do: 'frame', index: 0, length: FRAME_BYTES + 1 }]],
    ['the longest frame there could be', [{ do: 'frame', index: 0, length: 0xffffffff }]],
    [
      'more of an output that was whole',
      [
        { do: 'write', to: 'a.jsonl', text: '{}' },
        { do: 'frame', index: 0, length: 1 },
      ],
    ],
  ])('is ended when it sends %s', async (_, script) => {
    const outcome = await run([{ do: 'announce', name: 'a.jsonl' }, ...script]);
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'engine_crashed' } });
  });

  it('is not waited for when it has ended and never named what it sent', async () => {
    expect(await run([{ do: 'frameUnnamed' }])).toMatchObject({ kind: 'failed', error: { code: 'engine_crashed' } });
  });

  it('has not succeeded when an output did not come to its end', async () => {
    for (const script of [
      [{ do: 'announce', name: 'a.jsonl' }],
      [{ do: 'writeChunks', to: 'a.jsonl', chunks: 1 }],
    ] satisfies ScriptStep[][]) {
      expect(await run(script)).toMatchObject({ kind: 'failed', error: { code: 'engine_crashed' } });
      expect(stage.outputs.bytes.size).toBe(0);
    }
  });

  it('ends when its parent is killed, even if it never comes back to the event loop', async () => {
    const program = path.join(__dirname, '../support/engine-parent.ts');
    const register = path.join(__dirname, '../support/typescript-register.js');
    const parent: ChildProcess = execFile(process.execPath, ['-r', register, program, stage.entry, stage.root]);
    let text = '';
    parent.stdout?.on('data', (chunk: string) => (text += chunk));
    try {
      const pid = await waitFor(() => Number(/^child (\d+)$/m.exec(text)?.[1] ?? 0));
      expect(isAlive(pid)).toBe(true);
      parent.kill('SIGKILL');
      await waitFor(() => !isAlive(pid));
    } finally {
      parent.kill('SIGKILL');
    }
  });
});

describe('the engine itself', () => {
  it('runs a bundle within its walls to the same bytes as without', async () => {
    const directory = path.join(__dirname, '../../bundles/assessments/Harbor_Reading');
    const inputs = {
      INPUT_FILE: path.join(directory, 'data/sample_results.csv'),
      ROSTER_FILE: path.join(directory, 'data/sample_roster.csv'),
    };
    const task = { directory, params: { API_YEAR: '2026' }, inputs, limits: { maxLineBytes: 1024 ** 2 } };
    const engine = new EngineProcess(
      { entry: path.join(stage.programs, 'shipped/main.engine-child.js') },
      { ...ENGINE_LIMITS, runMemoryMb: 512 },
    );
    const outcome = await engine.run(task, stage.optionsFor([directory]));
    const free = await mkdtemp(path.join(stage.root, 'outputs-'));
    const expected = await runBundle({ ...task, openOutputs: outputFiles(free) });
    expect(outcome).toMatchObject({
      kind: 'succeeded',
      outputs: expected.outputs.map(({ name, records }) => ({ name, records })),
      counts: {
        ...{ rowsRead: expected.rowsRead, rowsWritten: expected.rowsWritten },
        files: {
          inputs: { INPUT_FILE: expect.any(Number), ROSTER_FILE: expect.any(Number) },
          outputs: Object.fromEntries(expected.outputs.map(({ name, records }) => [name, records])),
        },
      },
    });
    expect(expected.outputs.length).toBeGreaterThan(0);
    for (const { name } of expected.outputs) expect(stage.outputs.text(name)).toBe(await readFile(path.join(free, name), 'utf8'));
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
