import type { NodeConfig } from '../project/node-config';
import { fnmatch } from '../project/fnmatch';
import { findColumn, type Column, type Layout } from '../table';

/** The column of that name. @throws BundleError `column_missing` */
export function requireColumn(layout: Layout, name: string, config: NodeConfig, key: string): Column {
  const column = findColumn(layout, name);
  if (column === undefined) {
    throw config.error(`column \`${name}\` is missing`, key, 'column_missing');
  }
  return column;
}

/**
 * The columns that any of the patterns matches: in the patterns' order, those of one pattern in the table's, each once.
 * Every name is a pattern, so `a [x]` does not match itself.
 */
export function matchColumns(layout: Layout, patterns: readonly string[]): Column[] {
  const matched = new Set<Column>();
  for (const pattern of patterns) {
    for (const column of layout.columns) {
      if (fnmatch(column.name, pattern)) {
        matched.add(column);
      }
    }
  }
  return [...matched];
}

/** The same where each pattern must match something. @throws BundleError `column_missing` */
export function requireColumns(layout: Layout, patterns: readonly string[], config: NodeConfig, key: string): Column[] {
  const unmatched = patterns.filter((pattern) => !layout.columns.some((column) => fnmatch(column.name, pattern)));
  if (unmatched.length > 0) {
    throw config.error(`no column matches ${unmatched.map((pattern) => `\`${pattern}\``).join(', ')}`, key, 'column_missing');
  }
  return matchColumns(layout, patterns);
}

/** @throws BundleError if an operation would make two columns of one name */
export function requireUnique(names: readonly string[], config: NodeConfig, key: string): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw config.error(`the result would have two columns \`${twice}\``, key, 'operation_failed');
  }
}
