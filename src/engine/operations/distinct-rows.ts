import { KeyIndex } from '../held/key-index';
import { requireColumn } from './columns';
import type { OperationPlanner, RowLoss } from './operation';
import { rowKey } from '../row-key';
import { rowLabels } from './row-labels';

/** Keeps the first of the rows that are equal in the given columns, or in all. */
export const planDistinctRows: OperationPlanner = (config, context) => {
  const single = config.optionalString('column');
  const names = single === undefined || single === '' ? (config.optionalNames('columns') ?? []) : [single];
  return {
    sides: [],
    bind: (unlabelled) => {
      const { layout, label, rows } = rowLabels(unlabelled, context);
      const columns = names.length === 0 ? layout.columns : names.map((name) => requireColumn(layout, name, config, 'columns'));
      const slots = columns.map((column) => column.slot);
      const keyOf = rowKey(slots);
      const account = context.memory.account(config.place());
      const seen = new KeyIndex(account);
      const loss: RowLoss = { reason: 'repeated', detail: names.length === 0 ? undefined : names.join(', '), rows: 0 };
      return {
        kind: 'streaming',
        layout,
        rows,
        uses: slots,
        loss,
        push: (batch) => {
          const kept = label(batch).filter((row) => {
            const before = seen.size;
            seen.add(keyOf(row));
            return seen.size > before;
          });
          loss.rows += batch.length - kept.length;
          return kept;
        },
        release: () => account.release(),
      };
    },
  };
};
