import type { Arguments, Const, Expression, Filter, Statement } from './ast';
import type { Value } from '../python/values';
import { allStatements, assignedNames } from './walk';

/** What to put in the place of names, and of the attributes of `loop`. */
export interface Substitution {
  readonly names: ReadonlyMap<string, Expression>;
  /** Undefined where `loop` is that of another loop. */
  readonly loop: ReadonlyMap<string, Value> | undefined;
}

/** The statements with other expressions in the place of names. They must be `isSubstitutable`. */
export function substituteStatements(statements: readonly Statement[], by: Substitution): Statement[] {
  return statements.map((statement) => substituteStatement(statement, by));
}

/** Whether nothing in the statements has a scope that could not be told of what stands for the names, or assigns to them. */
export function isSubstitutable(statements: readonly Statement[], names: readonly string[]): boolean {
  return allStatements(statements).every((statement) => {
    const isNamespace =
      (statement.kind === 'set' || statement.kind === 'set-block') && statement.target.kind === 'namespace-target';
    return !closed.has(statement.kind) && !isNamespace && !assignedNames(statement).some((name) => names.includes(name));
  });
}

const closed: ReadonlySet<Statement['kind']> = new Set([
  'macro',
  'call-block',
  'include',
  'import',
  'from-import',
  'block',
  'extends',
]);

export function substituteExpression(expression: Expression, by: Substitution): Expression {
  const inner = (part: Expression): Expression => substituteExpression(part, by);
  const optional = (part: Expression | undefined): Expression | undefined => part && inner(part);
  switch (expression.kind) {
    case 'const':
    case 'computed':
      return expression;
    case 'name':
      return by.names.get(expression.name) ?? expression;
    case 'list':
    case 'tuple':
      return { ...expression, items: expression.items.map(inner) };
    case 'dict':
      return { ...expression, items: expression.items.map(({ key, value }) => ({ key: inner(key), value: inner(value) })) };
    case 'conditional':
      return {
        ...expression,
        test: inner(expression.test),
        whenTrue: inner(expression.whenTrue),
        whenFalse: optional(expression.whenFalse),
      };
    case 'and':
    case 'or':
    case 'binary':
      return { ...expression, left: inner(expression.left), right: inner(expression.right) };
    case 'not':
    case 'negate':
    case 'positive':
      return { ...expression, operand: inner(expression.operand) };
    case 'concat':
      return { ...expression, parts: expression.parts.map(inner) };
    case 'compare':
      return {
        ...expression,
        first: inner(expression.first),
        rest: expression.rest.map(({ operator, operand }) => ({ operator, operand: inner(operand) })),
      };
    case 'filter':
      return substituteFilter(expression, by);
    case 'test':
      return { ...expression, input: inner(expression.input), args: substituteArguments(expression.args, by) };
    case 'attribute': {
      const value = isLoop(expression.object) ? by.loop?.get(expression.name) : undefined;
      return value === undefined ? { ...expression, object: inner(expression.object) } : constant(value, expression);
    }
    case 'item': {
      const object = inner(expression.object);
      const key = inner(expression.key);
      return itemOf(object, key) ?? { ...expression, object, key };
    }
    case 'slice':
      return {
        ...expression,
        object: inner(expression.object),
        start: optional(expression.start),
        stop: optional(expression.stop),
        step: optional(expression.step),
      };
    case 'call':
      return { ...expression, callee: inner(expression.callee), args: substituteArguments(expression.args, by) };
  }
}

function isLoop(expression: Expression): boolean {
  return expression.kind === 'name' && expression.name === 'loop';
}

function constant(value: Value, { position }: Expression): Const {
  return { kind: 'const', value, position };
}

/** The item of a list that is written out, by a constant index. */
function itemOf(object: Expression, key: Expression): Expression | undefined {
  return (object.kind === 'list' || object.kind === 'tuple') && key.kind === 'const' && typeof key.value === 'number'
    ? object.items[key.value]
    : undefined;
}

function substituteFilter(filter: Filter, by: Substitution): Filter {
  const input = filter.input && substituteExpression(filter.input, by);
  return { ...filter, input, args: substituteArguments(filter.args, by) };
}

function substituteArguments({ positional, named, rest, namedRest }: Arguments, by: Substitution): Arguments {
  return {
    positional: positional.map((argument) => substituteExpression(argument, by)),
    named: named.map(({ name, value }) => ({ name, value: substituteExpression(value, by) })),
    rest: rest && substituteExpression(rest, by),
    namedRest: namedRest && substituteExpression(namedRest, by),
  };
}

function substituteStatement(statement: Statement, by: Substitution): Statement {
  const expression = (part: Expression): Expression => substituteExpression(part, by);
  const body = (statements: readonly Statement[]): Statement[] => substituteStatements(statements, by);
  switch (statement.kind) {
    case 'output':
      return { ...statement, parts: statement.parts.map((part) => (part.kind === 'data' ? part : expression(part))) };
    case 'set':
      return { ...statement, value: expression(statement.value) };
    case 'set-block':
      return {
        ...statement,
        filter: statement.filter && substituteFilter(statement.filter, by),
        body: body(statement.body),
      };
    case 'if':
      return {
        ...statement,
        branches: statement.branches.map((branch) => ({ test: expression(branch.test), body: body(branch.body) })),
        otherwise: body(statement.otherwise),
      };
    case 'for':
      return {
        ...statement,
        iterable: expression(statement.iterable),
        test: statement.test && expression(statement.test),
        // In there, `loop` is this loop's.
        body: substituteStatements(statement.body, { ...by, loop: undefined }),
        otherwise: body(statement.otherwise),
      };
    case 'with':
      return {
        ...statement,
        assignments: statement.assignments.map(({ target, value }) => ({ target, value: expression(value) })),
        body: body(statement.body),
      };
    case 'filter-block':
      return { ...statement, filter: substituteFilter(statement.filter, by), body: body(statement.body) };
    case 'macro':
    case 'call-block':
    case 'include':
    case 'import':
    case 'from-import':
    case 'block':
    case 'extends':
      throw new Error(`nothing can be substituted in a ${statement.kind}`);
  }
}
