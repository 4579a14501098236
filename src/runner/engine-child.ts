import { BundleError } from '../engine/errors';
import type { EngineMessage, EngineTask } from './engine-protocol';
import { lockDown } from './lock-down';

/** The engine's `runBundle`, as far as its child needs it. */
export type RunBundle = (
  task: EngineTask & { onProgress: (progress: { rowsRead: number; rowsWritten: number }) => void },
) => Promise<{
  readonly outputs: readonly { readonly name: string; readonly records: number }[];
  readonly rowsRead: number;
  readonly rowsWritten: number;
  readonly warnings: readonly object[];
}>;

const PROGRESS_INTERVAL_MS = 500;
/** They go into the job's history, where the first ones have to do. */
const MAX_WARNINGS = 20;
const MAX_WARNING_TEXT = 1_000;

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
  let reportedAt = performance.now();
  try {
    const { outputs, rowsRead, rowsWritten, warnings } = await runBundle({
      ...task,
      onProgress: (progress) => {
        if (performance.now() - reportedAt < PROGRESS_INTERVAL_MS) return;
        reportedAt = performance.now();
        send({ type: 'progress', rowsRead: progress.rowsRead, rowsWritten: progress.rowsWritten });
      },
    });
    return {
      type: 'succeeded',
      outputs: outputs.map(({ name, records }) => ({ name, records })),
      rowsRead,
      rowsWritten,
      warnings: warnings.slice(0, MAX_WARNINGS).map(shorten),
    };
  } catch (error) {
    return error instanceof BundleError ? failed(error) : broken(error);
  }
}

/** A warning as plain texts and numbers of a bounded length. */
function shorten(warning: object): Record<string, string | number> {
  const parts = Object.entries(warning).filter(([, value]) => typeof value === 'string' || typeof value === 'number');
  return Object.fromEntries(
    parts.map(([name, value]) => [name, typeof value === 'string' ? value.slice(0, MAX_WARNING_TEXT) : value]),
  );
}

function failed(error: BundleError): EngineMessage {
  return {
    type: 'failed',
    code: error.code,
    detail: describe(error).slice(0, 4_000),
    file: error.file ?? null,
    line: error.line ?? null,
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
