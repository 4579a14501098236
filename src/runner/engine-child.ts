import { BundleError } from '../engine/errors';
import type { OpenOutputs } from '../engine/destinations/output-sink';
import type { BundleProgress, BundleResult } from '../engine/run';
import type { BundleWarning } from '../engine/warnings';
import type { RunCounts, RunWarning, SkippedRows } from '../jobs/run-report';
import { MAX_LISTED_FILES, MAX_LISTED_SKIPS, MAX_LISTED_WARNINGS, type EngineMessage, type EngineTask } from './engine-protocol';
import { lockDown } from './lock-down';
import { outputPipeSink } from './output-pipe';

/** What both a progress and the result of the engine tell. */
type EngineCounts = Pick<BundleProgress, 'rowsRead' | 'rowsWritten' | 'sources' | 'outputs' | 'warnings'>;
/** Which rows went no further is known when all are through. */
type EngineResult = EngineCounts & Pick<BundleResult, 'skipped'>;

/** The engine's `runBundle`, as far as its child needs it. */
export type RunBundle = (
  task: EngineTask & { readonly openOutputs: OpenOutputs; readonly onProgress: (progress: BundleProgress) => void },
) => Promise<EngineResult>;

type Progress = NonNullable<Extract<EngineMessage, { type: 'failed' }>['progress']>;

const PROGRESS_INTERVAL_MS = 500;
const MAX_TEXT = 1_000;
const MAX_NAME = 200;

/**
 * The life of the engine's child: takes one task from its parent, runs it, answers and ends. It ends as well when its parent
 * does. Limits of memory and time are the parent's business, which kills the child.
 */
export function serveEngine(runBundle: RunBundle): void {
  lockDown();
  process.on('disconnect', () => process.exit(1));
  process.once('message', (task: EngineTask) => {
    void execute(runBundle, task).then((answer) => send(answer, () => process.exit(0)));
  });
}

async function execute(runBundle: RunBundle, task: EngineTask): Promise<EngineMessage> {
  let progress: Progress | null = null;
  let reportedAt = performance.now();
  try {
    const result = await runBundle({
      ...task,
      openOutputs: (names) => {
        send({ type: 'outputs', names: [...names] });
        return Promise.resolve(names.map((_, index) => outputPipeSink(index)));
      },
      onProgress: (state) => {
        progress = progressOf(state, task);
        if (performance.now() - reportedAt < PROGRESS_INTERVAL_MS) return;
        reportedAt = performance.now();
        send({ type: 'progress', ...progress });
      },
    });
    return {
      type: 'succeeded',
      records: result.outputs.map(({ records }) => records),
      ...countsOf(result, task),
      skipped: skippedOf(result),
    };
  } catch (error) {
    return error instanceof BundleError ? failed(error, task, progress) : broken(error);
  }
}

const progressOf = (state: BundleProgress, task: EngineTask): Progress => ({
  node: state.node.slice(0, MAX_NAME),
  percent: percentOf(state),
  ...countsOf(state, task),
});

/** The counts as they are sent: without the bundle's own files, and of a bounded size. */
function countsOf({ rowsRead, rowsWritten, sources, outputs, warnings }: EngineCounts, { inputs }: EngineTask): RunCounts {
  const read = sources.filter(({ file }) => Object.hasOwn(inputs, file)).map(({ file, rows }) => [file, rows] as const);
  const written = outputs.map(({ name, records }) => [name.slice(0, MAX_NAME), records] as const);
  return {
    rowsRead,
    rowsWritten,
    files: {
      inputs: Object.fromEntries(read.slice(0, MAX_LISTED_FILES)),
      outputs: Object.fromEntries(written.slice(0, MAX_LISTED_FILES)),
    },
    warnings: warnings.slice(0, MAX_LISTED_WARNINGS).map(plain),
    warningCount: warnings.length,
  };
}

/** Those of the most rows, where there are too many; in the bundle's order. */
function skippedOf({ skipped }: EngineResult): SkippedRows[] {
  const largest = new Set([...skipped].sort((a, b) => b.rows - a.rows).slice(0, MAX_LISTED_SKIPS));
  return skipped
    .filter((each) => largest.has(each))
    .map(({ reason, rows, detail, node }) => ({
      reason,
      rows,
      detail: detail?.slice(0, MAX_TEXT) ?? null,
      node: node.slice(0, MAX_TEXT),
    }));
}

/** The beginning of a file may be read again to find its columns, and a file may grow: neither may lead past the end. */
const percentOf = ({ bytesRead, bytesTotal }: BundleProgress): number | null =>
  bytesTotal === 0 ? null : Math.min(100, Math.floor((100 * bytesRead) / bytesTotal));

function plain({ detail, file, line, node, operation }: BundleWarning): RunWarning {
  const short = (text: string | undefined): string | null => text?.slice(0, MAX_TEXT) ?? null;
  return {
    detail: detail.slice(0, MAX_TEXT),
    file: short(file),
    line: line ?? null,
    node: short(node),
    operation: short(operation),
  };
}

function failed(error: BundleError, { inputs }: EngineTask, progress: Progress | null): EngineMessage {
  // A partner has several files and reads the sentence first.
  const input = error.file !== undefined && Object.hasOwn(inputs, error.file) ? `${error.file}: ` : '';
  return {
    type: 'failed',
    code: error.code,
    detail: `${input}${describe(error)}`.slice(0, 4_000),
    file: error.file ?? null,
    line: error.line ?? null,
    progress,
  };
}

/** The sentence with what its file and line do not say: node, operation, row and column. */
function describe({ node, operation, row, column, detail }: BundleError): string {
  const place = [
    node,
    operation,
    row === undefined ? undefined : `row ${row}`,
    column === undefined ? undefined : `column \`${column}\``,
  ];
  const known = place.filter((part) => part !== undefined);
  return known.length === 0 ? detail : `${known.join(', ')}: ${detail}`;
}

/** Errors of the engine or the machine. Their message may quote a row, so it stays here. */
function broken(error: unknown): EngineMessage {
  const { code, stack, name } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  const frames = (stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    type: 'broken',
    errno: typeof code === 'string' ? code.slice(0, 40) : null,
    stack: [name ?? typeof error, ...frames].join('\n').slice(0, 8_000),
  };
}

function send(message: EngineMessage, done?: () => void): void {
  process.send?.(message, undefined, undefined, done);
}
