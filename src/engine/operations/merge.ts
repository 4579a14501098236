import type { NodeConfig } from '../project/node-config';
import { doubleOf, isInt } from '../python/types';
import { pyFloat, type Value } from '../python/values';
import { rowKey } from '../row-key';
import type { Column, ColumnType, Layout, Row } from '../table';
import { outerOrder } from './join-order';
import { inBatches, type BlockingOperation, type BoundOperation } from './operation';

export type JoinType = 'inner' | 'left' | 'right' | 'outer';

/** One side of a merge: which of its columns go on, and which make up its key. */
export interface MergeSide {
  readonly columns: readonly Column[];
  readonly keyColumns: readonly Column[];
}

export interface MergeTables {
  readonly left: MergeSide & { readonly width: number };
  readonly right: MergeSide;
  readonly rightRows: readonly Row[];
}

/** pandas' merge of two tables, the right one being there already. @throws BundleError if the keys or names do not fit */
export function bindMerge(config: NodeConfig, type: JoinType, tables: MergeTables): BoundOperation {
  checkKeyTypes(config, tables);
  const merge = new Merge(config, type, tables);
  // An int column that may gain missing values is one of floats if it does, which is known at the end.
  const mayBecomeFloat = type === 'left' && tables.right.columns.some((column) => column.type === 'int');
  return type === 'right' || type === 'outer' || mayBecomeFloat ? merge.blocking() : merge.streaming();
}

/** pandas refuses to match texts with numbers. */
function checkKeyTypes(config: NodeConfig, { left, right, rightRows }: MergeTables): void {
  const isNumeric = ({ type }: Column): boolean => type === 'int' || type === 'float';
  const isText = ({ type }: Column): boolean => type === 'object' || type === 'text';
  left.keyColumns.forEach((leftKey, index) => {
    const rightKey = right.keyColumns[index] as Column;
    const hasText = isNumeric(leftKey) && isText(rightKey) && rightRows.some((row) => typeof row[rightKey.slot] === 'string');
    if (hasText || (isText(leftKey) && isNumeric(rightKey))) {
      const names = `\`${leftKey.name}\` and \`${rightKey.name}\``;
      throw config.error(`the keys ${names} are a text and a number`, undefined, 'operation_failed');
    }
  });
}

/** A column of the right table that goes on, and its slot in the result. */
interface AddedColumn {
  readonly name: string;
  readonly source: Column;
  readonly slot: number;
}

class Merge {
  private readonly layout: Layout;
  private readonly added: readonly AddedColumn[];
  /** Keys of one name on both sides, where a row without a left side takes the right one's value. */
  private readonly common: ReadonlyMap<Column, Column>;
  private readonly index = new Map<unknown, Row[]>();
  private readonly leftKey: (row: Row) => unknown;
  private readonly rightKey: (row: Row) => unknown;

  constructor(
    private readonly config: NodeConfig,
    private readonly type: JoinType,
    private readonly tables: MergeTables,
  ) {
    const { left, right, rightRows } = tables;
    this.leftKey = rowKey(left.keyColumns.map((column) => column.slot));
    this.rightKey = rowKey(right.keyColumns.map((column) => column.slot));
    const pairs = left.keyColumns.map((column, index) => [column, right.keyColumns[index] as Column] as const);
    this.common = new Map(pairs.filter(([leftColumn, rightColumn]) => leftColumn.name === rightColumn.name));
    const shared = new Set(this.common.values());
    const others = right.columns.filter((column) => !shared.has(column));
    const leftNames = new Set(left.columns.map((column) => column.name));
    const overlap = new Set(others.filter((column) => leftNames.has(column.name)).map((column) => column.name));
    this.added = others.map((source, index) => ({
      name: overlap.has(source.name) ? `${source.name}_y` : source.name,
      source,
      slot: left.width + index,
    }));
    this.layout = this.resultLayout(overlap);
    for (const row of rightRows) {
      addTo(this.index, this.rightKey(row), row);
    }
  }

  streaming(): BoundOperation {
    const uses = this.tables.left.keyColumns.map((column) => column.slot);
    return { kind: 'streaming', layout: this.layout, rows: 'changed', uses, push: (batch) => this.mergeLeft(batch) };
  }

  blocking(): BlockingOperation {
    const kept: Row[] = [];
    return {
      kind: 'blocking',
      rows: 'changed',
      push: (batch) => {
        for (const row of batch) {
          kept.push(row);
        }
      },
      finish: () => {
        const rows =
          this.type === 'right' ? this.mergeRight(kept) : this.type === 'outer' ? this.mergeOuter(kept) : this.mergeLeft(kept);
        return { layout: this.settleTypes(rows), batches: inBatches(rows) };
      },
    };
  }

  /** In the order of the left rows, their matches in the right table's order. */
  private mergeLeft(batch: readonly Row[]): Row[] {
    const rows: Row[] = [];
    for (const row of batch) {
      const matches = this.index.get(this.leftKey(row));
      if (matches !== undefined) {
        // The row itself goes on with its last match: most have only one.
        for (let i = 0; i < matches.length - 1; i++) {
          rows.push(this.combine(row.slice(), matches[i]));
        }
        rows.push(this.combine(row, matches.at(-1)));
      } else if (this.type === 'left') {
        rows.push(this.combine(row, undefined));
      }
    }
    return rows;
  }

  private mergeRight(leftRows: readonly Row[]): Row[] {
    const leftIndex = new Map<unknown, Row[]>();
    for (const row of leftRows) {
      addTo(leftIndex, this.leftKey(row), row);
    }
    return this.tables.rightRows.flatMap((row) => {
      const matches = leftIndex.get(this.rightKey(row));
      return matches === undefined ? [this.combineWithoutLeft(row)] : matches.map((match) => this.combine(match.slice(), row));
    });
  }

  private mergeOuter(leftRows: readonly Row[]): Row[] {
    const { left, right, rightRows } = this.tables;
    const slots = { left: left.keyColumns.map(({ slot }) => slot), right: right.keyColumns.map(({ slot }) => slot) };
    return outerOrder(leftRows, rightRows, slots).flatMap((group) => {
      if (group.left.length === 0) {
        return group.right.map((row) => this.combineWithoutLeft(row));
      }
      const matches = group.right.length === 0 ? [undefined] : group.right;
      return group.left.flatMap((row) => matches.map((match) => this.combine(row.slice(), match)));
    });
  }

  /** Puts the right row's values behind the left one's. */
  private combine(row: Row, right: Row | undefined): Row {
    for (const { slot, source } of this.added) {
      row[slot] = right === undefined ? missingOf(source.type) : (right[source.slot] as Value);
    }
    return row;
  }

  private combineWithoutLeft(right: Row): Row {
    const { left } = this.tables;
    const row: Row = new Array<Value>(left.width).fill(null);
    for (const column of left.columns) {
      const common = this.common.get(column);
      row[column.slot] = common === undefined ? missingOf(column.type) : (right[common.slot] as Value);
    }
    for (const { slot, source } of this.added) {
      row[slot] = right[source.slot] as Value;
    }
    return row;
  }

  /** The left columns, then the right ones that are no common key. */
  private resultLayout(overlap: ReadonlySet<string>): Layout {
    const { left } = this.tables;
    const leftMayLack = this.type === 'right' || this.type === 'outer';
    const rightMayLack = this.type === 'left' || this.type === 'outer';
    const columns = [
      ...left.columns.map((column) => ({
        ...column,
        name: overlap.has(column.name) ? `${column.name}_x` : column.name,
        type: typeAfterGaps(column, leftMayLack),
      })),
      ...this.added.map(({ name, slot, source }) => ({ name, slot, type: typeAfterGaps(source, rightMayLack) })),
    ];
    const names = columns.map((column) => column.name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) {
      throw this.config.error(
        `the result would have two columns \`${twice}\`; rename one before joining`,
        undefined,
        'operation_failed',
      );
    }
    return { columns, width: left.width + this.added.length };
  }

  /** Makes int columns that have a missing value into floats. */
  private settleTypes(rows: readonly Row[]): Layout {
    const columns = this.layout.columns.map((column) => {
      if (column.type !== 'int' || !rows.some((row) => Number.isNaN(row[column.slot]))) {
        return column;
      }
      for (const row of rows) {
        const value = row[column.slot] as Value;
        row[column.slot] = isInt(value) ? pyFloat(doubleOf(value)) : value;
      }
      return { ...column, type: 'float' as const };
    });
    return { ...this.layout, columns };
  }
}

function addTo(index: Map<unknown, Row[]>, key: unknown, row: Row): void {
  const rows = index.get(key);
  if (rows === undefined) {
    index.set(key, [row]);
  } else {
    rows.push(row);
  }
}

/** A boolean column that may gain missing values is an object column. */
function typeAfterGaps({ type }: Column, mayLack: boolean): ColumnType {
  return mayLack && type === 'bool' ? 'object' : type;
}

function missingOf(type: ColumnType): Value {
  return type === 'text' ? null : NaN;
}
