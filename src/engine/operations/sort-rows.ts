import { PyError, type Value } from '../python/values';
import type { Row } from '../table';
import { requireColumn } from './columns';
import { inBatches, type OperationPlanner } from './operation';
import { rowLabels } from './row-labels';
import { compareValues } from './value-order';
import { isMissing } from '../table';

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
      const kept: Row[] = [];
      return {
        kind: 'blocking',
        rows,
        push: (batch) => {
          for (const row of label(batch)) {
            kept.push(row);
          }
        },
        finish: () => {
          try {
            kept.sort((a, b) => compareRows(a, b, columns));
          } catch (error) {
            throw error instanceof PyError
              ? config.error(`the values cannot be ordered: ${error.message}`, 'columns', 'operation_failed')
              : error;
          }
          return { layout, batches: inBatches(kept) };
        },
      };
    },
  };
};

function compareRows(a: Row, b: Row, columns: readonly { slot: number; descending: boolean }[]): number {
  for (const { slot, descending } of columns) {
    const [left, right] = [a[slot] as Value, b[slot] as Value];
    const order = compareValues(left, right);
    if (order !== 0) {
      return descending && !isMissing(left) && !isMissing(right) ? -order : order;
    }
  }
  return 0;
}
