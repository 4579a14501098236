import { flatText } from './flat-text';
import type { Column, Row } from './table';

/** Renders a row to a text; the row's number is for errors. */
export type RowRenderer = (row: Row, rowNumber: number) => string;

const maxEntries = 50_000;
/** After this many rows it is clear whether values repeat. */
const trialRows = 2_000;
/** A look-up costs about a third of a small template. */
const worthwhileShare = 0.5;
const maxColumns = 3;

/**
 * Remembers what a template gave for the same values: operations' templates read few columns, and a file has few dates, grades and
 * schools. It gives up where values hardly repeat. Only texts are looked up, since equal numbers may print differently.
 */
export function rowMemo(render: RowRenderer, columns: readonly Column[]): RowRenderer {
  if (columns.length > maxColumns) {
    return render;
  }
  const slots = columns.map((column) => column.slot);
  const results = new Map<string, string>();
  let rows = 0;
  let hits = 0;
  let active = true;
  return (row, rowNumber) => {
    const key = active ? keyOf(row, slots) : undefined;
    if (key === undefined) {
      return render(row, rowNumber);
    }
    rows++;
    const known = results.get(key);
    if (known !== undefined) {
      hits++;
      return known;
    }
    const result = render(row, rowNumber);
    if (results.size < maxEntries) {
      // A value that is a window on a piece of the file would keep all of that piece.
      results.set(flatText(key), flatText(result));
    }
    if (rows >= trialRows && hits < rows * worthwhileShare) {
      active = false;
      results.clear();
    }
    return result;
  };
}

function keyOf(row: Row, slots: readonly number[]): string | undefined {
  const first = slots.length === 0 ? '' : row[slots[0] as number];
  if (typeof first !== 'string') {
    return undefined;
  }
  let key = first;
  for (let i = 1; i < slots.length; i++) {
    const value = row[slots[i] as number];
    if (typeof value !== 'string') {
      return undefined;
    }
    key = `${key.length}:${key}${value}`;
  }
  return key;
}
