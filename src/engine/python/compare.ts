import { isFloat, isInt, isNumber, textOf, typeName } from './types';
import { compareText } from './text';
import { Markup, PyDict, PyError, PyFloat, PyObject, PyTuple, Undefined, type Value } from './values';

/** `bool(value)`. NaN is true, as every number but zero. */
export function truthy(value: Value): boolean {
  switch (typeof value) {
    case 'string':
      return value !== '';
    case 'boolean':
      return value;
    case 'number':
      return value !== 0;
    case 'bigint':
      return true;
    default:
      break;
  }
  if (value === null || value instanceof Undefined) {
    return false;
  }
  if (Array.isArray(value)) {
    return value.length > 0;
  }
  if (value instanceof PyDict) {
    return value.size > 0;
  }
  if (value instanceof PyTuple) {
    return value.items.length > 0;
  }
  if (value instanceof PyFloat) {
    return value.value !== 0;
  }
  return value instanceof Markup ? value.text !== '' : value.truthy();
}

/** `a == b`. */
export function pyEquals(a: Value, b: Value): boolean {
  if (typeof a === 'string' && typeof b === 'string') {
    return a === b;
  }
  if (isNumber(a) && isNumber(b)) {
    const left = numericValue(a);
    const right = numericValue(b);
    return left <= right && left >= right;
  }
  const text = textOf(a);
  if (text !== undefined) {
    return text === textOf(b);
  }
  if (Array.isArray(a)) {
    return Array.isArray(b) && sequencesEqual(a, b);
  }
  if (a instanceof PyTuple) {
    return b instanceof PyTuple && sequencesEqual(a.items, b.items);
  }
  if (a instanceof PyDict) {
    return b instanceof PyDict && dictsEqual(a, b);
  }
  if (a instanceof Undefined) {
    return b instanceof Undefined;
  }
  if (a instanceof PyObject) {
    return a.equals(b);
  }
  return b instanceof PyObject ? b.equals(a) : a === b;
}

/** What containers compare their items by: the same object, or an equal one. So NaN is found in the list it was put into. */
export function sameOrEqual(a: Value, b: Value): boolean {
  return Object.is(a, b) || pyEquals(a, b);
}

/** Numbers of every type, for JavaScript's `==` and `<`, which compare number and bigint exactly. */
function numericValue(value: number | bigint | boolean | PyFloat): number | bigint {
  return value instanceof PyFloat ? value.value : typeof value === 'boolean' ? Number(value) : value;
}

function sequencesEqual(a: readonly Value[], b: readonly Value[]): boolean {
  return a.length === b.length && a.every((item, i) => sameOrEqual(item, b[i] as Value));
}

function dictsEqual(a: PyDict, b: PyDict): boolean {
  if (a.size !== b.size) {
    return false;
  }
  for (const [key, value] of a.entries()) {
    const other = b.get(key);
    if (other === undefined || !sameOrEqual(value, other)) {
      return false;
    }
  }
  return true;
}

export type OrderOperator = '<' | '<=' | '>' | '>=';

/** `a < b` and its like. @throws PyError where Python has no order between the two types. */
export function ordered(operator: OrderOperator, a: Value, b: Value): boolean {
  if (isNumber(a) && isNumber(b)) {
    const left = numericValue(a);
    const right = numericValue(b);
    switch (operator) {
      case '<':
        return left < right;
      case '<=':
        return left <= right;
      case '>':
        return left > right;
      case '>=':
        return left >= right;
    }
  }
  const left = textOf(a);
  const right = textOf(b);
  if (left !== undefined && right !== undefined) {
    return holds(operator, compareText(left, right));
  }
  const items = sequencePair(a, b);
  if (items) {
    return sequencesOrdered(operator, ...items);
  }
  throw orderError(operator, a, b);
}

function orderError(operator: OrderOperator, a: Value, b: Value): PyError {
  for (const value of [a, b]) {
    if (value instanceof Undefined) {
      return new PyError('UndefinedError', value.message);
    }
  }
  return new PyError('TypeError', `'${operator}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`);
}

function holds(operator: OrderOperator, difference: number): boolean {
  switch (operator) {
    case '<':
      return difference < 0;
    case '<=':
      return difference <= 0;
    case '>':
      return difference > 0;
    case '>=':
      return difference >= 0;
  }
}

function sequencePair(a: Value, b: Value): [readonly Value[], readonly Value[]] | undefined {
  if (Array.isArray(a) && Array.isArray(b)) {
    return [a, b];
  }
  return a instanceof PyTuple && b instanceof PyTuple ? [a.items, b.items] : undefined;
}

/** The first items that differ decide; if there are none, the lengths do. */
function sequencesOrdered(operator: OrderOperator, a: readonly Value[], b: readonly Value[]): boolean {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const left = a[i] as Value;
    const right = b[i] as Value;
    if (!sameOrEqual(left, right)) {
      return ordered(operator, left, right);
    }
  }
  return holds(operator, a.length - b.length);
}

/** `sorted(values, key, reverse)`: stable in both directions. */
export function sortValues<T>(values: readonly T[], key: (value: T) => Value, reverse: boolean): T[] {
  const keyed = values.map((value) => ({ value, key: key(value) }));
  const compare = (a: { key: Value }, b: { key: Value }): number =>
    ordered('<', a.key, b.key) ? -1 : ordered('<', b.key, a.key) ? 1 : 0;
  keyed.sort(reverse ? (a, b) => compare(b, a) : compare);
  return keyed.map(({ value }) => value);
}

/** Whether two values are one object, `a is b`. Small values that Python shares compare by value. */
export function isSame(a: Value, b: Value): boolean {
  if (isFloat(a) || isFloat(b) || isInt(a) || isInt(b)) {
    return typeName(a) === typeName(b) && Object.is(a instanceof PyFloat ? a.value : a, b instanceof PyFloat ? b.value : b);
  }
  return a === b;
}
