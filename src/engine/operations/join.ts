import { MissingColumnError } from '../errors';
import type { NodeConfig } from '../project/node-config';
import { findColumn, type Column, type Layout } from '../table';
import { bindMerge, type JoinType } from './merge';
import type { OperationPlanner, SideTable } from './operation';

interface SideSettings {
  readonly keys: readonly string[];
  readonly keep: readonly string[];
  readonly drop: readonly string[];
}

/**
 * Joins other tables, one after the other, as pandas' merge does: keys match as values, and missing ones match each other; equal names
 * that are no common key get `_x` and `_y`. The other tables are held in memory, the rows of this one pass through (in a `right` or
 * `outer` join they are held too).
 */
export const planJoin: OperationPlanner = (config, context) => {
  const sources = config.names('sources');
  const joinType = readJoinType(config);
  const left = readSide(config, 'left');
  const right = readSide(config, 'right');
  if (left.keys.length !== right.keys.length) {
    throw config.error('`left_keys` and `right_keys` must be equally many');
  }
  return sources.map((source, index) => ({
    sides: [source],
    bind: (layout, [side]) => {
      const columns = index === 0 ? chooseColumns(layout, left, config, 'left') : layout.columns;
      const other = side as SideTable;
      const otherColumns = chooseColumns(other.layout, right, config, 'right');
      return bindMerge(config, context.memory.account(config.place()), joinType, {
        left: { columns, keyColumns: keyColumns(columns, left, config, 'left'), width: layout.width },
        right: { columns: otherColumns, keyColumns: keyColumns(otherColumns, right, config, 'right') },
        rightRows: other.rows,
      });
    },
  }));
};

function readJoinType(config: NodeConfig): JoinType {
  const type = config.string('join_type');
  if (type !== 'inner' && type !== 'left' && type !== 'right' && type !== 'outer') {
    throw config.error(`\`join_type\` must be inner, left, right or outer, not \`${type}\``, 'join_type');
  }
  return type;
}

function readSide(config: NodeConfig, side: 'left' | 'right'): SideSettings {
  return {
    keys: config.oneOrMoreNames(`${side}_key`, `${side}_keys`),
    keep: config.optionalNames(`${side}_keep_columns`) ?? [],
    drop: config.optionalNames(`${side}_drop_columns`) ?? [],
  };
}

/** The columns of one side that take part, in the table's order. @throws BundleError */
function chooseColumns(layout: Layout, settings: SideSettings, config: NodeConfig, side: 'left' | 'right'): Column[] {
  const { keys, keep, drop } = settings;
  if (keep.length > 0) {
    const missing = keep.filter((name) => findColumn(layout, name) === undefined);
    if (missing.length > 0) {
      throw config.error(
        `column \`${missing.join('`, `')}\` is missing on the ${side} side`,
        `${side}_keep_columns`,
        'column_missing',
      );
    }
    return layout.columns.filter(({ name }) => keep.includes(name) || keys.includes(name));
  }
  const droppedKey = drop.find((name) => keys.includes(name));
  if (droppedKey !== undefined) {
    throw config.error(`\`${side}_drop_columns\` names the key \`${droppedKey}\``, `${side}_drop_columns`);
  }
  return layout.columns.filter(({ name }) => !drop.includes(name));
}

function keyColumns(columns: readonly Column[], settings: SideSettings, config: NodeConfig, side: 'left' | 'right'): Column[] {
  return settings.keys.map((name) => {
    const column = columns.find((candidate) => candidate.name === name);
    if (column === undefined) {
      const setting = config.has(`${side}_keys`) ? `${side}_keys` : `${side}_key`;
      const detail = `the key \`${name}\` is missing on the ${side} side`;
      // Only the left side is the table that goes through.
      throw side === 'left'
        ? new MissingColumnError(name, detail, config.place(setting))
        : config.error(detail, setting, 'column_missing');
    }
    return column;
  });
}
