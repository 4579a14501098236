import { MissingColumnError } from '../errors';
import { columnNames } from '../table';
import { matchColumns, requireColumns } from './columns';
import { relabel, type OperationPlanner } from './operation';

/** Drops the columns that any pattern matches; a pattern that matches nothing is fine. */
export const planDropColumns: OperationPlanner = (config) => {
  const patterns = config.names('columns');
  return {
    sides: [],
    bind: (layout) => {
      const dropped = new Set(matchColumns(layout, patterns));
      return relabel({ ...layout, columns: layout.columns.filter((column) => !dropped.has(column)) });
    },
  };
};

/** Keeps the columns that the patterns match, in the patterns' order; each pattern must match. */
export const planKeepColumns: OperationPlanner = (config) => {
  const patterns = config.names('columns');
  return {
    sides: [],
    bind: (layout) => relabel({ ...layout, columns: requireColumns(layout, patterns, config, 'columns') }),
  };
};

/** Renames columns, all at once. A target that is taken, also by a column renamed in the same operation, is an error. */
export const planRenameColumns: OperationPlanner = (config) => {
  const entries = config.entriesOf('columns').map(({ name, value }) => ({ from: name, to: config.name(value, 'columns') }));
  return {
    sides: [],
    bind: (layout) => {
      const taken = new Set(columnNames(layout));
      const targets = new Map<string, string>();
      const reserved = new Set<string>();
      for (const { from, to } of entries) {
        if (taken.has(to) || reserved.has(to)) {
          throw config.error(`\`${from}\` cannot become \`${to}\`: there is such a column already`, 'columns');
        }
        if (!taken.has(from)) {
          throw new MissingColumnError(from, `column \`${from}\` is missing`, config.place('columns'));
        }
        targets.set(from, to);
        reserved.add(to);
      }
      return relabel({
        ...layout,
        columns: layout.columns.map((column) => ({ ...column, name: targets.get(column.name) ?? column.name })),
      });
    },
  };
};
