import type { Expression, Statement } from './ast';
import { isContextResolve } from './expression-codegen';
import { allExpressions, allStatements } from './walk';

/** Whether the statements look variables up by name, or show them to others so. */
export function readsContext(statements: readonly Statement[]): boolean {
  return allStatements(statements).some(usesContext) || allExpressions(statements).some(readsSelf);
}

function usesContext(statement: Statement): boolean {
  switch (statement.kind) {
    case 'include':
    case 'import':
    case 'from-import':
      return statement.withContext;
    case 'block':
    case 'extends':
      return true;
    default:
      return false;
  }
}

function readsSelf(expression: Expression): boolean {
  return (
    (expression.kind === 'name' && expression.name === 'self') ||
    (expression.kind === 'attribute' && isContextResolve(expression))
  );
}
