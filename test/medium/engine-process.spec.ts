import { Logger } from '@nestjs/common';
import { execFile, type ChildProcess } from 'node:child_process';
import { mkdtemp, mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { runBundle } from '../../src/engine';
import { EngineProcess, type EngineOutcome, type EngineProgress } from '../../src/runner/engine-process';
import { buildTestPrograms } from '../support/programs';
import type { ScriptStep } from '../support/scripted-engine';
import { waitFor } from '../support/wait';

const LIMITS = { concurrency: 1, runTimeoutSeconds: 30, runMemoryMb: 128, maxLineBytes: 1024 };

/** An answer of the child that is believed. */
const SUCCEEDED = {
  ...{ type: 'succeeded', outputs: [], rowsRead: 0, rowsWritten: 0, warnings: [], warningCount: 0 },
  files: { inputs: {}, outputs: {} },
};

let root: string;
let programs: string;
let entry: string;
let outputs: string;

beforeAll(async () => {
  // Its errors are what is tested.
  Logger.overrideLogger(false);
  root = await realpath(await mkdtemp(path.join(tmpdir(), 'slipway-engine-test-')));
  for (const name of ['bundle', 'inputs']) await mkdir(path.join(root, name));
  await writeFile(path.join(root, 'inputs/INPUT_FILE.csv'), 'id\n1\n2\n');
  await writeFile(path.join(root, 'secret'), 'secret');
  programs = await buildTestPrograms();
  entry = path.join(programs, 'main.engine-child.js');
}, 60_000);

beforeEach(async () => {
  outputs = await mkdtemp(path.join(root, 'outputs-'));
});

afterAll(() => rm(root, { recursive: true, force: true }));

function run(
  script: ScriptStep[],
  { limits = {}, signal = new AbortController().signal, onProgress = () => undefined }: Partial<RunOptions> = {},
): Promise<EngineOutcome> {
  const engine = new EngineProcess({ entry }, { ...LIMITS, ...limits });
  const task = {
    directory: path.join(root, 'bundle'),
    params: { SCRIPT: JSON.stringify(script) },
    inputs: { INPUT_FILE: path.join(root, 'inputs/INPUT_FILE.csv') },
    outputDirectory: outputs,
    limits: { maxLineBytes: 1024 },
  };
  return engine.run(task, { signal, onProgress, readable: [path.join(root, 'bundle'), path.join(root, 'inputs')] });
}

interface RunOptions {
  limits: Partial<typeof LIMITS>;
  signal: AbortSignal;
  onProgress: (progress: EngineProgress) => void;
}

describe("the engine's process", () => {
  it('gives back what the engine made, and its progress on the way', async () => {
    const seen: EngineProgress[] = [];
    const place = { file: 'earthmover.yaml', node: null, operation: null };
    const warnings = Array.from({ length: 20 }, (_, index) => ({
      ...{ detail: 'the setting `colour` is not known', line: index + 1 },
      ...place,
    }));
    const outcome = await run(
      [
        { do: 'wait', ms: 600 },
        { do: 'warn', times: 21 },
        { do: 'progress', rows: 7 },
        { do: 'copy', from: 'INPUT_FILE', to: 'a.jsonl' },
      ],
      {
        onProgress: (progress) => seen.push(progress),
      },
    );
    expect(outcome).toEqual({
      kind: 'succeeded',
      outputs: [{ name: 'a.jsonl', records: 3 }],
      rowsRead: 0,
      rowsWritten: 3,
      files: { inputs: {}, outputs: { 'a.jsonl': 3 } },
      ...{ warnings, warningCount: 21 },
    });
    expect(seen).toEqual([
      {
        ...{ node: '$sources.students', percent: 3, rowsRead: 7, rowsWritten: 7, warnings, warningCount: 21 },
        files: { inputs: { INPUT_FILE: 7 }, outputs: {} },
      },
    ]);
    expect(await readFile(path.join(outputs, 'a.jsonl'), 'utf8')).toBe('id\n1\n2\n');
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
    });
  });

  it('lets the code in it reach nothing but the bundle, its inputs and its outputs', async () => {
    const server: Server = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const outside = path.join(root, 'secret');
    const outcome = await run([{ do: 'probe', to: 'found.json', outside, port }]);
    await new Promise((resolve) => server.close(resolve));
    expect(outcome.kind).toBe('succeeded');

    const { environment, bundle, ...rest } = JSON.parse(await readFile(path.join(outputs, 'found.json'), 'utf8'));
    expect({ environment, bundle }).toEqual({ environment: 'allowed: TZ', bundle: 'allowed: true' });
    expect(rest).toEqual(Object.fromEntries(Object.keys(rest).map((name) => [name, 'refused'])));
    expect(Object.keys(rest)).toHaveLength(14);
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
    const pid = await waitFor(async () => Number(await readFile(path.join(outputs, 'pid'), 'utf8')));
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
      { ...SUCCEEDED, outputs: [{ name: '../../secret', records: 1 }] },
      { ...SUCCEEDED, outputs: [{ name: 'a', records: -1 }] },
      { ...SUCCEEDED, warnings: [{ detail: 'x'.repeat(100_000), file: null, line: null, node: null, operation: null }] },
      { ...SUCCEEDED, type: 'progress', node: 'x', percent: 101 },
      { type: 'failed', code: 'x', detail: 'y'.repeat(100_000), file: null, line: null },
      'hello',
    ]) {
      expect(await run([{ do: 'say', message }])).toMatchObject({ kind: 'failed', error: { code: 'engine_crashed' } });
    }
  });

  it('ends when its parent is killed, even if it never comes back to the event loop', async () => {
    const program = path.join(__dirname, '../support/engine-parent.ts');
    const register = path.join(__dirname, '../support/typescript-register.js');
    const parent: ChildProcess = execFile(process.execPath, ['-r', register, program, entry, root]);
    let text = '';
    parent.stdout?.on('data', (chunk: string) => (text += chunk));
    try {
      const pid = await waitFor(() => Number(/^child (\d+)$/m.exec(text)?.[1] ?? 0), { deadlineMs: 20_000 });
      expect(isAlive(pid)).toBe(true);
      parent.kill('SIGKILL');
      await waitFor(() => !isAlive(pid));
    } finally {
      parent.kill('SIGKILL');
    }
  }, 30_000);
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
      { entry: path.join(programs, 'shipped/main.engine-child.js') },
      { ...LIMITS, runMemoryMb: 512 },
    );
    const outcome = await engine.run(
      { ...task, outputDirectory: outputs },
      { signal: new AbortController().signal, onProgress: () => undefined, readable: [directory] },
    );
    const free = await mkdtemp(path.join(root, 'outputs-'));
    const expected = await runBundle({ ...task, outputDirectory: free });
    expect(outcome).toMatchObject({ kind: 'succeeded', rowsRead: expected.rowsRead, rowsWritten: expected.rowsWritten });
    expect(outcome).toMatchObject({
      files: {
        inputs: { INPUT_FILE: expect.any(Number), ROSTER_FILE: expect.any(Number) },
        outputs: Object.fromEntries(expected.outputs.map(({ name, records }) => [name, records])),
      },
    });
    expect(expected.outputs.length).toBeGreaterThan(0);
    for (const { name } of expected.outputs)
      expect(await readFile(path.join(outputs, name), 'utf8')).toBe(await readFile(path.join(free, name), 'utf8'));
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
