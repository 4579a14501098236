import { doubleOf } from '../python/types';
import { pyFloat, type Value } from '../python/values';
import { assignColumn, type Row } from '../table';
import { requireColumn } from './columns';
import { inBatches, type OperationPlanner } from './operation';
import { rowKey } from '../row-key';

/**
 * Numbers the rows of each group from 0. As in the reference the numbers are put to rows by pandas' labels: where rows were left out
 * or sorted before, number n goes to the row with the label n, and rows without one have a missing value.
 */
export const planGroupByWithRank: OperationPlanner = (config) => {
  const names = config.names('group_by_columns');
  const rankColumn = config.string('rank_column');
  return {
    sides: [],
    bind: (layout) => {
      const keyOf = rowKey(names.map((name) => requireColumn(layout, name, config, 'group_by_columns').slot));
      const counts = new Map<unknown, number>();
      const next = (row: Row): number => {
        const key = keyOf(row);
        const count = counts.get(key) ?? 0;
        counts.set(key, count + 1);
        return count;
      };
      const { labelSlot } = layout;
      if (labelSlot === undefined) {
        const { layout: ranked, slot } = assignColumn(layout, rankColumn, 'int');
        const push = (batch: Row[]): Row[] => {
          for (const row of batch) {
            row[slot] = next(row);
          }
          return batch;
        };
        return { kind: 'streaming', layout: ranked, rows: 'changed', push };
      }
      const kept: Row[] = [];
      const ranks: number[] = [];
      return {
        kind: 'blocking',
        rows: 'changed',
        push: (batch) => {
          for (const row of batch) {
            kept.push(row);
            ranks.push(next(row));
          }
        },
        finish: () => {
          const isComplete = kept.every((row) => (row[labelSlot] as number) < kept.length);
          const { layout: ranked, slot } = assignColumn(layout, rankColumn, isComplete ? 'int' : 'float');
          for (const row of kept) {
            row[slot] = rankAt(ranks, row[labelSlot] as number, isComplete);
          }
          return { layout: ranked, batches: inBatches(kept) };
        },
      };
    },
  };
};

function rankAt(ranks: readonly number[], label: number, areInts: boolean): Value {
  const rank = ranks[label];
  return rank === undefined ? NaN : areInts ? rank : pyFloat(doubleOf(rank));
}
