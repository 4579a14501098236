import { compileQuery } from '../query';
import type { OperationPlanner } from './operation';
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
      return {
        kind: 'streaming',
        layout,
        rows,
        uses: slots,
        push: (batch) => label(batch).filter((row) => holds(row) === wanted),
      };
    },
  };
};
