import { MissingColumnError } from '../errors';
import type { NodeConfig } from '../project/node-config';
import { fnmatch } from '../project/fnmatch';
import { findColumn, type Column, type Layout } from '../table';

/** The column of that name. @throws BundleError `column_missing` */
export function requireColumn(layout: Layout, name: string, config: NodeConfig, key: string): Column {
  const column = findColumn(layout, name);
  if (column === undefined) {
    throw new MissingColumnError(name, `column \`${name}\` is missing`, config.place(key));
  }
  return column;
}

/**
 * The columns that any of the patterns matches: in the patterns' order, those of one pattern in the table's, each once.
 * Every name is a pattern, so `a [x]` does not match itself.
 */
export function matchColumns(layout: Layout, patterns: readonly string[]): Column[] {
  const matching = columnMatcher(layout);
  return [...new Set(patterns.flatMap(matching))];
}

/** Finds the columns that a pattern matches. Most patterns are plain names, of which a bundle may have thousands. */
function columnMatcher({ columns }: Layout): (pattern: string) => readonly Column[] {
  const byName = new Map(columns.map((column) => [column.name, column]));
  return (pattern) => {
    if (/[*?[]/.test(pattern)) {
      return columns.filter((column) => fnmatch(column.name, pattern));
    }
    const column = byName.get(pattern);
    return column === undefined ? [] : [column];
  };
}

/** The same where each pattern must match something. @throws BundleError `column_missing` */
export function requireColumns(layout: Layout, patterns: readonly string[], config: NodeConfig, key: string): Column[] {
  const matching = columnMatcher(layout);
  const unmatched = patterns.filter((pattern) => matching(pattern).length === 0);
  if (unmatched.length > 0) {
    throw config.error(`no column matches ${unmatched.map((pattern) => `\`${pattern}\``).join(', ')}`, key, 'column_missing');
  }
  return matchColumns(layout, patterns);
}

/** @throws BundleError if an operation would make two columns of one name */
export function requireUnique(names: readonly string[], config: NodeConfig, key: string): void {
  const seen = new Set<string>();
  const twice = names.find((name) => seen.size === seen.add(name).size);
  if (twice !== undefined) {
    throw config.error(`the result would have two columns \`${twice}\``, key, 'operation_failed');
  }
}
