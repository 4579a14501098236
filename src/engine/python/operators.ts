import { escapeHtml } from './html';
import { toArray } from './iterate';
import { divideBig, finiteDouble, floatDivmod, intDivmod, type Numeric } from './division';
import { checkedInt, checkedList, checkedText, limits } from './limits';
import { formatPercent } from './format-percent';
import { includesValue } from './objects';
import { doubleOf, isFloat, isInt, isNumber, textOf, typeName } from './types';
import { Markup, PyDict, PyError, PyObject, PyTuple, Undefined, pyFloat, pyInt, type Value } from './values';

type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '** or pow()';

export function add(a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number' && Number.isInteger(a) && Number.isInteger(b)) {
    const sum = a + b;
    return Number.isSafeInteger(sum) ? sum : BigInt(a) + BigInt(b);
  }
  if (typeof a === 'string' && typeof b === 'string') {
    return checkedText(a + b);
  }
  if (isNumber(a) && isNumber(b)) {
    return arithmetic(
      a,
      b,
      (x, y) => x + y,
      (x, y) => x + y,
    );
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return checkedList([...a, ...b]);
  }
  if (a instanceof PyTuple && b instanceof PyTuple) {
    return new PyTuple(checkedList([...a.items, ...b.items]));
  }
  return addText(a, b);
}

/** Text with text. A Markup on either side makes the result one, and escapes the other. */
function addText(a: Value, b: Value): Value {
  const left = textOf(a);
  const right = textOf(b);
  if (left === undefined || right === undefined || !(a instanceof Markup || b instanceof Markup)) {
    if (left !== undefined && !(b instanceof Undefined)) {
      throw new PyError('TypeError', `can only concatenate str (not "${typeName(b)}") to str`);
    }
    if (Array.isArray(a) && !(b instanceof Undefined)) {
      throw new PyError('TypeError', `can only concatenate list (not "${typeName(b)}") to list`);
    }
    throw operandError('+', a, b);
  }
  return new Markup(
    checkedText((a instanceof Markup ? left : escapeHtml(left)) + (b instanceof Markup ? right : escapeHtml(right))),
  );
}

export function subtract(a: Value, b: Value): Value {
  return isNumber(a) && isNumber(b)
    ? arithmetic(
        a,
        b,
        (x, y) => x - y,
        (x, y) => x - y,
      )
    : fail('-', a, b);
}

export function multiply(a: Value, b: Value): Value {
  if (isNumber(a) && isNumber(b)) {
    return arithmetic(
      a,
      b,
      (x, y) => x * y,
      (x, y) => checkedInt(x * y),
    );
  }
  if (isInt(b)) {
    return repeat(a, Number(b)) ?? fail('*', a, b);
  }
  return isInt(a) ? (repeat(b, Number(a)) ?? fail('*', a, b)) : fail('*', a, b);
}

function repeat(value: Value, times: number): Value | undefined {
  const count = Math.max(0, times);
  if (!Number.isSafeInteger(count)) {
    throw new PyError('OverflowError', "cannot fit 'int' into an index-sized integer");
  }
  const text = textOf(value);
  if (text !== undefined) {
    if (text.length * count > limits.textLength) {
      throw new PyError('LimitError', `a text of more than ${limits.textLength} characters`);
    }
    const repeated = text.repeat(count);
    return value instanceof Markup ? new Markup(repeated) : repeated;
  }
  const items = Array.isArray(value) ? value : value instanceof PyTuple ? value.items : undefined;
  if (items === undefined) {
    return undefined;
  }
  if (items.length * count > limits.listLength) {
    throw new PyError('LimitError', `a list of more than ${limits.listLength} items`);
  }
  const repeated = Array.from({ length: items.length * count }, (_, i) => items[i % items.length] as Value);
  return Array.isArray(value) ? repeated : new PyTuple(repeated);
}

export function divide(a: Value, b: Value): Value {
  if (!isNumber(a) || !isNumber(b)) {
    return fail('/', a, b);
  }
  if (doubleOf(b) === 0) {
    throw new PyError('ZeroDivisionError', isInt(a) && isInt(b) ? 'division by zero' : 'float division by zero');
  }
  return pyFloat(typeof a === 'bigint' || typeof b === 'bigint' ? divideBig(a, b) : doubleOf(a) / doubleOf(b));
}

export function floorDivide(a: Value, b: Value): Value {
  if (!isNumber(a) || !isNumber(b)) {
    return fail('//', a, b);
  }
  if (isFloat(a) || isFloat(b)) {
    return pyFloat(floatDivmod(finiteDouble(a), finiteDouble(b), 'float floor division by zero').quotient);
  }
  return intDivmod(BigInt(a), BigInt(b)).quotient;
}

export function modulo(a: Value, b: Value): Value {
  const text = textOf(a);
  if (text !== undefined) {
    const formatted = formatPercent(text, a instanceof Markup ? escapeArguments(b) : b);
    return a instanceof Markup ? new Markup(formatted) : formatted;
  }
  if (!isNumber(a) || !isNumber(b)) {
    return fail('%', a, b);
  }
  if (isFloat(a) || isFloat(b)) {
    return pyFloat(floatDivmod(finiteDouble(a), finiteDouble(b), 'float modulo').remainder);
  }
  return intDivmod(BigInt(a), BigInt(b)).remainder;
}

function escapeArguments(value: Value): Value {
  if (value instanceof PyTuple) {
    return new PyTuple(value.items.map(escapeArguments));
  }
  return typeof value === 'string' ? escapeHtml(value) : value;
}

export function power(a: Value, b: Value): Value {
  if (!isNumber(a) || !isNumber(b)) {
    return fail('** or pow()', a, b);
  }
  if (isInt(a) && isInt(b) && BigInt(b) >= 0n) {
    const base = BigInt(a);
    const exponent = BigInt(b);
    const bits = base.toString(2).length;
    if (base * base > 1n && BigInt(bits) * exponent > BigInt(limits.intBits)) {
      throw new PyError('LimitError', `a number of more than ${limits.intBits} bits`);
    }
    return pyInt(
      base * base > 1n ? base ** exponent : exponent % 2n === 0n && exponent > 0n ? base * base : exponent === 0n ? 1n : base,
    );
  }
  const base = finiteDouble(a);
  const exponent = finiteDouble(b);
  if (base === 0 && exponent < 0) {
    throw new PyError('ZeroDivisionError', '0.0 cannot be raised to a negative power');
  }
  if (base < 0 && Number.isFinite(base) && !Number.isInteger(exponent) && Number.isFinite(exponent)) {
    throw new PyError('ValueError', 'a negative number has no real power with a fraction');
  }
  if (base === 1 || exponent === 0 || (base === -1 && !Number.isFinite(exponent) && !Number.isNaN(exponent))) {
    return pyFloat(1);
  }
  const result = base ** exponent;
  if (!Number.isFinite(result) && Number.isFinite(base) && Number.isFinite(exponent)) {
    throw new PyError('OverflowError', "(34, 'Numerical result out of range')");
  }
  return pyFloat(result);
}

export function negate(a: Value): Value {
  if (!isNumber(a)) {
    throw unaryError('-', a);
  }
  if (isFloat(a)) {
    return pyFloat(-doubleOf(a));
  }
  return typeof a === 'bigint' ? pyInt(-a) : a ? -Number(a) : 0;
}

export function positive(a: Value): Value {
  if (!isNumber(a)) {
    throw unaryError('+', a);
  }
  return typeof a === 'boolean' ? Number(a) : a;
}

export function absolute(a: Value): Value {
  if (!isNumber(a)) {
    throw a instanceof Undefined
      ? new PyError('UndefinedError', a.message)
      : new PyError('TypeError', `bad operand type for abs(): '${typeName(a)}'`);
  }
  return doubleOf(a) < 0 || Object.is(doubleOf(a), -0) ? negate(a) : positive(a);
}

/** `item in container`. */
export function contains(container: Value, item: Value): boolean {
  const text = textOf(container);
  if (text !== undefined) {
    const part = textOf(item);
    if (part === undefined) {
      throw item instanceof Undefined
        ? new PyError('TypeError', `'in <string>' requires string as left operand, not Undefined`)
        : new PyError('TypeError', `'in <string>' requires string as left operand, not ${typeName(item)}`);
    }
    return text.includes(part);
  }
  if (container instanceof PyDict) {
    return container.has(item);
  }
  if (container === null || isNumber(container) || (container instanceof PyObject && container.iterate() === undefined)) {
    throw new PyError('TypeError', `argument of type '${typeName(container)}' is not iterable`);
  }
  return includesValue(toArray(container), item);
}

function arithmetic(
  a: Numeric,
  b: Numeric,
  onDoubles: (x: number, y: number) => number,
  onInts: (x: bigint, y: bigint) => bigint,
): Value {
  if (isFloat(a) || isFloat(b)) {
    return pyFloat(onDoubles(finiteDouble(a), finiteDouble(b)));
  }
  if (typeof a !== 'bigint' && typeof b !== 'bigint') {
    const result = onDoubles(Number(a), Number(b));
    if (Number.isSafeInteger(result)) {
      return result === 0 ? 0 : result;
    }
  }
  return pyInt(onInts(BigInt(a), BigInt(b)));
}

function fail(operator: BinaryOperator, a: Value, b: Value): never {
  throw operandError(operator, a, b);
}

function operandError(operator: BinaryOperator, a: Value, b: Value): PyError {
  for (const operand of [a, b]) {
    if (operand instanceof Undefined) {
      return new PyError('UndefinedError', operand.message);
    }
  }
  return new PyError('TypeError', `unsupported operand type(s) for ${operator}: '${typeName(a)}' and '${typeName(b)}'`);
}

function unaryError(operator: string, a: Value): PyError {
  return a instanceof Undefined
    ? new PyError('UndefinedError', a.message)
    : new PyError('TypeError', `bad operand type for unary ${operator}: '${typeName(a)}'`);
}
