import { floatDigits, maxFormatSize } from './format-number';
import { pyRepr, pyStr, escapeCharacter } from './print';
import { truncateFloat } from './numbers';
import { head, length } from './text';
import { doubleOf, isFloat, isNumber, textOf, typeName } from './types';
import { PyDict, PyError, PyObject, PyTuple, Undefined, type Value } from './values';

const directive = /%(?:\(([^)]*)\))?([#0\- +]*)(\*|\d+)?(?:\.(\*|\d+)?)?[hlL]?([^])?/gu;
const hasPrecision = /\.(?:\*|\d+)?[hlL]?[^]?$/u;

/** `text % values`. A tuple gives several values, a dict named ones, and anything else one. @throws PyError */
export function formatPercent(text: string, values: Value): string {
  const positional = values instanceof PyTuple ? values.items : [values];
  let used = 0;
  let named = false;
  const next = (): Value => {
    const value = positional[used++];
    if (value === undefined) {
      throw new PyError('TypeError', 'not enough arguments for format string');
    }
    return value;
  };
  const result = text.replace(
    directive,
    (whole, key: string | undefined, flags: string, width?: string, precision?: string, type?: string) => {
      if (type === undefined) {
        throw new PyError('ValueError', 'incomplete format');
      }
      if (type === '%') {
        return '%';
      }
      if (key !== undefined) {
        if (!(values instanceof PyDict)) {
          throw new PyError('TypeError', 'format requires a mapping');
        }
        named = true;
      }
      const widthValue = width === '*' ? starSize(next()) : Number(width ?? 0);
      const dotted = hasPrecision.test(whole);
      const places = !dotted ? undefined : precision === '*' ? starSize(next()) : Number(precision ?? 0);
      checkSize(widthValue);
      checkSize(places ?? 0);
      const value = key === undefined ? next() : lookUp(values as PyDict, key);
      const leftAligned = flags.includes('-') || widthValue < 0;
      return layOut(convert(value, type, flags, places), Math.abs(widthValue), leftAligned, flags.includes('0') && !leftAligned);
    },
  );
  if (used < positional.length && !named && !hasItems(values)) {
    throw new PyError('TypeError', 'not all arguments converted during string formatting');
  }
  return result;
}

/** What could have been meant for `%(name)s` need not be used: Python takes everything with `[]` for such, tuples and texts aside. */
function hasItems(values: Value): boolean {
  return values instanceof PyDict || Array.isArray(values) || values instanceof Undefined || values instanceof PyObject;
}

function lookUp(values: PyDict, key: string): Value {
  const value = values.get(key);
  if (value === undefined) {
    throw new PyError('KeyError', `'${key}'`);
  }
  return value;
}

function starSize(value: Value): number {
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw new PyError('TypeError', '* wants int');
  }
  return value;
}

function checkSize(size: number): void {
  if (Math.abs(size) > maxFormatSize) {
    throw new PyError('LimitError', `a width or precision of more than ${maxFormatSize}`);
  }
}

interface Piece {
  readonly sign: string;
  readonly body: string;
  /** Whether the `0` flag applies. */
  readonly numeric: boolean;
}

function layOut({ sign, body, numeric }: Piece, width: number, leftAligned: boolean, zeros: boolean): string {
  const missing = Math.max(0, width - length(sign + body));
  if (leftAligned) {
    return sign + body + ' '.repeat(missing);
  }
  return zeros && numeric ? sign + '0'.repeat(missing) + body : ' '.repeat(missing) + sign + body;
}

function convert(value: Value, type: string, flags: string, precision: number | undefined): Piece {
  switch (type) {
    case 's':
      return plain(pyStr(value), precision);
    case 'r':
      return plain(pyRepr(value), precision);
    case 'a':
      return plain(pyRepr(value).replace(/\P{ASCII}/gu, escapeCharacter), precision);
    case 'c':
      return { sign: '', body: character(value), numeric: false };
    case 'd':
    case 'i':
    case 'u':
      return integer(value, type, flags, precision, 10, '');
    case 'o':
      return integer(value, type, flags, precision, 8, '0o');
    case 'x':
    case 'X':
      return integer(value, type, flags, precision, 16, `0${type}`);
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
      return float(value, type, flags, precision ?? 6);
    default:
      throw new PyError('ValueError', `unsupported format character '${type}'`);
  }
}

function plain(text: string, precision: number | undefined): Piece {
  return { sign: '', body: precision === undefined ? text : head(text, precision), numeric: false };
}

function character(value: Value): string {
  const text = textOf(value);
  if (text !== undefined && length(text) === 1) {
    return text;
  }
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0x10ffff) {
    return String.fromCodePoint(value);
  }
  throw new PyError('TypeError', '%c requires int or char');
}

function integer(value: Value, type: string, flags: string, precision: number | undefined, radix: number, prefix: string): Piece {
  if (!isNumber(value) || (isFloat(value) && radix !== 10)) {
    throw numberError(
      value,
      radix === 10 ? `%${type} format: a real number is required` : `%${type} format: an integer is required`,
    );
  }
  const number = BigInt((isFloat(value) ? truncateFloat(doubleOf(value)) : value) as number | bigint | boolean);
  const digits = (number < 0n ? -number : number).toString(radix).padStart(precision ?? 1, '0');
  const sign = signOf(number < 0n, flags) + (flags.includes('#') ? prefix : '');
  return { sign, body: type === 'X' ? digits.toUpperCase() : digits, numeric: true };
}

function float(value: Value, type: string, flags: string, precision: number): Piece {
  if (!isNumber(value)) {
    throw numberError(value, `must be real number, not ${typeName(value)}`);
  }
  const x = doubleOf(value);
  const negative = x < 0 || Object.is(x, -0);
  return {
    sign: signOf(negative, flags),
    body: floatDigits(x, { type, precision, alternate: flags.includes('#') }),
    numeric: true,
  };
}

function numberError(value: Value, message: string): PyError {
  return value instanceof Undefined
    ? new PyError('UndefinedError', value.message)
    : new PyError('TypeError', message.includes(', not') ? message : `${message}, not ${typeName(value)}`);
}

function signOf(negative: boolean, flags: string): string {
  return negative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
}
