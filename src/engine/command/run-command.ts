import { mkdirSync, writeFileSync } from 'node:fs';
import { getHeapStatistics } from 'node:v8';
import { checkBundle } from '../check';
import { outputFiles } from '../destinations/output-files';
import { BundleError } from '../errors';
import type { RunProgress } from '../execution/plan-run';
import { holdableBytes } from '../held/held-memory';
import { runBundle, sampleNode, type BundleResult } from '../run';
import type { BundleCommand } from './options';
import { printOutputs, printProblem, printProfile, printProgress, printSample } from './print';

/** Where a command prints. */
export interface Terminal {
  /** Whether `overwrite` is seen by somebody. */
  readonly isTerminal: boolean;
  /** A line of a result. */
  out(line: string): void;
  /** A line of anything else. */
  error(line: string): void;
  /** Goes back to the start of the line first, and does not end it. */
  overwrite(text: string): void;
}

/** Runs what the command line asks for. @returns the exit code: 0, or 1 if the bundle or an input is wrong */
export async function runCommand(command: BundleCommand, terminal: Terminal): Promise<number> {
  const progress = new ProgressLine(command, terminal);
  try {
    switch (command.kind) {
      case 'check':
        return await check(command, terminal);
      case 'show':
        await show(command, terminal);
        return 0;
      case 'run':
        await run(command, terminal, progress);
        return 0;
    }
  } catch (error) {
    progress.clear();
    if (error instanceof BundleError) {
      terminal.error(printProblem(error, error.code));
      return 1;
    }
    throw error;
  }
}

async function run(command: BundleCommand, terminal: Terminal, progress: ProgressLine): Promise<void> {
  createDirectory(command.outputDirectory);
  const result = await runBundle({
    ...command.bundle,
    limits: { maxHeldBytes: holdableBytes(getHeapStatistics().heap_size_limit) },
    openOutputs: outputFiles(command.outputDirectory),
    selector: command.selector,
    profile: command.profile,
    onProgress: (state) => progress.show(state),
  });
  progress.clear();
  if (command.resultsFile !== undefined) {
    writeResults(command.resultsFile, result, progress.seconds);
  }
  result.warnings.forEach((warning) => terminal.error(printProblem(warning, 'warning')));
  terminal.out(printOutputs(result.outputs));
  if (command.profile) {
    terminal.out(`\n${printProfile(result.profile)}`);
  }
  terminal.out(`\n${result.rowsRead} rows read, ${result.rowsWritten} written in ${progress.seconds.toFixed(2)} s`);
}

async function show(command: BundleCommand, terminal: Terminal): Promise<void> {
  for (const node of command.show) {
    terminal.out(printSample(await sampleNode(command.bundle, node, command.showRows)));
  }
}

async function check(command: BundleCommand, terminal: Terminal): Promise<number> {
  const { problems, warnings } = await checkBundle(command.bundle);
  problems.forEach((problem) => terminal.out(printProblem(problem, problem.code)));
  warnings.forEach((warning) => terminal.out(printProblem(warning, 'warning')));
  const count = (list: readonly unknown[], what: string): string => `${list.length} ${what}${list.length === 1 ? '' : 's'}`;
  terminal.out(`${count(problems, 'problem')}, ${count(warnings, 'warning')}`);
  return problems.length === 0 ? 0 : 1;
}

/** What a run has done and what it took, as JSON. */
export interface RunResults extends Pick<BundleResult, 'outputs' | 'rowsRead' | 'rowsWritten' | 'profile' | 'warnings'> {
  readonly seconds: number;
  /** Of all threads, since the program's start. */
  readonly cpuSeconds: number;
  /** The most that was resident since the program's start. */
  readonly peakRssBytes: number;
}

function writeResults(file: string, result: BundleResult, seconds: number): void {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const results: RunResults = {
    rowsRead: result.rowsRead,
    rowsWritten: result.rowsWritten,
    outputs: result.outputs,
    profile: result.profile,
    warnings: result.warnings,
    seconds,
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    peakRssBytes: maxRSS * 1024,
  };
  try {
    writeFileSync(file, `${JSON.stringify(results, undefined, 2)}\n`);
  } catch (error) {
    throw new BundleError('file_unavailable', `the results cannot be written to \`${file}\``, {}, { cause: error });
  }
}

function createDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true });
  } catch (error) {
    throw new BundleError('file_unavailable', `the folder \`${directory}\` cannot be made`, {}, { cause: error });
  }
}

/** One line that is written over on a terminal, and a line a second elsewhere, if it is asked for. */
class ProgressLine {
  private readonly started = performance.now();
  private printedAt = this.started;
  private width = 0;

  constructor(
    private readonly command: BundleCommand,
    private readonly terminal: Terminal,
  ) {}

  get seconds(): number {
    return (performance.now() - this.started) / 1000;
  }

  show(progress: RunProgress): void {
    const line = `${printProgress(progress, this.seconds)} (${progress.node})`;
    if (this.terminal.isTerminal) {
      this.terminal.overwrite(line.padEnd(this.width));
      this.width = line.length;
    } else if (this.command.progress && performance.now() - this.printedAt >= 1_000) {
      this.terminal.error(line);
      this.printedAt = performance.now();
    }
  }

  clear(): void {
    if (this.width > 0) {
      this.terminal.overwrite(' '.repeat(this.width));
      this.terminal.overwrite('');
      this.width = 0;
    }
  }
}
