import { assignColumn } from '../table';
import type { Value } from '../python/values';
import { requireColumn } from './columns';
import type { OperationPlanner } from './operation';

/** Copies columns, in turn. A target that exists is overwritten, with a warning. */
export const planDuplicateColumns: OperationPlanner = (config, { warn }) => {
  const entries = config.entriesOf('columns').map(({ name, value }) => ({ from: name, to: config.name(value, 'columns') }));
  return {
    sides: [],
    bind: (start) => {
      let layout = start;
      const copies: { from: number; to: number }[] = [];
      for (const { from, to } of entries) {
        const source = requireColumn(layout, from, config, 'columns');
        if (layout.columns.some((column) => column.name === to)) {
          warn(`\`duplicate_columns\` overwrites column \`${to}\``, config.place('columns'));
        }
        const assigned = assignColumn(layout, to, source.type);
        layout = assigned.layout;
        copies.push({ from: source.slot, to: assigned.slot });
      }
      return {
        kind: 'streaming',
        layout,
        rows: 'changed',
        uses: copies.map(({ from }) => from),
        push: (batch) => {
          for (const row of batch) {
            for (const { from, to } of copies) {
              row[to] = row[from] as Value;
            }
          }
          return batch;
        },
      };
    },
  };
};
