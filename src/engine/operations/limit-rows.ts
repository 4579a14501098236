import { HeldRows } from '../held/held-rows';
import { inBatches, type OperationPlanner, type RowLoss } from './operation';
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
      const account = context.memory.account(config.place());
      const held = HeldRows.of(layout, account);
      const loss: RowLoss = { reason: 'limited', detail: undefined, rows: 0 };
      return {
        kind: 'blocking',
        rows,
        loss,
        push: (batch) => {
          loss.rows += batch.length;
          const lacking = count + offset - held.length;
          if (lacking > 0) {
            held.push(label(batch).slice(0, lacking));
          }
        },
        finish: () => {
          held.seal();
          const first = Math.max(0, held.length - count);
          loss.rows -= held.length - first;
          return { layout, batches: inBatches(held.rows(numbersFrom(first, held.length))) };
        },
        release: () => account.release(),
      };
    },
  };
};

function* numbersFrom(start: number, end: number): Generator<number> {
  for (let number = start; number < end; number++) {
    yield number;
  }
}
