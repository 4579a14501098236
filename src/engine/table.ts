import type { Value } from './python/values';

/**
 * What pandas would store a column as. It decides how numbers print once values are missing: an `int` column that gains a missing
 * value is `float` in every row. `object` holds anything, with NaN for missing; `text` is the column of an optional source
 * that is absent, where missing is None.
 */
export type ColumnType = 'object' | 'text' | 'int' | 'float' | 'bool';

export interface Column {
  readonly name: string;
  /** Where the value is in a row. Columns are kept, dropped, renamed and reordered without touching a row. */
  readonly slot: number;
  readonly type: ColumnType;
}

/** A row's values by slot. Slots that no column names hold leftovers. */
export type Row = Value[];

export interface Layout {
  /** In the table's order; names are unique. */
  readonly columns: readonly Column[];
  /** The number of slots in use in a row: the next new column's slot. */
  readonly width: number;
  /** The slot of pandas' row labels, where rows have been left out or moved since they were numbered (see `operations/row-labels.ts`). */
  readonly labelSlot?: number;
  /** Where the rows come from, if that is an input: what its file has for columns. */
  readonly origin?: InputOrigin;
}

export interface InputOrigin {
  /** The input's parameter, such as `INPUT_FILE`. */
  readonly file: string;
  readonly columns: ReadonlySet<string>;
}

/** A layout of these columns in slots from 0. */
export function layoutOf(names: readonly string[], type: ColumnType = 'object'): Layout {
  return { columns: names.map((name, slot) => ({ name, slot, type })), width: names.length };
}

export function findColumn(layout: Layout, name: string): Column | undefined {
  return layout.columns.find((column) => column.name === name);
}

export function columnNames(layout: Layout): string[] {
  return layout.columns.map((column) => column.name);
}

/** The slots that a layout gives a meaning. */
export function slotsOf(layout: Layout): Set<number> {
  const slots = new Set(layout.columns.map((column) => column.slot));
  return layout.labelSlot === undefined ? slots : slots.add(layout.labelSlot);
}

/** The layout after assigning to `name`: the column keeps its place and slot if it exists, else it is the last, in a new slot. */
export function assignColumn(layout: Layout, name: string, type: ColumnType): { layout: Layout; slot: number } {
  const existing = findColumn(layout, name);
  if (existing !== undefined) {
    const columns = layout.columns.map((column) => (column === existing ? { ...column, type } : column));
    return { layout: { ...layout, columns }, slot: existing.slot };
  }
  const slot = layout.width;
  return { layout: { ...layout, columns: [...layout.columns, { name, slot, type }], width: slot + 1 }, slot };
}

/** The same columns in slots from 0, in order. */
export function compactLayout(layout: Layout): Layout {
  return { columns: layout.columns.map((column, slot) => ({ ...column, slot })), width: layout.columns.length };
}

export function isCompact(layout: Layout): boolean {
  return layout.width === layout.columns.length && layout.columns.every((column, index) => column.slot === index);
}

/** New rows of only these columns' values, in their order. */
export function projectRows(rows: readonly Row[], columns: readonly Column[]): Row[] {
  const slots = columns.map((column) => column.slot);
  return rows.map((row) => slots.map((slot) => row[slot] as Value));
}

/** NaN, the missing value of pandas' object columns, and None, of its text columns. */
export function isMissing(value: Value): boolean {
  return value === null || (typeof value === 'number' && Number.isNaN(value));
}
