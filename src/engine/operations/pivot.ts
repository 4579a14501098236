import { flatText } from '../flat-text';
import { numberBytes, type HeldAccount } from '../held/held-memory';
import { HeldColumn } from '../held/held-column';
import { HeldRows } from '../held/held-rows';
import { KeyIndex } from '../held/key-index';
import type { NodeConfig } from '../project/node-config';
import { pyStr } from '../python/print';
import { compareText, splitOn } from '../python/text';
import { doubleOf, isInt } from '../python/types';
import { pyFloat, type Value } from '../python/values';
import { valueKey } from '../row-key';
import { isMissing, layoutOf, type Column, type ColumnType, type Layout, type Row } from '../table';
import { requireColumn, requireUnique } from './columns';
import { batchSize, inBatches, type OperationPlanner } from './operation';
import { byGroup, type Grouping } from './by-group';
import { sortedNumbers } from './sorted-numbers';
import { compareKeys } from './value-order';

/**
 * Turns rows into columns: one row for each value of `rows_by`, sorted, one column for each value of `cols_by`, sorted by name. All
 * other columns are dropped. Several `rows_by` pass through one text joined with `|`, as in the reference.
 */
export const planPivot: OperationPlanner = (config, context) => {
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
      const account = context.memory.account(config.place());
      const table = new PivotTable(config, by, nameColumn, valueColumn, account);
      return {
        kind: 'blocking',
        rows: 'kept',
        uses: [...by, nameColumn, valueColumn].map((column) => column.slot),
        push: (batch) => table.push(batch),
        finish: () => table.result(),
        release: () => account.release(),
      };
    },
  };
};

class PivotTable {
  /** The rows of the result. */
  private readonly keys: KeyIndex;
  private readonly keyValues: HeldColumn;
  /** The columns of the result. */
  private readonly names: string[] = [];
  private readonly nameIndex: KeyIndex;
  /** Each cell's row, column and value. */
  private readonly cellRows: number[] = [];
  private readonly cellNames: number[] = [];
  private readonly cells: HeldRows;

  constructor(
    private readonly config: NodeConfig,
    private readonly by: readonly Column[],
    private readonly nameColumn: Column,
    private readonly valueColumn: Column,
    private readonly account: HeldAccount,
  ) {
    this.keys = new KeyIndex(account);
    this.keyValues = new HeldColumn(account);
    this.nameIndex = new KeyIndex(account);
    this.cells = new HeldRows([valueColumn], valueColumn.slot + 1, account);
  }

  push(batch: readonly Row[]): void {
    const cells = batch.filter((row) => this.place(row));
    this.account.hold({ bytes: 2 * numberBytes * cells.length });
    this.cells.push(cells);
  }

  result(): { layout: Layout; batches: Iterable<Row[]> } {
    this.keyValues.seal();
    this.cells.seal();
    const byRow = byGroup(this.cellRows, this.keys.size, this.account);
    this.checkCells(byRow);
    const sortedNames = this.names.map((_, number) => number).sort((a, b) => compareText(this.nameOf(a), this.nameOf(b)));
    const types = this.types();
    const keyNames = this.by.length === 0 ? ['index'] : this.by.map((column) => column.name);
    const columnNames = [...keyNames, ...sortedNames.map((number) => this.nameOf(number))];
    requireUnique(columnNames, this.config, 'cols_by');
    const keyTypes = this.by.length === 1 ? this.by.map((column) => column.type) : keyNames.map((): ColumnType => 'object');
    const columnTypes = [...keyTypes, ...sortedNames.map((number) => types[number] as ColumnType)];
    const { columns, width } = layoutOf(columnNames);
    const layout = { columns: columns.map((column, index) => ({ ...column, type: columnTypes[index] as ColumnType })), width };
    // A batch of rows is as wide as there are names, however few cells they have.
    this.account.hold({ bytes: 8 * width * Math.min(batchSize, this.keys.size) });
    return { layout, batches: inBatches(this.rows(byRow, sortedNames, types)) };
  }

  /** Notes where the row's value belongs; false if it has no place. */
  private place(row: Row): boolean {
    const name = row[this.nameColumn.slot] as Value;
    const key = this.keyOf(row);
    if (isMissing(name) || isMissing(key)) {
      return false;
    }
    const rowNumber = this.keys.add(valueKey(key));
    if (rowNumber === this.keyValues.length) {
      this.keyValues.add(key);
    }
    const text = pyStr(name);
    const nameNumber = this.nameIndex.add(text);
    if (nameNumber === this.names.length) {
      this.names.push(flatText(text));
    }
    this.cellRows.push(rowNumber);
    this.cellNames.push(nameNumber);
    return true;
  }

  private checkCells({ starts, items }: Grouping): void {
    const seenIn = new Uint32Array(this.names.length);
    for (let row = 0; row < this.keys.size; row++) {
      for (let i = starts[row] as number; i < (starts[row + 1] as number); i++) {
        const name = this.cellNames[items[i] as number] as number;
        if (seenIn[name] === row + 1) {
          throw this.config.error(
            `several rows are equal in \`rows_by\` and \`cols_by\` (\`${this.nameOf(name)}\`); use \`group_by\` before it`,
            'rows_by',
            'operation_failed',
          );
        }
        seenIn[name] = row + 1;
      }
    }
  }

  private *rows({ starts, items }: Grouping, names: readonly number[], types: readonly ColumnType[]): Generator<Row> {
    const places = new Uint32Array(names.length);
    names.forEach((name, index) => (places[name] = index));
    const values = this.cells.column(this.valueColumn.slot);
    for (const row of sortedNumbers(this.keys.size, [{ values: this.keyValues, compare: compareKeys }], this.account)) {
      const key = this.keyParts(this.keyValues.get(row));
      const cells = new Array<Value>(names.length).fill(this.isNumeric ? NaN : null);
      for (let i = starts[row] as number; i < (starts[row + 1] as number); i++) {
        const cell = items[i] as number;
        const name = this.cellNames[cell] as number;
        cells[places[name] as number] = this.cellValue(values.get(cell), types[name] as ColumnType);
      }
      yield [...key, ...cells];
    }
  }

  private keyOf(row: Row): Value {
    const [only] = this.by;
    if (only === undefined) {
      return this.valueColumn.name;
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

  private nameOf(number: number): string {
    return this.names[number] as string;
  }

  private get isNumeric(): boolean {
    return this.valueColumn.type === 'int' || this.valueColumn.type === 'float';
  }

  /** By the name's number. An int column with a gap is one of floats. */
  private types(): ColumnType[] {
    if (!this.isNumeric) {
      return this.names.map(() => 'object');
    }
    const counts = new Uint32Array(this.names.length);
    for (const name of this.cellNames) {
      counts[name] = (counts[name] as number) + 1;
    }
    return this.names.map((_, name) => (this.valueColumn.type === 'int' && counts[name] === this.keys.size ? 'int' : 'float'));
  }

  private cellValue(value: Value, type: ColumnType): Value {
    if (isMissing(value)) {
      return this.isNumeric ? NaN : null;
    }
    return type === 'float' && isInt(value) ? pyFloat(doubleOf(value)) : value;
  }
}
