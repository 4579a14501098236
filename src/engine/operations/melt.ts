import type { NodeConfig } from '../project/node-config';
import { doubleOf, isInt } from '../python/types';
import { pyFloat } from '../python/values';
import { HeldRows } from '../held/held-rows';
import { columnNames, layoutOf, type Column, type ColumnType, type Layout, type Row } from '../table';
import { requireColumn, requireUnique } from './columns';
import { inBatches, type OperationPlanner } from './operation';

/**
 * Turns columns into rows: the identifying columns, the column's name, its value. All rows of the first column come first, which takes
 * the whole table.
 */
export const planMelt: OperationPlanner = (config, context) => {
  const idNames = oneOrMore(config, 'id_vars');
  const valueNames = oneOrMore(config, 'value_vars');
  const variableName = config.optionalString('var_name') ?? 'melt_variable';
  const valueName = config.optionalString('value_name') ?? 'melt_value';
  return {
    sides: [],
    bind: (layout) => {
      const ids = (idNames ?? []).map((name) => requireColumn(layout, name, config, 'id_vars'));
      const values =
        valueNames?.map((name) => requireColumn(layout, name, config, 'value_vars')) ??
        layout.columns.filter((column) => !ids.includes(column));
      const result = meltLayout(ids, values, variableName, valueName);
      requireUnique(columnNames(result), config, 'value_name');
      const account = context.memory.account(config.place());
      const held = new HeldRows([...ids, ...values], layout.width, account);
      return {
        kind: 'blocking',
        rows: 'kept',
        uses: [...ids, ...values].map((column) => column.slot),
        push: (batch) => held.push(batch),
        finish: () => {
          held.seal();
          return { layout: result, batches: inBatches(meltRows(held, ids, values, result)) };
        },
        release: () => account.release(),
      };
    },
  };
};

function oneOrMore(config: NodeConfig, key: string): string[] | undefined {
  const value = config.value(key);
  return typeof value === 'string' ? [value] : config.optionalNames(key);
}

function meltLayout(ids: readonly Column[], values: readonly Column[], variableName: string, valueName: string): Layout {
  const plain = layoutOf([...ids.map((column) => column.name), variableName, valueName]);
  const types = new Set(values.map((column) => column.type));
  const isNumeric = [...types].every((type) => type === 'int' || type === 'float');
  const valueType: ColumnType =
    types.size === 1 ? ([...types][0] as ColumnType) : isNumeric && types.size > 0 ? 'float' : 'object';
  const columns = plain.columns.map((column, index) => ({
    ...column,
    type: ids[index]?.type ?? (index === ids.length + 1 ? valueType : ('object' as const)),
  }));
  return { ...plain, columns };
}

function* meltRows(held: HeldRows, ids: readonly Column[], values: readonly Column[], result: Layout): Generator<Row> {
  const toFloat = result.columns.at(-1)?.type === 'float';
  const idValues = ids.map(({ slot }) => held.column(slot));
  for (const column of values) {
    const heldValues = held.column(column.slot);
    for (let index = 0; index < held.length; index++) {
      const value = heldValues.get(index);
      yield [...idValues.map((id) => id.get(index)), column.name, toFloat && isInt(value) ? pyFloat(doubleOf(value)) : value];
    }
  }
}
