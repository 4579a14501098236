import type { BundleError } from '../errors';
import type { BundleOutput, RunProgress } from '../execution/plan-run';
import type { NodeProfile } from '../execution/profiler';
import type { NodeSample } from '../run';
import type { BundleWarning } from '../warnings';

/** Wider values are cut, so that a row stays on a line. */
const defaultCellWidth = 40;
/** The names of files and nodes are what a reader looks for; they are cut only where they are absurd. */
const nameWidth = 100;

/** Columns of texts side by side, numbers to the right. */
export function printTable(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  { maxCellWidth = defaultCellWidth } = {},
): string {
  const cells = [titles, ...rows].map((row) => row.map((cell) => printCell(cell, maxCellWidth)));
  const widths = titles.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const isNumber = titles.map(
    (_, column) => rows.length > 0 && rows.every((row) => /^-?[\d,]*\.?\d*(?: s)?$/.test(row[column] ?? '')),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (isNumber[column] === true ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  const [head = [], ...body] = cells;
  return [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...body.map(line)].join('\n');
}

/** Control characters would break the table, and could command the terminal. */
function printCell(text: string, maxCellWidth: number): string {
  const visible = text.replace(/\p{Cc}/gu, (character) => ({ '\n': '\\n', '\t': '\\t', '\r': '\\r' })[character] ?? '\ufffd');
  return visible.length > maxCellWidth ? `${visible.slice(0, maxCellWidth - 1)}…` : visible;
}

export function printSample({ node, columns, rows }: NodeSample): string {
  return `${node}\n${printTable(
    ['', ...columns],
    rows.map((row, index) => [String(index + 1), ...row]),
  )}`;
}

export function printOutputs(outputs: readonly BundleOutput[]): string {
  return printTable(
    ['output', 'rows', 'bytes'],
    outputs.map(({ name, records, bytes }) => [name, String(records), String(bytes)]),
    { maxCellWidth: nameWidth },
  );
}

/** The slowest node first. */
export function printProfile(profile: readonly NodeProfile[]): string {
  const total = profile.reduce((sum, { seconds }) => sum + seconds, 0);
  const share = (seconds: number): string => (total === 0 ? '0' : ((100 * seconds) / total).toFixed(1));
  return printTable(
    ['node', 'rows', 'seconds', '%'],
    [...profile]
      .sort((a, b) => b.seconds - a.seconds)
      .map(({ node, rows, seconds }) => [node, String(rows), seconds.toFixed(3), share(seconds)]),
    { maxCellWidth: nameWidth },
  );
}

export function printProgress({ rowsRead, bytesRead }: Pick<RunProgress, 'rowsRead' | 'bytesRead'>, seconds: number): string {
  const speed = seconds > 0 ? Math.round(rowsRead / seconds) : 0;
  return `${rowsRead} rows, ${(bytesRead / 1e6).toFixed(1)} MB, ${speed} rows/s`;
}

/** `earthmover.yaml:12: what is wrong ($destinations.students)`, which editors can follow. */
export function printProblem(problem: BundleError | BundleWarning, label: string): string {
  const { file, line, node, operation, row, column, detail } = problem;
  const place = file === undefined ? '' : `${file}:${line === undefined ? '' : `${line}:`} `;
  const parts = [
    node,
    operation,
    row === undefined ? undefined : `row ${row}`,
    column === undefined ? undefined : `column \`${column}\``,
  ].filter((part) => part !== undefined);
  return `${place}${label}: ${detail}${parts.length === 0 ? '' : ` (${parts.join(', ')})`}`;
}
