import type { HeldAccount } from '../held/held-memory';
import { HeldColumn } from '../held/held-column';
import type { NodeConfig } from '../project/node-config';
import { doubleOf, isFloat, isInt } from '../python/types';
import { PyError, pyFloat, type Value } from '../python/values';
import { layoutOf, type ColumnType, type Layout, type Row } from '../table';
import { aggregates, type Aggregate } from './aggregates';
import { requireColumn, requireUnique } from './columns';
import { GroupTable, type GroupColumn } from './group-table';
import { inBatches, type OperationPlanner } from './operation';

interface CreatedColumn {
  readonly name: string;
  readonly function: string;
  readonly aggregate: Aggregate;
  readonly column: string;
  readonly separator: string;
}

/** One row for each group of rows that are equal in the group's columns, sorted by them, with columns computed over its rows. */
export const planGroupBy: OperationPlanner = (config, context) => {
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
      const columns = created.map((column) => bindColumn(column, layout, config));
      const account = context.memory.account(config.place());
      const table = new GroupTable(slots, columns, account);
      return {
        kind: 'blocking',
        rows: 'kept',
        uses: [...slots, ...columns.flatMap(({ slot }) => slot ?? [])],
        push: (batch) => table.push(batch),
        finish: () => {
          const groups = table.finish();
          const results = created.map((column, index) => resultsOf(groups, table, index, column, account, config));
          const types: ColumnType[] = [...keyColumns.map((column) => column.type), ...results.map((result) => result.type)];
          const plain = layoutOf([...names, ...created.map((column) => column.name)]);
          const typed = plain.columns.map((column, index) => ({ ...column, type: types[index] ?? 'object' }));
          return { layout: { ...plain, columns: typed }, batches: inBatches(groupRows(groups, table, results)) };
        },
        release: () => account.release(),
      };
    },
  };
};

/** `function(column, separator)`; the separator is everything after the first comma, up to the last parenthesis. */
function readFunction(name: string, text: string, config: NodeConfig): CreatedColumn {
  const match = /([A-Za-z0-9_]*)\(([A-Za-z0-9_]*),?(.*)\)/.exec(text);
  const [, functionName = '', column = '', separator = ''] = match ?? [];
  const aggregate = aggregates.get(functionName);
  if (aggregate === undefined) {
    throw config.error(`\`${text}\` is no function of \`group_by\``, 'create_columns');
  }
  if (aggregate.kind !== 'count' && column === '') {
    throw config.error(`\`${functionName}\` needs a column`, 'create_columns');
  }
  return { name, function: functionName, aggregate, column, separator };
}

function bindColumn({ aggregate, column, separator }: CreatedColumn, layout: Layout, config: NodeConfig): GroupColumn {
  const slot = aggregate.kind === 'count' ? undefined : requireColumn(layout, column, config, 'create_columns').slot;
  return { aggregate, slot, separator };
}

/** The values of one created column, by the groups' places in the result. */
interface Results {
  readonly values: HeldColumn;
  readonly type: ColumnType;
}

/** @throws BundleError where the function cannot take a group's values */
function resultsOf(
  groups: Uint32Array,
  table: GroupTable,
  index: number,
  column: CreatedColumn,
  account: HeldAccount,
  config: NodeConfig,
): Results {
  const values = new HeldColumn(account);
  let [areInts, areNumbers] = [groups.length > 0, groups.length > 0];
  try {
    for (const group of groups) {
      const value = table.valueOf(index, group);
      areInts &&= typeof value !== 'boolean' && isInt(value);
      areNumbers &&= typeof value !== 'boolean' && (isInt(value) || isFloat(value));
      values.add(value);
    }
  } catch (error) {
    throw error instanceof PyError
      ? config
          .error(`\`${column.function}\`: ${error.message}`, 'create_columns', 'operation_failed')
          .at({ column: column.column })
      : error;
  }
  values.seal();
  return { values, type: areInts ? 'int' : areNumbers ? 'float' : 'object' };
}

function* groupRows(groups: Uint32Array, table: GroupTable, results: readonly Results[]): Generator<Row> {
  for (let place = 0; place < groups.length; place++) {
    const row: Row = table.keyOfGroup(groups[place] as number);
    for (const { values, type } of results) {
      const value: Value = values.get(place);
      // A float in one group makes floats of all.
      row.push(type === 'float' && isInt(value) ? pyFloat(doubleOf(value)) : value);
    }
    yield row;
  }
}
