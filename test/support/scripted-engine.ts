import { execFileSync } from 'node:child_process';
import dns from 'node:dns';
import { appendFileSync, existsSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import * as http from 'node:http';
import * as net from 'node:net';
import * as path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { BundleProgress, BundleWarning } from '../../src/engine';
import { BundleError, type BundleErrorCode } from '../../src/engine/errors';
import { serveEngine } from '../../src/runner/engine-child';
import type { EngineTask } from '../../src/runner/engine-protocol';

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
  /** Copies an input to an output. */
  | { do: 'copy'; from: string; to: string }
  | { do: 'write'; to: string; text: string }
  /** Writes the parameters that it got, as JSON. */
  | { do: 'writeParams'; to: string }
  | { do: 'announce'; name: string }
  | { do: 'fail'; code: BundleErrorCode; detail: string; file?: string; line?: number }
  | { do: 'throw'; code: string }
  | { do: 'exit'; status: number }
  | { do: 'abort' }
  /** Writes its process id to a file that is no output. */
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
  warnings: BundleWarning[];
}

serveEngine(async (task) => {
  const result: Result = { outputs: [], rowsRead: 0, rowsWritten: 0, sources: [], warnings: [] };
  const steps = JSON.parse(task.params.SCRIPT ?? '[]') as ScriptStep[];
  for (const step of steps) await perform(step, task, result);
  return result;
});

async function perform(
  step: ScriptStep,
  task: EngineTask & { onProgress: (progress: BundleProgress) => void },
  result: Result,
): Promise<void> {
  const output = (name: string, text: string): void => {
    writeFileSync(path.join(task.outputDirectory, name), text);
    const records = text.split('\n').length - 1;
    result.outputs.push({ name, records });
    result.rowsWritten += records;
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
      result.outputs.push({ name: step.name, records: 0 });
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
      return writeFileSync(path.join(task.outputDirectory, step.to), `${process.pid}\n`);
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
    link: () => symlinkSync(outside, path.join(task.outputDirectory, 'link')),
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
