import type { NodeConfig } from '../project/node-config';
import { findColumn, layoutOf, type Column, type ColumnType, type Layout, type Row } from '../table';
import type { Value } from '../python/values';
import { doubleOf, isInt } from '../python/types';
import { pyFloat } from '../python/values';
import { inBatches, type BoundOperation, type OperationPlanner, type SideTable, type StreamingOperation } from './operation';
import { outerOrder } from './join-order';
import { rowKey } from '../row-key';

type JoinType = 'inner' | 'left' | 'right' | 'outer';

interface SideSettings {
  readonly keys: readonly string[];
  readonly keep: readonly string[];
  readonly drop: readonly string[];
}

/** One side of a merge: which of its columns go on, and what makes up its key. */
interface MergeSide {
  readonly columns: readonly Column[];
  readonly keyColumns: readonly Column[];
}

/** A value of the result: from which side and slot. A key that both sides share has both, for rows that one side lacks. */
interface ResultColumn {
  readonly name: string;
  readonly left: Column | undefined;
  readonly right: Column | undefined;
}

/**
 * Joins other tables, one after the other, as pandas' merge does: keys match as values, and missing ones match each other; equal names
 * that are no common key get `_x` and `_y`. The other tables are held in memory, the rows of this one pass through (in a `right` or
 * `outer` join they are held too).
 */
export const planJoin: OperationPlanner = (config) => {
  const sources = config.names('sources');
  const joinType = readJoinType(config);
  const left = readSide(config, 'left');
  const right = readSide(config, 'right');
  if (left.keys.length !== right.keys.length) {
    throw config.error('`left_keys` and `right_keys` must be equally many');
  }
  return sources.map((source, index) => ({
    sides: [source],
    bind: (layout, [side]) => {
      const columns = index === 0 ? chooseColumns(layout, left, config, 'left') : layout.columns;
      return new Merge(config, joinType, mergeSide(columns, left, config, 'left'), side as SideTable, right).bind();
    },
  }));
};

function readJoinType(config: NodeConfig): JoinType {
  const type = config.string('join_type');
  if (type !== 'inner' && type !== 'left' && type !== 'right' && type !== 'outer') {
    throw config.error(`\`join_type\` must be inner, left, right or outer, not \`${type}\``, 'join_type');
  }
  return type;
}

function readSide(config: NodeConfig, side: 'left' | 'right'): SideSettings {
  return {
    keys: config.oneOrMoreNames(`${side}_key`, `${side}_keys`),
    keep: config.optionalNames(`${side}_keep_columns`) ?? [],
    drop: config.optionalNames(`${side}_drop_columns`) ?? [],
  };
}

/** The columns of one side that take part, in the table's order. @throws BundleError */
function chooseColumns(layout: Layout, settings: SideSettings, config: NodeConfig, side: 'left' | 'right'): Column[] {
  const { keys, keep, drop } = settings;
  if (keep.length > 0) {
    const missing = keep.filter((name) => findColumn(layout, name) === undefined);
    if (missing.length > 0) {
      throw config.error(
        `column \`${missing.join('`, `')}\` is missing on the ${side} side`,
        `${side}_keep_columns`,
        'column_missing',
      );
    }
    return layout.columns.filter(({ name }) => keep.includes(name) || keys.includes(name));
  }
  const droppedKey = drop.find((name) => keys.includes(name));
  if (droppedKey !== undefined) {
    throw config.error(`\`${side}_drop_columns\` names the key \`${droppedKey}\``, `${side}_drop_columns`);
  }
  return layout.columns.filter(({ name }) => !drop.includes(name));
}

function mergeSide(columns: readonly Column[], settings: SideSettings, config: NodeConfig, side: 'left' | 'right'): MergeSide {
  const keyColumns = settings.keys.map((name) => {
    const column = columns.find((candidate) => candidate.name === name);
    if (column === undefined) {
      throw config.error(
        `the key \`${name}\` is missing on the ${side} side`,
        config.has(`${side}_keys`) ? `${side}_keys` : `${side}_key`,
        'column_missing',
      );
    }
    return column;
  });
  return { columns, keyColumns };
}

/** One merge with one other table. */
class Merge {
  readonly layout: Layout;
  private readonly right: MergeSide;
  private readonly result: readonly ResultColumn[];
  private readonly index = new Map<unknown, Row[]>();
  private readonly leftKey: (row: Row) => unknown;
  private readonly rightKey: (row: Row) => unknown;

  constructor(
    private readonly config: NodeConfig,
    private readonly type: JoinType,
    private readonly left: MergeSide,
    private readonly side: SideTable,
    settings: SideSettings,
  ) {
    this.right = mergeSide(chooseColumns(side.layout, settings, config, 'right'), settings, config, 'right');
    this.result = this.resultColumns();
    this.layout = this.resultLayout();
    this.leftKey = rowKey(this.left.keyColumns.map((column) => column.slot));
    this.rightKey = rowKey(this.right.keyColumns.map((column) => column.slot));
    this.checkKeyTypes();
  }

  bind(): BoundOperation {
    for (const row of this.side.rows) {
      const key = this.rightKey(row);
      const rows = this.index.get(key);
      if (rows === undefined) {
        this.index.set(key, [row]);
      } else {
        rows.push(row);
      }
    }
    const waits =
      this.type === 'right' ||
      this.type === 'outer' ||
      (this.type === 'left' && this.right.columns.some(({ type }) => type === 'int'));
    return waits ? this.blocking() : this.streaming();
  }

  private streaming(): StreamingOperation {
    return { kind: 'streaming', layout: this.layout, rows: 'new', push: (batch) => this.mergeLeft(batch) };
  }

  private blocking(): BoundOperation {
    const kept: Row[] = [];
    return {
      kind: 'blocking',
      rows: 'kept',
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
        for (const match of matches) {
          rows.push(this.combine(row, match));
        }
      } else if (this.type === 'left') {
        rows.push(this.combine(row, undefined));
      }
    }
    return rows;
  }

  private mergeRight(leftRows: readonly Row[]): Row[] {
    const leftIndex = new Map<unknown, Row[]>();
    for (const row of leftRows) {
      const key = this.leftKey(row);
      leftIndex.set(key, [...(leftIndex.get(key) ?? []), row]);
    }
    return this.side.rows.flatMap((row) =>
      (leftIndex.get(this.rightKey(row)) ?? [undefined]).map((match) => this.combine(match, row)),
    );
  }

  private mergeOuter(leftRows: readonly Row[]): Row[] {
    const keys = { left: this.left.keyColumns.map(({ slot }) => slot), right: this.right.keyColumns.map(({ slot }) => slot) };
    return outerOrder(leftRows, this.side.rows, keys).flatMap(({ left, right }) =>
      (left.length === 0 ? [undefined] : left).flatMap((row) =>
        (right.length === 0 ? [undefined] : right).map((match) => this.combine(row, match)),
      ),
    );
  }

  private combine(left: Row | undefined, right: Row | undefined): Row {
    const row: Row = new Array<Value>(this.result.length);
    for (let i = 0; i < this.result.length; i++) {
      const column = this.result[i] as ResultColumn;
      const [from, source] = left !== undefined && column.left !== undefined ? [left, column.left] : [right, column.right];
      row[i] =
        from === undefined || source === undefined
          ? missingOf((column.left ?? column.right)?.type)
          : (from[source.slot] as Value);
    }
    return row;
  }

  /** The left columns, then the right ones that are no common key; names that occur on both sides get a suffix. */
  private resultColumns(): ResultColumn[] {
    const common = new Map<Column, Column>();
    this.left.keyColumns.forEach((column, index) => {
      const other = this.right.keyColumns[index] as Column;
      if (other.name === column.name) {
        common.set(column, other);
      }
    });
    const shared = new Set(common.values());
    const rest = this.right.columns.filter((column) => !shared.has(column));
    const overlap = new Set(
      this.left.columns.filter(({ name }) => rest.some((column) => column.name === name)).map(({ name }) => name),
    );
    const suffixed = (name: string, suffix: string): string => (overlap.has(name) ? name + suffix : name);
    return [
      ...this.left.columns.map((column) => ({ name: suffixed(column.name, '_x'), left: column, right: common.get(column) })),
      ...rest.map((column) => ({ name: suffixed(column.name, '_y'), left: undefined, right: column })),
    ];
  }

  private resultLayout(): Layout {
    const names = this.result.map((column) => column.name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) {
      throw this.config.error(
        `the result would have two columns \`${twice}\`; rename one before joining`,
        undefined,
        'operation_failed',
      );
    }
    const { width } = layoutOf(names);
    const columns = this.result.map((column, slot) => ({ name: column.name, slot, type: this.typeAfterGaps(column) }));
    return { columns, width };
  }

  /** A boolean column that may gain missing values is an object column; whether an int column does is seen at the end. */
  private typeAfterGaps({ left, right }: ResultColumn): ColumnType {
    const type = ((left ?? right) as Column).type;
    const mayLack =
      left === undefined ? this.type === 'left' || this.type === 'outer' : this.type === 'right' || this.type === 'outer';
    return mayLack && type === 'bool' ? 'object' : type;
  }

  /** Makes int columns that have a missing value into floats. */
  private settleTypes(rows: readonly Row[]): Layout {
    const columns = this.layout.columns.map((column) => {
      if (column.type !== 'int' || !rows.some((row) => Number.isNaN(row[column.slot]))) {
        return column;
      }
      for (const row of rows) {
        const value = row[column.slot];
        row[column.slot] = isInt(value) ? pyFloat(doubleOf(value)) : (value as Value);
      }
      return { ...column, type: 'float' as const };
    });
    return { ...this.layout, columns };
  }

  /** pandas refuses to match texts with numbers. */
  private checkKeyTypes(): void {
    this.left.keyColumns.forEach((left, index) => {
      const right = this.right.keyColumns[index] as Column;
      const isNumeric = (column: Column): boolean => column.type === 'int' || column.type === 'float';
      const isText = (column: Column): boolean => column.type === 'object' || column.type === 'text';
      const textOnRight = isNumeric(left) && isText(right) && this.side.rows.some((row) => typeof row[right.slot] === 'string');
      const textOnLeft = isText(left) && isNumeric(right);
      if (textOnRight || textOnLeft) {
        throw this.config.error(
          `the keys \`${left.name}\` and \`${right.name}\` are a text and a number`,
          undefined,
          'operation_failed',
        );
      }
    });
  }
}

function missingOf(type: ColumnType | undefined): Value {
  return type === 'text' ? null : NaN;
}
