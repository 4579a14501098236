import type { Row } from '../table';
import type { OperationPlanner } from './operation';
import { rowLabels } from './row-labels';

/**
 * The last `count` of the first `count + offset` rows. So if there are fewer than that, the offset skips fewer: of 7 rows with
 * count 5 and offset 5, the last 5 remain.
 */
export const planLimitRows: OperationPlanner = (config, context) => {
  const count = config.optionalInteger('count');
  const offset = config.optionalInteger('offset') ?? 0;
  if (count === undefined || count < 1) {
    throw config.error('`count` must be a positive whole number', 'count');
  }
  if (offset < 0) {
    throw config.error('`offset` must not be negative', 'offset');
  }
  return {
    sides: [],
    bind: (unlabelled) => {
      const { layout, label, rows } = rowLabels(unlabelled, context);
      const kept: Row[] = [];
      const full = (): boolean => kept.length >= count + offset;
      return {
        kind: 'blocking',
        rows,
        push: (batch) => {
          if (!full()) {
            kept.push(...label(batch).slice(0, count + offset - kept.length));
          }
        },
        finish: () => ({ layout, batches: [kept.slice(-count)] }),
      };
    },
  };
};
