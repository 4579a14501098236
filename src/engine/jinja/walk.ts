import type { Arguments, Expression, Parameter, Statement, Target } from './ast';

/** The expressions directly inside of one. */
export function subexpressions(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'const':
    case 'computed':
    case 'name':
      return [];
    case 'list':
    case 'tuple':
      return expression.items;
    case 'dict':
      return expression.items.flatMap(({ key, value }) => [key, value]);
    case 'conditional':
      return present(expression.test, expression.whenTrue, expression.whenFalse);
    case 'and':
    case 'or':
    case 'binary':
      return [expression.left, expression.right];
    case 'not':
    case 'negate':
    case 'positive':
      return [expression.operand];
    case 'concat':
      return expression.parts;
    case 'compare':
      return [expression.first, ...expression.rest.map(({ operand }) => operand)];
    case 'filter':
    case 'test':
      return [...present(expression.input), ...argumentExpressions(expression.args)];
    case 'attribute':
      return [expression.object];
    case 'item':
      return [expression.object, expression.key];
    case 'slice':
      return present(expression.object, expression.start, expression.stop, expression.step);
    case 'call':
      return [expression.callee, ...argumentExpressions(expression.args)];
  }
}

function present(...expressions: (Expression | undefined)[]): Expression[] {
  return expressions.filter((expression) => expression !== undefined);
}

function argumentExpressions({ positional, named, rest, namedRest }: Arguments): Expression[] {
  return [...positional, ...named.map(({ value }) => value), ...present(rest, namedRest)];
}

/** What a statement evaluates itself, in order, without its bodies. */
export function ownExpressions(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case 'output':
      return statement.parts.filter((part) => part.kind !== 'data');
    case 'set':
      return [statement.value];
    case 'set-block':
      return present(statement.filter);
    case 'if':
      return statement.branches.map(({ test }) => test);
    case 'for':
      return present(statement.iterable, statement.test);
    case 'with':
      return statement.assignments.map(({ value }) => value);
    case 'macro':
      return fallbacks(statement.parameters);
    case 'call-block':
      return [statement.call, ...fallbacks(statement.parameters)];
    case 'filter-block':
      return [statement.filter];
    case 'include':
    case 'import':
    case 'from-import':
    case 'extends':
      return [statement.template];
    case 'block':
      return [];
  }
}

function fallbacks(parameters: readonly Parameter[]): Expression[] {
  return present(...parameters.map(({ fallback }) => fallback));
}

/** The statements inside of one. */
export function bodiesOf(statement: Statement): readonly Statement[] {
  switch (statement.kind) {
    case 'output':
    case 'set':
    case 'include':
    case 'import':
    case 'from-import':
    case 'extends':
      return [];
    case 'if':
      return [...statement.branches.flatMap(({ body }) => body), ...statement.otherwise];
    case 'for':
      return [...statement.body, ...statement.otherwise];
    case 'set-block':
    case 'with':
    case 'macro':
    case 'call-block':
    case 'filter-block':
    case 'block':
      return statement.body;
  }
}

/**
 * Every expression in the statements, at any depth. These are arrays, because a generator takes a step through each level for every
 * item, and bundles have lists of thousands of lines.
 */
export function allExpressions(statements: readonly Statement[]): readonly Expression[] {
  const all: Expression[] = [];
  for (const statement of allStatements(statements)) {
    for (const expression of ownExpressions(statement)) {
      addExpressions(expression, all);
    }
  }
  return all;
}

/** The expression, and every one in it, at any depth. */
export function withSubexpressions(expression: Expression): readonly Expression[] {
  const all: Expression[] = [];
  addExpressions(expression, all);
  return all;
}

function addExpressions(expression: Expression, all: Expression[]): void {
  all.push(expression);
  for (const inner of subexpressions(expression)) {
    addExpressions(inner, all);
  }
}

/** Every statement at any depth. */
export function allStatements(statements: readonly Statement[]): readonly Statement[] {
  const all: Statement[] = [];
  addStatements(statements, all);
  return all;
}

function addStatements(statements: readonly Statement[], all: Statement[]): void {
  for (const statement of statements) {
    all.push(statement);
    addStatements(bodiesOf(statement), all);
  }
}

export function targetNames(target: Target): readonly string[] {
  return target.kind === 'name' ? [target.name] : target.items.flatMap(targetNames);
}

/**
 * Which of the names are read before anything in the statements assigns to them, going through them in order and into everything but
 * blocks. It decides whether a macro takes `caller`, `varargs` and `kwargs`, and whether a loop needs `loop`.
 */
export function readNames(statements: readonly Statement[], names: readonly string[]): ReadonlySet<string> {
  const wanted = new Set(names);
  const read = new Set<string>();
  const visit = (body: readonly Statement[]): void => {
    for (const statement of body) {
      for (const expression of ownExpressions(statement)) {
        for (const inner of withSubexpressions(expression)) {
          if (inner.kind === 'name' && wanted.has(inner.name)) {
            read.add(inner.name);
          }
        }
      }
      for (const name of assignedNames(statement)) {
        wanted.delete(name);
      }
      if (statement.kind !== 'block') {
        visit(bodiesOf(statement));
      }
    }
  };
  visit(statements);
  return read;
}

/** What a statement assigns to, apart from what statements inside of it do. */
export function assignedNames(statement: Statement): readonly string[] {
  switch (statement.kind) {
    case 'set':
    case 'set-block':
      return statement.target.kind === 'namespace-target' ? [] : targetNames(statement.target);
    case 'for':
      return targetNames(statement.target);
    case 'with':
      return statement.assignments.flatMap(({ target }) => targetNames(target));
    case 'macro':
    case 'call-block':
      return statement.parameters.map(({ name }) => name);
    default:
      return [];
  }
}
