import type { NodeConfig } from '../project/node-config';
import { pyStr } from '../python/print';
import { compareText, splitOn } from '../python/text';
import { doubleOf, isInt } from '../python/types';
import { pyFloat, type Value } from '../python/values';
import { isMissing, layoutOf, type Column, type ColumnType, type Row } from '../table';
import { requireColumn, requireUnique } from './columns';
import { inBatches, type OperationPlanner } from './operation';
import { compareKeys } from './value-order';

/**
 * Turns rows into columns: one row for each value of `rows_by`, sorted, one column for each value of `cols_by`, sorted by name. All
 * other columns are dropped. Several `rows_by` pass through one text joined with `|`, as in the reference.
 */
export const planPivot: OperationPlanner = (config) => {
  const single = config.value('rows_by');
  const rowNames = typeof single === 'string' ? [single] : (config.optionalNames('rows_by') ?? []);
  const columnsBy = config.string('cols_by');
  const valuesName = config.string('values');
  return {
    sides: [],
    columnsFromRows: true,
    bind: (layout) => {
      const by = rowNames.map((name) => requireColumn(layout, name, config, 'rows_by'));
      const nameColumn = requireColumn(layout, columnsBy, config, 'cols_by');
      const valueColumn = requireColumn(layout, valuesName, config, 'values');
      const table = new PivotTable(config, by, nameColumn, valueColumn, valuesName);
      return {
        kind: 'blocking',
        rows: 'kept',
        push: (batch) => batch.forEach((row) => table.add(row)),
        finish: () => table.result(),
      };
    },
  };
};

interface PivotRow {
  readonly key: Value;
  readonly cells: Map<string, Value>;
}

class PivotTable {
  private readonly rows = new Map<Value, PivotRow>();
  private readonly names = new Set<string>();
  private readonly cellsSeen = new Set<string>();

  constructor(
    private readonly config: NodeConfig,
    private readonly by: readonly Column[],
    private readonly nameColumn: Column,
    private readonly valueColumn: Column,
    private readonly valuesName: string,
  ) {}

  add(row: Row): void {
    const name = row[this.nameColumn.slot] as Value;
    const key = this.keyOf(row);
    if (isMissing(name) || isMissing(key)) {
      return;
    }
    const text = pyStr(name);
    const keyText = pyStr(key);
    const cell = `${keyText.length}:${keyText}${text}`;
    if (this.cellsSeen.has(cell)) {
      throw this.config.error(
        `several rows are equal in \`rows_by\` and \`cols_by\` (\`${text}\`); use \`group_by\` before it`,
        'rows_by',
        'operation_failed',
      );
    }
    this.cellsSeen.add(cell);
    this.names.add(text);
    let pivotRow = this.rows.get(key);
    if (pivotRow === undefined) {
      pivotRow = { key, cells: new Map() };
      this.rows.set(key, pivotRow);
    }
    pivotRow.cells.set(text, row[this.valueColumn.slot] as Value);
  }

  result(): { layout: ReturnType<typeof layoutOf>; batches: Iterable<Row[]> } {
    const names = [...this.names].sort(compareText);
    const isNumeric = this.valueColumn.type === 'int' || this.valueColumn.type === 'float';
    const sorted = [...this.rows.values()].sort((a, b) => compareKeys(a.key, b.key));
    const types = names.map((name) => this.typeOf(name, sorted, isNumeric));
    const rows = sorted.map(({ key, cells }) => [
      ...this.keyParts(key),
      ...names.map((name, index) => cellValue(cells.get(name), types[index] as ColumnType, isNumeric)),
    ]);
    const keyNames = this.by.length === 0 ? ['index'] : this.by.map((column) => column.name);
    requireUnique([...keyNames, ...names], this.config, 'cols_by');
    const plain = layoutOf([...keyNames, ...names]);
    const keyTypes = this.by.length === 1 ? this.by.map((column) => column.type) : keyNames.map((): ColumnType => 'object');
    const columns = plain.columns.map((column, index) => ({ ...column, type: [...keyTypes, ...types][index] ?? 'object' }));
    return { layout: { ...plain, columns }, batches: inBatches(rows) };
  }

  private keyOf(row: Row): Value {
    const [only] = this.by;
    if (only === undefined) {
      return this.valuesName;
    }
    return this.by.length === 1 ? (row[only.slot] as Value) : this.by.map((column) => pyStr(row[column.slot] as Value)).join('|');
  }

  private keyParts(key: Value): Value[] {
    if (this.by.length < 2) {
      return [key];
    }
    const parts = splitOn(key as string, '|', this.by.length - 1);
    return this.by.map((_, index) => parts[index] ?? null);
  }

  private typeOf(name: string, rows: readonly PivotRow[], isNumeric: boolean): ColumnType {
    if (!isNumeric) {
      return 'object';
    }
    const complete = rows.every(({ cells }) => cells.has(name));
    return this.valueColumn.type === 'int' && complete ? 'int' : 'float';
  }
}

function cellValue(value: Value | undefined, type: ColumnType, isNumeric: boolean): Value {
  if (value === undefined || isMissing(value)) {
    return isNumeric ? NaN : null;
  }
  return type === 'float' && isInt(value) ? pyFloat(doubleOf(value)) : value;
}
