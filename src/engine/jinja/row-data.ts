import type { Expression, Statement } from './ast';
import { allExpressions, allStatements, assignedNames } from './walk';

const rowData = '__row_data__';

/** The key of `__row_data__['key']` or `__row_data__.get('key')`. */
export function rowDataKey(expression: Expression): string | undefined {
  if (expression.kind === 'item' && isRowData(expression.object)) {
    return textOf(expression.key);
  }
  if (expression.kind !== 'call' || expression.callee.kind !== 'attribute' || expression.callee.name !== 'get') {
    return undefined;
  }
  const { positional, named, rest, namedRest } = expression.args;
  const isOne = positional.length === 1 && named.length === 0 && !rest && !namedRest;
  return isOne && isRowData(expression.callee.object) ? textOf(positional[0]) : undefined;
}

/** Whether the statements use `__row_data__` for columns by constant names only, so that no dict needs to be made. */
export function readsRowDataByKeys(statements: readonly Statement[], isColumn: (name: string) => boolean): boolean {
  const expressions = allExpressions(statements);
  const keys = expressions.map(rowDataKey).filter((key) => key !== undefined);
  const isAssigned = allStatements(statements).some((statement) => assignedNames(statement).includes(rowData));
  return !isAssigned && keys.length > 0 && keys.length === expressions.filter(isRowData).length && keys.every(isColumn);
}

function isRowData(expression: Expression): boolean {
  return expression.kind === 'name' && expression.name === rowData;
}

function textOf(expression: Expression | undefined): string | undefined {
  return expression?.kind === 'const' && typeof expression.value === 'string' ? expression.value : undefined;
}
