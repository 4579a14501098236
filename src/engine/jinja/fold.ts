import type { Arguments, Expression } from './ast';
import { filters } from './filters';
import { binaryOperations, compareValues, type BinaryOperation } from './operations';
import { runtime } from './runtime';
import type { Callable } from './table';
import { tests } from './tests';
import { bindArguments } from '../python/arguments';
import { Markup, PyFloat, PyTuple, type Value } from '../python/values';

/** An expression's value if it is the same in every rendering. */
export type Folded = { readonly value: Value } | undefined;

/**
 * Computes constant expressions once, when the template is compiled. Only values that a template cannot change are kept: a list
 * must be a new one in every rendering. What fails is left to fail when it is rendered, if it ever is.
 */
export class Folder {
  private readonly known = new WeakMap<Expression, { readonly result: Folded }>();

  fold(expression: Expression): Folded {
    const known = this.known.get(expression);
    if (known) {
      return known.result;
    }
    const result = this.attempt(expression);
    this.known.set(expression, { result });
    return result;
  }

  private attempt(expression: Expression): Folded {
    try {
      const value = this.compute(expression);
      return value !== undefined && isImmutable(value) ? { value } : undefined;
    } catch {
      return undefined;
    }
  }

  /** The value, or undefined if some part is not constant. */
  private compute(expression: Expression): Value | undefined {
    switch (expression.kind) {
      case 'const':
        return expression.value;
      case 'tuple': {
        const items = this.all(expression.items);
        return items && new PyTuple(items);
      }
      case 'not':
        return this.map(expression.operand, (value) => !runtime.truthy(value));
      case 'negate':
        return this.map(expression.operand, runtime.negate);
      case 'positive':
        return this.map(expression.operand, runtime.positive);
      case 'binary':
        return this.binary(binaryOperations[expression.operator], expression.left, expression.right);
      case 'concat':
        return this.all(expression.parts)?.map(runtime.str).join('');
      case 'and':
      case 'or': {
        const left = this.fold(expression.left);
        return (
          left && (runtime.truthy(left.value) === (expression.kind === 'and') ? this.fold(expression.right)?.value : left.value)
        );
      }
      case 'conditional': {
        const test = this.fold(expression.test);
        const chosen = test && (runtime.truthy(test.value) ? expression.whenTrue : expression.whenFalse);
        return chosen && this.fold(chosen)?.value;
      }
      case 'compare':
        return this.compare(expression.first, expression.rest);
      case 'filter':
        return expression.input && this.apply(filters.get(expression.name), expression.name, expression.input, expression.args);
      case 'test':
        return this.apply(tests.get(expression.name), expression.name, expression.input, expression.args);
      case 'item': {
        const parts = this.all([expression.object, expression.key]);
        return parts && runtime.getItem(...(parts as [Value, Value]));
      }
      default:
        return undefined;
    }
  }

  private map(expression: Expression, change: (value: Value) => Value): Value | undefined {
    const folded = this.fold(expression);
    return folded && change(folded.value);
  }

  private binary({ run }: BinaryOperation, left: Expression, right: Expression): Value | undefined {
    const parts = this.all([left, right]);
    return parts && run(...(parts as [Value, Value]));
  }

  private compare(first: Expression, rest: Extract<Expression, { kind: 'compare' }>['rest']): Value | undefined {
    const values = this.all([first, ...rest.map(({ operand }) => operand)]);
    return values && rest.every(({ operator }, i) => compareValues(operator, values[i] as Value, values[i + 1] as Value));
  }

  private apply(callable: Callable<Value> | undefined, name: string, input: Expression, args: Arguments): Value | undefined {
    if (!callable?.pure || args.rest || args.namedRest) {
      return undefined;
    }
    const values = this.all([input, ...args.positional, ...args.named.map(({ value }) => value)]);
    if (!values) {
      return undefined;
    }
    const positional = values.slice(1, 1 + args.positional.length);
    const named = new Map(args.named.map(({ name: key }, i) => [key, values[1 + args.positional.length + i] as Value]));
    return callable.call(
      values[0] as Value,
      callable.open ? positional : bindArguments(name, callable.parameters, positional, named),
      runtime.host,
      named,
    );
  }

  private all(expressions: readonly Expression[]): Value[] | undefined {
    const values: Value[] = [];
    for (const expression of expressions) {
      const folded = this.fold(expression);
      if (!folded) {
        return undefined;
      }
      values.push(folded.value);
    }
    return values;
  }
}

function isImmutable(value: Value): boolean {
  return (
    value === null ||
    typeof value !== 'object' ||
    value instanceof PyFloat ||
    value instanceof Markup ||
    (value instanceof PyTuple && value.items.every(isImmutable))
  );
}
