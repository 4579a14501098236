import type { HeldAccount } from '../held/held-memory';
import type { HeldColumn } from '../held/held-column';
import { HeldRows } from '../held/held-rows';
import { KeyIndex } from '../held/key-index';
import { noRow, RowsByKey } from '../held/rows-by-key';
import type { NodeConfig } from '../project/node-config';
import { doubleOf, isInt } from '../python/types';
import { pyFloat, type Value } from '../python/values';
import { rowKey } from '../row-key';
import type { Column, ColumnType, Layout, Row } from '../table';
import { inBatches, type BlockingOperation, type BoundOperation, type RowLoss, type StreamingOperation } from './operation';
import { mergePairs, type MergePair } from './merge-pairs';

export type JoinType = 'inner' | 'left' | 'right' | 'outer';

/** One side of a merge: which of its columns go on, and which make up its key. */
export interface MergeSide {
  readonly columns: readonly Column[];
  readonly keyColumns: readonly Column[];
}

export interface MergeTables {
  readonly left: MergeSide & { readonly width: number };
  readonly right: MergeSide;
  readonly rightRows: HeldRows;
}

/** pandas' merge of two tables, the right one being there already. @throws BundleError if the keys or names do not fit */
export function bindMerge(config: NodeConfig, account: HeldAccount, type: JoinType, tables: MergeTables): BoundOperation {
  checkKeyTypes(config, tables);
  const merge = new Merge(config, account, type, tables);
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
    const hasText = isNumeric(leftKey) && isText(rightKey) && hasTexts(rightRows, rightKey.slot);
    if (hasText || (isText(leftKey) && isNumeric(rightKey))) {
      const names = `\`${leftKey.name}\` and \`${rightKey.name}\``;
      throw config.error(`the keys ${names} are a text and a number`, undefined, 'operation_failed');
    }
  });
}

function hasTexts(rows: HeldRows, slot: number): boolean {
  const values = rows.column(slot);
  for (let index = 0; index < rows.length; index++) {
    if (typeof values.get(index) === 'string') {
      return true;
    }
  }
  return false;
}

/** A column of the right table that goes on, and its slot in the result. */
interface AddedColumn {
  readonly name: string;
  readonly source: Column;
  readonly values: HeldColumn;
  readonly slot: number;
}

class Merge {
  private readonly layout: Layout;
  private readonly added: readonly AddedColumn[];
  /** Keys of one name on both sides, where a row without a left side takes the right one's value. */
  private readonly common: ReadonlyMap<Column, Column>;
  private readonly keys: KeyIndex;
  private readonly rightByKey: RowsByKey;
  private readonly leftKey: (row: Row) => unknown;
  private readonly loss: RowLoss;

  constructor(
    private readonly config: NodeConfig,
    private readonly account: HeldAccount,
    private readonly type: JoinType,
    private readonly tables: MergeTables,
  ) {
    const { left, right, rightRows } = tables;
    this.loss = { reason: 'unmatched', detail: left.keyColumns.map(({ name }) => name).join(', '), rows: 0 };
    this.leftKey = rowKey(slotsOf(left.keyColumns));
    const pairs = left.keyColumns.map((column, index) => [column, right.keyColumns[index] as Column] as const);
    this.common = new Map(pairs.filter(([leftColumn, rightColumn]) => leftColumn.name === rightColumn.name));
    const shared = new Set(this.common.values());
    const others = right.columns.filter((column) => !shared.has(column));
    const leftNames = new Set(left.columns.map((column) => column.name));
    const overlap = new Set(others.filter((column) => leftNames.has(column.name)).map((column) => column.name));
    this.added = others.map((source, index) => ({
      name: overlap.has(source.name) ? `${source.name}_y` : source.name,
      source,
      values: rightRows.column(source.slot),
      slot: left.width + index,
    }));
    this.layout = this.resultLayout(overlap);
    this.keys = new KeyIndex(account);
    this.rightByKey = new RowsByKey(this.keys, rightRows, slotsOf(right.keyColumns), account);
  }

  streaming(): StreamingOperation {
    return {
      kind: 'streaming',
      // A left join lets none go.
      loss: this.type === 'inner' ? this.loss : undefined,
      layout: this.layout,
      rows: 'changed',
      uses: slotsOf(this.tables.left.keyColumns),
      push: (batch) => this.mergeLeft(batch),
      release: () => this.account.release(),
    };
  }

  blocking(): BlockingOperation {
    const { left } = this.tables;
    const held = new HeldRows(left.columns, this.layout.width, this.account);
    return {
      kind: 'blocking',
      rows: 'kept',
      uses: slotsOf(left.columns),
      push: (batch) => held.push(batch),
      finish: () => {
        held.seal();
        const pairs = mergePairs[this.type === 'inner' ? 'left' : this.type]({
          left: held,
          leftSlots: slotsOf(left.keyColumns),
          right: this.tables.rightRows,
          rightSlots: slotsOf(this.tables.right.keyColumns),
          keys: this.keys,
          rightByKey: this.rightByKey,
          account: this.account,
        });
        return this.settle(held, pairs);
      },
      release: () => this.account.release(),
    };
  }

  /** In the order of the left rows, their matches in the right table's order. */
  private mergeLeft(batch: readonly Row[]): Row[] {
    const rows: Row[] = [];
    for (const row of batch) {
      let match = this.rightByKey.first(this.keys.find(this.leftKey(row)));
      if (match === noRow) {
        if (this.type === 'left') {
          rows.push(this.combine(row, noRow));
        } else {
          this.loss.rows++;
        }
        continue;
      }
      // The row itself goes on with its last match: most have only one.
      for (let next = this.rightByKey.next(match); next !== noRow; next = this.rightByKey.next(match)) {
        rows.push(this.combine(row.slice(), match));
        match = next;
      }
      rows.push(this.combine(row, match));
    }
    return rows;
  }

  /** Int columns that have a missing value are made into floats. */
  private settle(leftRows: HeldRows, pairs: () => Iterable<MergePair>): { layout: Layout; batches: Iterable<Row[]> } {
    const floats = this.intsWithGaps(leftRows, pairs());
    const columns = this.layout.columns.map((column) =>
      floats.has(column.slot) ? { ...column, type: 'float' as const } : column,
    );
    const toFloats = (row: Row): void => {
      for (const slot of floats) {
        const value = row[slot] as Value;
        row[slot] = isInt(value) ? pyFloat(doubleOf(value)) : value;
      }
    };
    return { layout: { ...this.layout, columns }, batches: inBatches(this.rows(leftRows, pairs()), toFloats) };
  }

  /** The slots of int columns that lack values where one side lacks a row. */
  private intsWithGaps(leftRows: HeldRows, pairs: Iterable<MergePair>): ReadonlySet<number> {
    const ints = slotsOf(this.layout.columns.filter(({ type }) => type === 'int'));
    const found = new Set<number>();
    if (ints.length === 0) {
      return found;
    }
    for (const pair of pairs) {
      if (pair.left === noRow || pair.right === noRow) {
        const row = this.rowOf(leftRows, pair);
        ints.filter((slot) => Number.isNaN(row[slot])).forEach((slot) => found.add(slot));
        if (found.size === ints.length) {
          break;
        }
      }
    }
    return found;
  }

  private *rows(leftRows: HeldRows, pairs: Iterable<MergePair>): Generator<Row> {
    for (const pair of pairs) {
      yield this.rowOf(leftRows, pair);
    }
  }

  private rowOf(leftRows: HeldRows, { left, right }: MergePair): Row {
    return left === noRow ? this.combineWithoutLeft(right) : this.combine(leftRows.row(left), right);
  }

  /** Puts the right row's values behind the left one's. */
  private combine(row: Row, right: number): Row {
    for (const { slot, source, values } of this.added) {
      row[slot] = right === noRow ? missingOf(source.type) : values.get(right);
    }
    return row;
  }

  private combineWithoutLeft(right: number): Row {
    const { left, rightRows } = this.tables;
    const row: Row = new Array<Value>(this.layout.width).fill(null);
    for (const column of left.columns) {
      const common = this.common.get(column);
      row[column.slot] = common === undefined ? missingOf(column.type) : rightRows.column(common.slot).get(right);
    }
    for (const { slot, values } of this.added) {
      row[slot] = values.get(right);
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
}

function slotsOf(columns: readonly Column[]): number[] {
  return columns.map(({ slot }) => slot);
}

/** A boolean column that may gain missing values is an object column. */
function typeAfterGaps({ type }: Column, mayLack: boolean): ColumnType {
  return mayLack && type === 'bool' ? 'object' : type;
}

function missingOf(type: ColumnType): Value {
  return type === 'text' ? null : NaN;
}
