import { compileQuery } from '../query';
import type { OperationPlanner, RowLoss } from './operation';
import { rowLabels } from './row-labels';

/** Keeps the rows for which the query holds (`behavior: include`), or the others (`exclude`). */
export const planFilterRows: OperationPlanner = (config, context) => {
  const query = config.string('query');
  const behavior = config.string('behavior');
  if (behavior !== 'include' && behavior !== 'exclude') {
    throw config.error('`behavior` must be `include` or `exclude`', 'behavior');
  }
  const place = config.place('query');
  return {
    sides: [],
    bind: (unlabelled) => {
      const { layout, label, rows } = rowLabels(unlabelled, context);
      const { holds, slots } = compileQuery(query, layout, place);
      const wanted = behavior === 'include';
      const loss: RowLoss = { reason: 'filtered', detail: `${wanted ? 'keeps' : 'leaves out'} ${query}`, rows: 0 };
      return {
        kind: 'streaming',
        layout,
        rows,
        uses: slots,
        loss,
        push: (batch) => {
          const kept = label(batch).filter((row) => holds(row) === wanted);
          loss.rows += batch.length - kept.length;
          return kept;
        },
      };
    },
  };
};
