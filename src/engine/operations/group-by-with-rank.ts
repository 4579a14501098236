import { doubleOf } from '../python/types';
import { numberBytes } from '../held/held-memory';
import { HeldRows } from '../held/held-rows';
import { KeyIndex } from '../held/key-index';
import { pyFloat, type Value } from '../python/values';
import { assignColumn, type Row } from '../table';
import { requireColumn } from './columns';
import { inBatches, type OperationPlanner } from './operation';
import { rowKey } from '../row-key';

/**
 * Numbers the rows of each group from 0. As in the reference the numbers are put to rows by pandas' labels: where rows were left out
 * or sorted before, number n goes to the row with the label n, and rows without one have a missing value.
 */
export const planGroupByWithRank: OperationPlanner = (config, context) => {
  const names = config.names('group_by_columns');
  const rankColumn = config.string('rank_column');
  return {
    sides: [],
    bind: (layout) => {
      const keyOf = rowKey(names.map((name) => requireColumn(layout, name, config, 'group_by_columns').slot));
      const account = context.memory.account(config.place());
      const keys = new KeyIndex(account);
      const counts: number[] = [];
      const next = (row: Row): number => {
        const key = keys.add(keyOf(row));
        const count = counts[key] ?? 0;
        counts[key] = count + 1;
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
        return { kind: 'streaming', layout: ranked, rows: 'changed', push, release: () => account.release() };
      }
      const held = HeldRows.of(layout, account);
      const ranks: number[] = [];
      let lastLabel = -1;
      return {
        kind: 'blocking',
        rows: 'kept',
        push: (batch) => {
          held.push(batch);
          account.hold({ bytes: numberBytes * batch.length });
          for (const row of batch) {
            ranks.push(next(row));
            lastLabel = Math.max(lastLabel, row[labelSlot] as number);
          }
        },
        finish: () => {
          held.seal();
          const isComplete = lastLabel < held.length;
          const { layout: ranked, slot } = assignColumn(layout, rankColumn, isComplete ? 'int' : 'float');
          const withRank = (row: Row): void => {
            row[slot] = rankAt(ranks, row[labelSlot] as number, isComplete);
          };
          return { layout: ranked, batches: inBatches(held.rows(), withRank) };
        },
        release: () => account.release(),
      };
    },
  };
};

function rankAt(ranks: readonly number[], label: number, areInts: boolean): Value {
  const rank = ranks[label];
  return rank === undefined ? NaN : areInts ? rank : pyFloat(doubleOf(rank));
}
