import { intArgument } from '../python/arguments';
import { floatDigits } from '../python/format-number';
import { parseFloatText, parseIntText, roundFloat, roundInt, truncateFloat } from '../python/numbers';
import { absolute, divide, multiply, power } from '../python/operators';
import { doubleOf, isFloat, isInt, isNumber, textOf, typeName } from '../python/types';
import { PyError, Undefined, orElse, pyFloat, type Value } from '../python/values';
import { row, type Argument, type FilterTable } from './table';

/** `int(value)`, of text through `float` if need be, so that `'3.7'` is 3; the default for all else. */
function toInt(value: Value, [fallback, base]: readonly Argument[]): Value {
  const text = textOf(value);
  const whole = text === undefined ? numberToInt(value) : parseIntText(text, intArgument(base, 10));
  if (whole !== undefined) {
    return whole;
  }
  const double = text === undefined ? undefined : parseFloatText(text);
  return double === undefined || !Number.isFinite(double) ? orElse(fallback, 0) : truncateFloat(double);
}

function numberToInt(value: Value): Value | undefined {
  if (value instanceof Undefined) {
    throw new PyError('UndefinedError', value.message);
  }
  if (isFloat(value)) {
    const double = doubleOf(value);
    return Number.isNaN(double) ? undefined : truncateFloat(double);
  }
  return isInt(value) ? (typeof value === 'boolean' ? Number(value) : value) : undefined;
}

function toFloat(value: Value, fallback: Value): Value {
  if (value instanceof Undefined) {
    throw new PyError('UndefinedError', value.message);
  }
  const text = textOf(value);
  const double = text === undefined ? (isNumber(value) ? doubleOf(value) : undefined) : parseFloatText(text);
  if (typeof value === 'bigint' && !Number.isFinite(double)) {
    throw new PyError('OverflowError', 'int too large to convert to float');
  }
  return double === undefined ? fallback : pyFloat(double);
}

/** Half to even; an int stays an int unless the method is `floor` or `ceil`, which divide. */
function round(value: Value, [precision, method]: readonly Argument[]): Value {
  const places = intArgument(precision, 0);
  const how = method === undefined ? 'common' : textOf(method);
  if (how !== 'common' && how !== 'ceil' && how !== 'floor') {
    throw new PyError('FilterArgumentError', 'method must be common, ceil or floor');
  }
  if (!isNumber(value)) {
    throw value instanceof Undefined
      ? new PyError('UndefinedError', value.message)
      : new PyError('TypeError', `type ${typeName(value)} doesn't define __round__ method`);
  }
  if (how === 'common') {
    return isFloat(value)
      ? roundFloat(doubleOf(value), places)
      : roundInt(typeof value === 'boolean' ? Number(value) : value, places);
  }
  const scale = power(10, places);
  const scaled = multiply(value, scale);
  const whole = isFloat(scaled) ? truncateFloat(Math[how](doubleOf(scaled))) : scaled;
  return divide(whole, scale);
}

/** Each a thousand (or 1024) times the one before. */
const units = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];

function fileSize(value: Value, binary: boolean): string {
  const size = toFloat(value, null);
  if (!isNumber(size)) {
    throw new PyError('ValueError', 'could not convert to a number of bytes');
  }
  const bytes = doubleOf(size);
  const base = binary ? 1024 : 1000;
  if (bytes === 1) {
    return '1 Byte';
  }
  if (bytes < base) {
    return `${Math.trunc(bytes)} Bytes`;
  }
  const exponent = units.findIndex((_, i) => bytes < base ** (i + 2));
  const index = exponent < 0 ? units.length - 1 : exponent;
  const unit = binary ? `${units[index]?.toUpperCase()}iB` : `${units[index]}B`;
  return `${floatDigits((base * bytes) / base ** (index + 2), { type: 'f', precision: 1, alternate: false })} ${unit}`;
}

export const numberFilters: FilterTable = {
  abs: row([], absolute),
  filesizeformat: row(['binary?'], (value, [binary]) => fileSize(value, binary === true || binary === 1)),
  float: row(['default?'], (value, [fallback]) => toFloat(value, orElse(fallback, pyFloat(0)))),
  int: row(['default?', 'base?'], toInt),
  round: row(['precision?', 'method?'], round),
};
