import { assignColumn } from '../table';
import { requireColumns } from './columns';
import type { OperationPlanner } from './operation';

/** Joins the texts of the matched columns into a new one. Anything but a text, also a missing value, is an error. */
export const planCombineColumns: OperationPlanner = (config) => {
  const patterns = config.names('columns');
  const newColumn = config.string('new_column');
  const separator = config.optionalString('separator') ?? '';
  return {
    sides: [],
    bind: (layout) => {
      const columns = requireColumns(layout, patterns, config, 'columns');
      const assigned = assignColumn(layout, newColumn, 'object');
      let rowNumber = 0;
      return {
        kind: 'streaming',
        layout: assigned.layout,
        rows: 'changed',
        uses: columns.map((column) => column.slot),
        push: (batch) => {
          for (const row of batch) {
            rowNumber++;
            let text = '';
            for (let i = 0; i < columns.length; i++) {
              const value = row[columns[i]?.slot ?? -1];
              if (typeof value !== 'string') {
                const column = columns[i]?.name;
                throw config
                  .error('only texts can be combined; make a text of it by `modify_columns` first', 'columns', 'operation_failed')
                  .at({
                    row: rowNumber,
                    column,
                  });
              }
              text = i === 0 ? value : text + separator + value;
            }
            row[assigned.slot] = text;
          }
          return batch;
        },
      };
    },
  };
};
