/** How an output compares with the reference's. */
export type OutputComparison =
  | { readonly kind: 'equal' }
  /** The same lines in another order. */
  | { readonly kind: 'equal_as_set' }
  /** The same but for the order of lists inside the JSON of a line, which the reference does not fix after a union. */
  | { readonly kind: 'equal_but_lists' }
  | { readonly kind: 'differs'; readonly difference: LineDifference };

/** The first line that differs. */
export interface LineDifference {
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
  /** Undefined where one side has no more lines. */
  readonly expected: string | undefined;
  readonly actual: string | undefined;
}

/** Compares the texts of an output, from the strictest likeness to the loosest. */
export function compareOutputs(expected: string, actual: string): OutputComparison {
  if (expected === actual) {
    return { kind: 'equal' };
  }
  if (sortedLines(expected) === sortedLines(actual)) {
    return { kind: 'equal_as_set' };
  }
  if (withSortedLists(expected) === withSortedLists(actual)) {
    return { kind: 'equal_but_lists' };
  }
  return { kind: 'differs', difference: firstDifference(expected, actual) };
}

/** The lines, each with its end, in order. */
function sortedLines(text: string): string {
  return text
    .split(/(?<=\n)/)
    .sort()
    .join('');
}

/** The lines in order, and within the JSON of each the items of every list; a text that is not JSON stays. */
function withSortedLists(text: string): string {
  try {
    const canonical = text.split('\n').map((line) => (line === '' ? '' : JSON.stringify(sortLists(JSON.parse(line)))));
    return canonical.sort().join('\n');
  } catch {
    return text;
  }
}

function sortLists(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => JSON.stringify(sortLists(item))).sort();
  }
  if (value !== null && typeof value === 'object') {
    return Object.entries(value).map(([key, item]) => [key, sortLists(item)]);
  }
  return value;
}

function firstDifference(expected: string, actual: string): LineDifference {
  const [wanted, found] = [expected.split('\n'), actual.split('\n')];
  const index = Array.from({ length: Math.max(wanted.length, found.length) }).findIndex((_, i) => wanted[i] !== found[i]);
  const [left, right] = [wanted[index], found[index]];
  let column = 0;
  while (column < (left ?? '').length && left?.[column] === right?.[column]) {
    column++;
  }
  return { line: index + 1, column: column + 1, expected: left, actual: right };
}

const width = 72;
/** So much of a line before the difference is shown. */
const before = 28;

/** Both lines side by side, cut to where they differ, with a mark below. */
export function printDifference({ line, column, expected, actual }: LineDifference): string {
  const start = Math.max(0, column - 1 - before);
  const excerpt = (text: string | undefined): string => {
    const shown = text === undefined ? '(no more lines)' : text.slice(start, start + width).replace(/\p{Cc}/gu, '\ufffd');
    return shown.padEnd(width);
  };
  const mark = `${' '.repeat(column - 1 - start)}^`.padEnd(width);
  return [
    `line ${line}, column ${column}`,
    `${'expected'.padEnd(width)} | actual`,
    `${excerpt(expected)} | ${excerpt(actual).trimEnd()}`,
    `${mark} | ${mark.trimEnd()}`,
  ].join('\n');
}
