import { execFileSync } from 'node:child_process';
import dns from 'node:dns';
import { appendFileSync, existsSync, readFileSync, readdirSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as http from 'node:http';
import * as net from 'node:net';
import * as path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { SkippedRows } from '../../src/engine/execution/plan-run';
import type { BundleProgress, BundleWarning, OpenOutputs, OutputSink } from '../../src/engine';
import { BundleError, type BundleErrorCode } from '../../src/engine/errors';
import { serveEngine } from '../../src/runner/engine-child';
import type { EngineTask } from '../../src/runner/engine-protocol';
import { encodeHeader, OUTPUT_FD } from '../../src/runner/output-frames';

/**
 * A stand-in for the engine: does what the parameter `SCRIPT` says, step by step. It lets a test make an engine slow, greedy,
 * broken or hostile at will. Everything around it, on both sides of the process boundary, is the real thing.
 */
export type ScriptStep =
  | { do: 'wait'; ms: number }
  /** Busy, without ever coming back to the event loop. */
  | { do: 'spin' }
  /** Says that so many of 200 bytes are read, and as many rows. */
  | { do: 'progress'; rows: number }
  | { do: 'warn'; times: number }
  /** Says that so many steps of the bundle let rows go: the first one row, the second two. */
  | { do: 'skip'; steps: number }
  /** Copies an input to an output. */
  | { do: 'copy'; from: string; to: string }
  | { do: 'write'; to: string; text: string }
  /** Writes the parameters that it got, as JSON. */
  | { do: 'writeParams'; to: string }
  /** Names an output, of which nothing comes. */
  | { do: 'announce'; name: string }
  /** Writes so many full chunks to an output, each filled with its number, and the end if that is given. */
  | { do: 'writeChunks'; to: string; chunks: number; end?: string }
  /** Sends the header of a frame. */
  | { do: 'frame'; index: number; length: number }
  /** Sends the header of a frame without having named any output, and ends as if all were well. */
  | { do: 'frameUnnamed' }
  | { do: 'fail'; code: BundleErrorCode; detail: string; file?: string; line?: number }
  | { do: 'throw'; code: string }
  | { do: 'exit'; status: number }
  | { do: 'abort' }
  | { do: 'tellPid'; to: string }
  | { do: 'fillHeap' }
  | { do: 'fillBuffers' }
  | { do: 'say'; message: unknown }
  /** Writes what a hostile bundle could find out or reach to an output, as JSON. */
  | { do: 'probe'; to: string; outside: string; port: number };

interface Result {
  outputs: { name: string; records: number }[];
  rowsRead: number;
  rowsWritten: number;
  sources: { file: string; rows: number }[];
  skipped: SkippedRows[];
  warnings: BundleWarning[];
}

type Task = EngineTask & { readonly openOutputs: OpenOutputs; readonly onProgress: (progress: BundleProgress) => void };

serveEngine(async (task) => {
  const steps = JSON.parse(task.params.SCRIPT ?? '[]') as ScriptStep[];
  const names = [...new Set(steps.flatMap((step) => ('to' in step ? [step.to] : step.do === 'announce' ? [step.name] : [])))];
  const isUnnamed = steps.some((step) => step.do === 'frameUnnamed');
  const sinks = isUnnamed ? [] : await task.openOutputs(names);
  const sinkOf = (name: string): OutputSink => sinks[names.indexOf(name)] as OutputSink;
  const outputs = names.map((name) => ({ name, records: 0 }));
  const result: Result = { outputs, rowsRead: 0, rowsWritten: 0, sources: [], skipped: [], warnings: [] };
  for (const step of steps) await perform(step, task, result, sinkOf);
  return result;
});

async function perform(step: ScriptStep, task: Task, result: Result, sinkOf: (name: string) => OutputSink): Promise<void> {
  const output = (name: string, text: string): Promise<void> => {
    const records = text.split('\n').length - 1;
    for (const each of result.outputs) if (each.name === name) each.records = records;
    result.rowsWritten += records;
    return sinkOf(name).end(Buffer.from(text));
  };
  switch (step.do) {
    case 'wait':
      return delay(step.ms);
    case 'spin':
      for (;;) if (Math.random() > 1) return;
    case 'progress':
      return task.onProgress({
        ...result,
        ...{ node: '$sources.students', rowsRead: step.rows, rowsWritten: step.rows, bytesRead: step.rows, bytesTotal: 200 },
        sources: [
          { file: 'INPUT_FILE', rows: step.rows },
          { file: 'seeds/terms.csv', rows: 3 },
        ],
      });
    case 'warn':
      for (let line = 1; line <= step.times; line++) {
        result.warnings.push({ detail: 'the setting `colour` is not known', file: 'earthmover.yaml', line });
      }
      return;
    case 'skip':
      for (let rows = 1; rows <= step.steps; rows++) {
        result.skipped.push({ node: '$transformations.students', reason: 'repeated', detail: undefined, rows });
      }
      return;
    case 'copy': {
      const input = task.inputs[step.from];
      if (input === undefined) throw new BundleError('file_unavailable', 'there is no such input', { file: step.from });
      return output(step.to, readFileSync(input, 'utf8'));
    }
    case 'write':
      return output(step.to, step.text);
    case 'writeParams': {
      const { SCRIPT: _script, ...params } = task.params;
      return output(step.to, `${JSON.stringify(params)}\n`);
    }
    case 'announce':
      return;
    case 'writeChunks': {
      const sink = sinkOf(step.to);
      for (let chunk = 0; chunk < step.chunks; chunk++) await sink.write(Buffer.alloc(sink.chunkBytes, chunk));
      return step.end === undefined ? undefined : output(step.to, step.end);
    }
    case 'frame':
      writeSync(OUTPUT_FD, encodeHeader(step));
      return delay(60_000);
    case 'frameUnnamed':
      writeSync(OUTPUT_FD, encodeHeader({ index: 0, length: 1 }));
      return;
    case 'fail':
      throw new BundleError(step.code, step.detail, { file: step.file, line: step.line, node: '$sources.students' });
    case 'throw':
      throw Object.assign(new Error('a row: Jane Doe'), { code: step.code });
    case 'exit':
      return process.exit(step.status);
    case 'abort':
      return process.abort();
    case 'tellPid':
      return output(step.to, `${process.pid}\n`);
    case 'fillHeap': {
      const held: string[][] = [];
      for (;;) held.push(Array.from({ length: 10_000 }, (_, index) => `${held.length} ${index}`));
    }
    case 'fillBuffers': {
      const held: Buffer[] = [];
      for (;;) {
        held.push(Buffer.alloc(16 * 1024 ** 2, 1));
        await delay(20);
      }
    }
    case 'say':
      process.send?.(step.message);
      return delay(60_000);
    case 'probe':
      return output(step.to, `${JSON.stringify(await probe(task, step))}\n`);
  }
}

async function probe(task: EngineTask, { outside, port }: { outside: string; port: number }): Promise<Record<string, string>> {
  const attempts: Record<string, () => unknown> = {
    environment: () => Object.keys(process.env).sort().join(),
    bundle: () => readdirSync(task.directory).length > 0 || existsSync(task.directory),
    readOutside: () => readFileSync(outside, 'utf8'),
    writeOutside: () => appendFileSync(outside, 'x'),
    writeBundle: () => writeFileSync(path.join(task.directory, 'x'), 'x'),
    writeInput: () => Object.values(task.inputs).forEach((input) => writeFileSync(input, 'x')),
    writeElsewhere: () => writeFileSync(path.join(tmpdir(), `slipway-${process.pid}`), 'x'),
    link: () => symlinkSync(outside, path.join(task.directory, 'link')),
    process: () => execFileSync('/bin/true'),
    thread: () => new Worker('', { eval: true }),
    killParent: () => process.kill(process.ppid, 0),
    connect: () => new Promise((resolve, reject) => net.connect(port, '127.0.0.1').on('connect', resolve).on('error', reject)),
    http: () => new Promise((resolve, reject) => http.get(`http://127.0.0.1:${port}/`, resolve).on('error', reject)),
    fetch: () => fetch(`http://127.0.0.1:${port}/`),
    listen: () =>
      new Promise((resolve, reject) =>
        net
          .createServer()
          .listen(0, () => resolve(1))
          .on('error', reject),
      ),
    lookup: () => dns.promises.lookup('localhost'),
    resolve: () => new dns.promises.Resolver().resolve4('localhost'),
  };
  const found: Record<string, string> = {};
  for (const [name, attempt] of Object.entries(attempts)) {
    try {
      found[name] = `allowed: ${String(await attempt())}`;
    } catch {
      found[name] = 'refused';
    }
  }
  return found;
}
