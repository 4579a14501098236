import { BundleError, type BundleErrorPlace, MissingColumnError } from '../errors';
import { ordered, pyEquals } from '../python/compare';
import { add, divide, floorDivide, modulo, multiply, negate, power, subtract } from '../python/operators';
import { typeName } from '../python/types';
import { PyError, type Value } from '../python/values';
import { findColumn, isMissing, type Layout, type Row } from '../table';
import type { ArithmeticOperator, ComparisonOperator, QueryArgument, QueryNode } from './ast';
import { QuerySyntaxError } from './lexer';
import { membersTest, methods } from './methods';
import { parseQuery } from './parser';

type Evaluator = (row: Row) => Value;

export interface CompiledQuery {
  holds(row: Row): boolean;
  /** The slots that it looks at. */
  readonly slots: readonly number[];
}

const arithmetic: Readonly<Record<ArithmeticOperator, (a: Value, b: Value) => Value>> = {
  '+': add,
  '-': subtract,
  '*': multiply,
  '/': divide,
  '//': floorDivide,
  '%': modulo,
  '**': power,
};

/**
 * Compiles a query (a subset of pandas' `DataFrame.query`) to a test of rows.
 *
 * @throws BundleError if it cannot be read or names a missing column; the test, if a row's values do not fit
 */
export function compileQuery(query: string, layout: Layout, place: BundleErrorPlace): CompiledQuery {
  const compiler = new QueryCompiler(layout, place);
  const evaluate = guard(place, () => compiler.compile(parseQuery(query)));
  let rowNumber = 0;
  const holds = (row: Row): boolean => {
    rowNumber++;
    try {
      return asCondition(evaluate(row));
    } catch (error) {
      throw error instanceof PyError
        ? new BundleError('operation_failed', `query: ${error.message}`, { ...place, row: rowNumber })
        : error;
    }
  };
  return { holds, slots: [...compiler.slots] };
}

/** Reads a query whose columns are not known yet. @throws BundleError if it cannot be read */
export function checkQuery(query: string, place: BundleErrorPlace): void {
  guard(place, () => parseQuery(query));
}

function guard<T>(place: BundleErrorPlace, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof QuerySyntaxError) {
      throw new BundleError(
        'bundle_invalid',
        `the query cannot be read: ${error.message} (character ${error.position + 1})`,
        place,
      );
    }
    throw error instanceof PyError ? new BundleError('bundle_invalid', `query: ${error.message}`, place) : error;
  }
}

class QueryCompiler {
  /** Of the columns that the query names. */
  readonly slots = new Set<number>();

  constructor(
    private readonly layout: Layout,
    private readonly place: BundleErrorPlace,
  ) {}

  compile(node: QueryNode): Evaluator {
    switch (node.kind) {
      case 'column':
        return this.column(node.name);
      case 'literal':
        return () => node.value;
      case 'list': {
        const items = node.items.map((item) => this.constant(item));
        return () => items;
      }
      case 'and': {
        const [left, right] = [this.compile(node.left), this.compile(node.right)];
        return (row) => asCondition(left(row)) && asCondition(right(row));
      }
      case 'or': {
        const [left, right] = [this.compile(node.left), this.compile(node.right)];
        return (row) => asCondition(left(row)) || asCondition(right(row));
      }
      case 'not': {
        const operand = this.compile(node.operand);
        return (row) => !asCondition(operand(row));
      }
      case 'negate': {
        const operand = this.compile(node.operand);
        return (row) => unlessMissing(operand(row), negate);
      }
      case 'comparison':
        return this.comparison(node.operator, node.left, node.right);
      case 'arithmetic': {
        const [left, right] = [this.compile(node.left), this.compile(node.right)];
        const operate = arithmetic[node.operator];
        return (row) => unlessMissing(left(row), (a) => unlessMissing(right(row), (b) => operate(a, b)));
      }
      case 'call':
        return this.call(node.object, node.path, node.args);
    }
  }

  private column(name: string): Evaluator {
    const column = findColumn(this.layout, name);
    if (column === undefined) {
      throw new MissingColumnError(name, `the query names column \`${name}\`, which is missing`, this.place);
    }
    const { slot } = column;
    this.slots.add(slot);
    return (row) => row[slot] as Value;
  }

  /** The value of an expression without columns. */
  private constant(node: QueryNode): Value {
    if (node.kind === 'literal') {
      return node.value;
    }
    if (node.kind === 'list') {
      return node.items.map((item) => this.constant(item));
    }
    if (node.kind === 'negate') {
      return negate(this.constant(node.operand));
    }
    throw new BundleError('not_supported', 'a query can only use constants here', this.place);
  }

  private comparison(operator: ComparisonOperator, left: QueryNode, right: QueryNode): Evaluator {
    if (operator === 'in' || operator === 'not in' || left.kind === 'list' || right.kind === 'list') {
      return this.membership(operator, left, right);
    }
    const [evaluateLeft, evaluateRight] = [this.compile(left), this.compile(right)];
    return (row) => compare(operator, evaluateLeft(row), evaluateRight(row));
  }

  /** `in` a list; pandas takes `==` and `!=` with a list for the same. */
  private membership(operator: ComparisonOperator, left: QueryNode, right: QueryNode): Evaluator {
    const [tested, list] = right.kind === 'list' ? [left, right] : [right, left];
    if (list.kind !== 'list' || (list === left && (operator === 'in' || operator === 'not in')) || /[<>]/.test(operator)) {
      throw new BundleError('not_supported', `\`${operator}\` needs a list of constants on its right side`, this.place);
    }
    return this.isIn(this.compile(tested), list, operator === 'in' || operator === '==');
  }

  private isIn(evaluate: Evaluator, list: QueryNode, wanted: boolean): Evaluator {
    const contains = membersTest(this.constant(list));
    return (row) => contains(evaluate(row)) === wanted;
  }

  private call(object: QueryNode, path: readonly string[], args: readonly QueryArgument[]): Evaluator {
    const evaluate = this.compile(object);
    const name = path.join('.');
    const kind = methods.get(name);
    if (kind === undefined) {
      throw new BundleError('not_supported', `a query cannot use \`.${name}()\``, this.place);
    }
    const values = new Array<Value | undefined>(kind.parameters.length).fill(undefined);
    for (const [index, arg] of args.entries()) {
      const at = arg.name === undefined ? index : kind.parameters.indexOf(arg.name);
      if (at < 0 || at >= kind.parameters.length) {
        throw new BundleError('bundle_invalid', `\`.${name}()\` takes no argument \`${arg.name ?? index + 1}\``, this.place);
      }
      // `astype(str)` names a type where others have a constant.
      values[at] = name === 'astype' && arg.value.kind === 'column' ? arg.value.name : this.constant(arg.value);
    }
    const method = kind.make(values);
    return (row) => method(evaluate(row));
  }
}

/** A missing value is unequal to everything and in no order with anything. */
function compare(operator: ComparisonOperator, left: Value, right: Value): boolean {
  if (isMissing(left) || isMissing(right)) {
    return operator === '!=';
  }
  switch (operator) {
    case '==':
      return left === right || pyEquals(left, right);
    case '!=':
      return left !== right && !pyEquals(left, right);
    case 'in':
    case 'not in':
      throw new PyError('TypeError', `\`${operator}\` needs a list`);
    default:
      return ordered(operator, left, right);
  }
}

function unlessMissing(value: Value, operate: (value: Value) => Value): Value {
  return isMissing(value) ? NaN : operate(value);
}

function asCondition(value: Value): boolean {
  if (typeof value === 'boolean') {
    return value;
  }
  if (isMissing(value)) {
    throw new PyError('TypeError', 'a condition is missing for a row; test the column with `.notnull()` first');
  }
  throw new PyError('TypeError', `a condition is true or false, not a value of type ${typeName(value)}`);
}
