import type { Macro, Statement } from './ast';
import { readsContext } from './reads-context';
import { allExpressions } from './walk';

/**
 * A project's macros stand before each of its templates, and most use none of them: those that nothing names are left out of what is
 * compiled for rows. What is wrong with one is found when the project file is rendered, since they stand before that too.
 */
export function withoutUnusedMacros(statements: readonly Statement[]): readonly Statement[] {
  const unused = new Set(statements.filter((statement) => statement.kind === 'macro'));
  if (unused.size === 0 || readsContext(statements)) {
    return statements;
  }
  let used: readonly Statement[] = statements.filter(({ kind }) => kind !== 'macro');
  while (used.length > 0) {
    const names = namesIn(used);
    const reached: Macro[] = [...unused].filter(({ name }) => names.has(name));
    reached.forEach((macro) => unused.delete(macro));
    used = reached;
  }
  return statements.filter((statement) => statement.kind !== 'macro' || !unused.has(statement));
}

function namesIn(statements: readonly Statement[]): ReadonlySet<string> {
  return new Set(allExpressions(statements).flatMap((expression) => (expression.kind === 'name' ? [expression.name] : [])));
}
