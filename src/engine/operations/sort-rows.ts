import { HeldRows } from '../held/held-rows';
import { PyError } from '../python/values';
import { requireColumn } from './columns';
import { inBatches, type OperationPlanner } from './operation';
import { rowLabels } from './row-labels';
import { sortedNumbers } from './sorted-numbers';
import { compareValues } from './value-order';

/** Sorts by columns, `-name` downwards; `descending: true` makes all of them so. Equal rows keep their order, missing values are last. */
export const planSortRows: OperationPlanner = (config, context) => {
  const keys = config.names('columns').map((name) => ({ name: name.replace(/^[+-]/, ''), descending: name.startsWith('-') }));
  const allDescending = config.value('descending') === true;
  return {
    sides: [],
    bind: (unlabelled) => {
      const { layout, label, rows } = rowLabels(unlabelled, context);
      const columns = keys.map(({ name, descending }) => ({
        slot: requireColumn(layout, name, config, 'columns').slot,
        descending: descending || allDescending,
      }));
      const account = context.memory.account(config.place());
      const held = HeldRows.of(layout, account);
      return {
        kind: 'blocking',
        rows,
        push: (batch) => held.push(label(batch)),
        finish: () => {
          held.seal();
          const sortKeys = columns.map(({ slot, descending }) => ({
            values: held.column(slot),
            descending,
            compare: compareValues,
          }));
          try {
            return { layout, batches: inBatches(held.rows(sortedNumbers(held.length, sortKeys, account))) };
          } catch (error) {
            throw error instanceof PyError
              ? config.error(`the values cannot be ordered: ${error.message}`, 'columns', 'operation_failed')
              : error;
          }
        },
        release: () => account.release(),
      };
    },
  };
};
