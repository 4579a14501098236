import type { NodeConfig } from '../project/node-config';
import { doubleOf, isInt } from '../python/types';
import { pyFloat, type Value } from '../python/values';
import {
  columnNames,
  compactLayout,
  findColumn,
  isCompact,
  layoutOf,
  type Column,
  type ColumnType,
  type Layout,
  type Row,
} from '../table';
import { inBatches, type OperationPlanner, type SideTable } from './operation';

/**
 * Appends the rows of other tables. The columns must be the same, in any order, unless `fill_missing_columns`, which adds the missing
 * ones on either side with missing values.
 */
export const planUnion: OperationPlanner = (config) => {
  const sources = config.names('sources');
  const fill = config.optionalBoolean('fill_missing_columns') ?? false;
  return {
    sides: sources,
    sidesLater: true,
    bind: (main, sides) => {
      const result = unionLayout(main, sides, sources, fill, config);
      const adoptMain = adopt(main, result);
      return {
        kind: 'streaming',
        layout: result,
        rows: adoptMain === undefined ? 'kept' : 'new',
        push: (batch) => (adoptMain === undefined ? batch : batch.map(adoptMain)),
        *finish() {
          for (const side of sides) {
            const adoptSide = adopt(side.layout, result);
            yield* inBatches(adoptSide === undefined ? side.rows.rows() : mapRows(side.rows.rows(), adoptSide));
          }
        },
      };
    },
  };
};

function* mapRows(rows: Iterable<Row>, change: (row: Row) => Row): Generator<Row> {
  for (const row of rows) {
    yield change(row);
  }
}

function unionLayout(
  main: Layout,
  sides: readonly SideTable[],
  sources: readonly string[],
  fill: boolean,
  config: NodeConfig,
): Layout {
  const names = new Set(columnNames(main));
  sides.forEach(({ layout }, index) => {
    const own = new Set(columnNames(layout));
    const lacking = [...names].filter((name) => !own.has(name));
    const added = [...own].filter((name) => !names.has(name));
    if (!fill && lacking.length + added.length > 0) {
      const differences = [...lacking.map((name) => `it lacks \`${name}\``), ...added.map((name) => `it adds \`${name}\``)];
      const shown = differences.slice(0, 5).join(', ');
      throw config.error(
        `the columns of \`${sources[index]}\` differ: ${shown}; set \`fill_missing_columns\` to allow it`,
        'sources',
        'column_missing',
      );
    }
    added.forEach((name) => names.add(name));
  });
  const layouts = [main, ...sides.map((side) => side.layout)];
  const merged = layoutOf([...names]);
  const columns = merged.columns.map((column) => ({
    ...column,
    type: commonType(layouts.map((layout) => findColumn(layout, column.name))),
  }));
  // Rows that already look like the result pass as they are.
  const sameColumns =
    columns.length === main.columns.length && columns.every((column, index) => column.type === main.columns[index]?.type);
  return sameColumns && !isCompact(main)
    ? { columns: main.columns, width: main.width }
    : compactLayout({ columns, width: columns.length });
}

/** pandas' type of columns put one below the other, undefined standing for one that a table lacks. */
function commonType(columns: readonly (Column | undefined)[]): ColumnType {
  const types = new Set(columns.flatMap((column) => (column === undefined ? [] : [column.type])));
  const [first = 'object'] = types;
  const isNumeric = [...types].every((type) => type === 'int' || type === 'float');
  if (columns.includes(undefined)) {
    return isNumeric ? 'float' : first === 'text' && types.size === 1 ? 'text' : 'object';
  }
  return types.size === 1 ? first : isNumeric ? 'float' : 'object';
}

/** Turns a row of one layout into one of the result; undefined if it is one already. */
function adopt(from: Layout, to: Layout): ((row: Row) => Row) | undefined {
  const sources = to.columns.map((column) => findColumn(from, column.name));
  const unchanged = sources.every(
    (source, index) => source?.slot === to.columns[index]?.slot && source?.type === to.columns[index]?.type,
  );
  if (unchanged && from.width === to.width) {
    return undefined;
  }
  const missing = to.columns.map((column) => (column.type === 'text' ? null : NaN));
  return (row) => {
    const result: Row = new Array<Value>(to.width).fill(null);
    for (let i = 0; i < sources.length; i++) {
      const target = to.columns[i] as Column;
      const source = sources[i];
      const value = source === undefined ? (missing[i] as Value) : (row[source.slot] as Value);
      result[target.slot] = target.type === 'float' && isInt(value) ? pyFloat(doubleOf(value)) : value;
    }
    return result;
  };
}
