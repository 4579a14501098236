import type { NodeConfig } from '../project/node-config';
import { doubleOf, isFloat, isInt } from '../python/types';
import { PyError, pyFloat, type Value } from '../python/values';
import { layoutOf, type ColumnType, type Layout, type Row } from '../table';
import { columnAggregates, rowAggregates, type Aggregate } from './aggregates';
import { requireColumn, requireUnique } from './columns';
import { compareLists } from './join-order';
import { inBatches, type OperationPlanner } from './operation';
import { rowKey } from '../row-key';

interface CreatedColumn {
  readonly name: string;
  readonly function: string;
  readonly column: string;
  readonly separator: string;
}

interface Group {
  readonly key: readonly Value[];
  readonly rows: Row[];
}

/** One row for each group of rows that are equal in the group's columns, sorted by them, with columns computed over its rows. */
export const planGroupBy: OperationPlanner = (config) => {
  const names = config.names('group_by_columns');
  const created = config
    .entriesOf('create_columns')
    .map(({ name, value }) => readFunction(name, config.name(value, 'create_columns'), config));
  return {
    sides: [],
    bind: (layout) => {
      const keyColumns = names.map((name) => requireColumn(layout, name, config, 'group_by_columns'));
      requireUnique([...names, ...created.map((column) => column.name)], config, 'create_columns');
      const slots = keyColumns.map((column) => column.slot);
      const aggregates = created.map((column) => bindFunction(column, layout, config));
      const keyOf = rowKey(slots);
      const groups = new Map<unknown, Group>();
      return {
        kind: 'blocking',
        rows: 'kept',
        push: (batch) => {
          for (const row of batch) {
            const id = keyOf(row);
            const group = groups.get(id);
            if (group !== undefined) {
              group.rows.push(row);
              continue;
            }
            const key = slots.map((slot) => row[slot] as Value);
            // pandas leaves out groups whose key is missing.
            if (!key.some((value) => value === null || Number.isNaN(value))) {
              groups.set(id, { key, rows: [row] });
            }
          }
        },
        finish: () => {
          const sorted = [...groups.values()].sort((a, b) => compareLists(a.key, b.key));
          const values = aggregates.map((aggregate) => settle(sorted.map((group) => aggregate(group.rows))));
          const types: ColumnType[] = [...keyColumns.map((column) => column.type), ...values.map((column) => column.type)];
          const plain = layoutOf([...names, ...created.map((column) => column.name)]);
          const columns = plain.columns.map((column, index) => ({ ...column, type: types[index] ?? 'object' }));
          const rows = sorted.map((group, index) => [...group.key, ...values.map((column) => column.values[index] as Value)]);
          return { layout: { ...plain, columns }, batches: inBatches(rows) };
        },
      };
    },
  };
};

/** `function(column, separator)`; the separator is everything after the first comma, up to the last parenthesis. */
function readFunction(name: string, text: string, config: NodeConfig): CreatedColumn {
  const match = /([A-Za-z0-9_]*)\(([A-Za-z0-9_]*),?(.*)\)/.exec(text);
  const [, functionName = '', column = '', separator = ''] = match ?? [];
  const takesColumn = columnAggregates.has(functionName);
  if (match === null || (!takesColumn && !rowAggregates.has(functionName))) {
    throw config.error(`\`${text}\` is no function of \`group_by\``, 'create_columns');
  }
  if (takesColumn && column === '') {
    throw config.error(`\`${functionName}\` needs a column`, 'create_columns');
  }
  return { name, function: functionName, column, separator };
}

function bindFunction(created: CreatedColumn, layout: Layout, config: NodeConfig): Aggregate {
  const overRows = rowAggregates.get(created.function);
  if (overRows !== undefined) {
    return overRows;
  }
  const { slot } = requireColumn(layout, created.column, config, 'create_columns');
  const aggregate = columnAggregates.get(created.function);
  return (rows) => {
    try {
      const values = rows.map((row) => row[slot] as Value);
      return aggregate === undefined ? NaN : aggregate(values, created.separator);
    } catch (error) {
      throw error instanceof PyError
        ? config
            .error(`\`${created.function}\`: ${error.message}`, 'create_columns', 'operation_failed')
            .at({ column: created.column })
        : error;
    }
  };
}

/** A float in one group makes floats of all. */
function settle(values: Value[]): { type: ColumnType; values: Value[] } {
  if (values.length > 0 && values.every((value) => typeof value !== 'boolean' && isInt(value))) {
    return { type: 'int', values };
  }
  if (values.length > 0 && values.every((value) => typeof value !== 'boolean' && (isInt(value) || isFloat(value)))) {
    return { type: 'float', values: values.map((value) => (isInt(value) ? pyFloat(doubleOf(value)) : value)) };
  }
  return { type: 'object', values };
}
