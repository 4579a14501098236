import { findColumn, type Column, type Layout } from '../table';
import { ColumnAssignments, columnEntries } from './add-columns';
import { matchColumns } from './columns';
import { containsJinja } from '../templates';
import type { OperationPlanner } from './operation';

/**
 * Gives existing columns a constant or what a template renders, which sees the column's present value as `value`. Names are
 * patterns; one that matches no column is skipped without a word.
 */
export const planModifyColumns: OperationPlanner = (config, context) => {
  const entries = columnEntries(config);
  return {
    sides: [],
    bind: (layout) => {
      const assignments = new ColumnAssignments(layout);
      for (const entry of entries) {
        for (const { name: columnName } of matchColumns(assignments.layout, [entry.name])) {
          const isTemplate = typeof entry.value === 'string' && containsJinja(entry.value);
          if (isTemplate && findColumn(assignments.layout, 'value') !== undefined) {
            throw config.error('a column named `value` hides the present value; rename it before `modify_columns`', 'columns');
          }
          const column = findColumn(assignments.layout, columnName) as Column;
          assignments.assign(columnName, entry, withValue(assignments.layout, column), config, context);
        }
      }
      return assignments.operation();
    },
  };
};

/** The layout with `value` as another name of the column. */
function withValue(layout: Layout, column: Column): Layout {
  return { ...layout, columns: [...layout.columns, { ...column, name: 'value' }] };
}
