import { floatDigits, groupDigits, maxFormatSize, plainFloat } from './format-number';
import { pyStr } from './print';
import { head, length } from './text';
import { doubleOf, isFloat, isInt, textOf, typeName } from './types';
import { PyError, PyFloat, Undefined, type Value } from './values';

interface Spec {
  readonly fill: string;
  readonly align: string | undefined;
  readonly sign: string;
  readonly alternate: boolean;
  readonly width: number;
  readonly grouping: string;
  readonly precision: number | undefined;
  readonly type: string;
  readonly noNegativeZero: boolean;
}

const pattern = /^(?:([^])?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([^])?$/u;

function parseSpec(text: string, value: Value): Spec {
  const match = pattern.exec(text);
  if (!match) {
    throw new PyError('ValueError', `Invalid format specifier '${text}' for object of type '${typeName(value)}'`);
  }
  const [, fill, align, sign, z, alternate, zero, width, grouping, precision, type] = match;
  const size = Number(width ?? 0);
  if (size > maxFormatSize || Number(precision ?? 0) > maxFormatSize) {
    throw new PyError('LimitError', `a width or precision of more than ${maxFormatSize}`);
  }
  if (grouping && type && (grouping === ',' ? 'ncboxX' : 'nc').includes(type)) {
    throw new PyError('ValueError', `Cannot specify '${grouping}' with '${type}'.`);
  }
  return {
    fill: fill ?? (zero && align === undefined ? '0' : zero && fill === undefined ? '0' : ' '),
    align: align ?? (zero && textOf(value) === undefined ? '=' : undefined),
    sign: sign ?? '-',
    alternate: alternate !== undefined,
    width: size,
    grouping: grouping ?? '',
    precision: precision === undefined ? undefined : Number(precision),
    type: type ?? '',
    noNegativeZero: z !== undefined,
  };
}

/** `format(value, spec)`, Python's format specification mini-language. @throws PyError */
export function formatValue(value: Value, text: string): string {
  if (text === '') {
    return pyStr(value);
  }
  if (typeof value === 'boolean' && !/[bcdoxXneEfFgG%]$/.test(text)) {
    return formatText(pyStr(value), parseSpec(text, 'text'));
  }
  const string = textOf(value);
  if (string !== undefined) {
    const spec = parseSpec(text, value);
    if (spec.align === '=') {
      throw new PyError('ValueError', "'=' alignment not allowed in string format specifier");
    }
    if (spec.type !== '' && spec.type !== 's') {
      throw new PyError('ValueError', `Unknown format code '${spec.type}' for object of type 'str'`);
    }
    if (spec.sign !== '-' || spec.grouping || spec.alternate) {
      throw new PyError(
        'ValueError',
        `${spec.grouping ? `Cannot specify '${spec.grouping}' with 's'.` : 'Sign not allowed in string format specifier'}`,
      );
    }
    return formatText(string, spec);
  }
  if (isInt(value)) {
    return formatInt(value, parseSpec(text, value));
  }
  if (isFloat(value)) {
    return formatFloat(value, parseSpec(text, value));
  }
  if (value instanceof Undefined) {
    throw new PyError('UndefinedError', value.message);
  }
  throw new PyError('TypeError', `unsupported format string passed to ${typeName(value)}.__format__`);
}

function formatText(text: string, spec: Spec): string {
  return pad(spec.precision === undefined ? text : head(text, spec.precision), spec, spec.align ?? '<');
}

const intBases: Readonly<Record<string, [radix: number, prefix: string]>> = {
  b: [2, '0b'],
  o: [8, '0o'],
  x: [16, '0x'],
  X: [16, '0X'],
};

function formatInt(value: number | bigint | boolean, spec: Spec): string {
  if (spec.type !== '' && 'eEfFgG%'.includes(spec.type)) {
    return formatFloat(new PyFloat(Number(value)), spec);
  }
  if (spec.noNegativeZero) {
    throw new PyError('ValueError', 'Negative zero coercion (z) not allowed in integer format specifier');
  }
  if (spec.precision !== undefined) {
    throw new PyError('ValueError', 'Precision not allowed in integer format specifier');
  }
  if (spec.type === 'c') {
    return pad(String.fromCodePoint(Number(value)), spec, spec.align ?? '<');
  }
  const [radix, prefix] = intBases[spec.type] ?? [10, ''];
  if (radix === 10 && !['', 'd', 'n'].includes(spec.type)) {
    throw new PyError('ValueError', `Unknown format code '${spec.type}' for object of type 'int'`);
  }
  const number = BigInt(value);
  let digits = (number < 0n ? -number : number).toString(radix);
  if (spec.type === 'X') {
    digits = digits.toUpperCase();
  }
  const sign = signOf(number < 0n, spec) + (spec.alternate ? prefix : '');
  return withSign(sign, digits, '', spec, radix === 10 ? 3 : 4);
}

function formatFloat(value: number | PyFloat, spec: Spec): string {
  const x = doubleOf(value);
  if (spec.type !== '' && !'eEfFgGn%'.includes(spec.type)) {
    throw new PyError('ValueError', `Unknown format code '${spec.type}' for object of type 'float'`);
  }
  const percent = spec.type === '%';
  const type = percent ? 'f' : spec.type === 'n' ? 'g' : spec.type;
  const shown = percent ? x * 100 : x;
  const digits =
    type === ''
      ? plainFloat(shown, spec.precision, spec.alternate)
      : floatDigits(shown, { type, precision: spec.precision ?? 6, alternate: spec.alternate });
  const [, whole = '', rest = ''] = /^(\d*)([^]*)$/.exec(digits) ?? [];
  const negative = (x < 0 || Object.is(x, -0)) && !(spec.noNegativeZero && /^[0.]*$/.test(digits));
  return withSign(signOf(negative, spec), whole, rest + (percent ? '%' : ''), spec, 3);
}

function signOf(negative: boolean, spec: Spec): string {
  return negative ? '-' : spec.sign === '-' ? '' : spec.sign;
}

function withSign(sign: string, whole: string, rest: string, spec: Spec, groupSize: number): string {
  const zeroFilled = spec.fill === '0' && spec.align === '=';
  const room = zeroFilled ? spec.width - sign.length - rest.length : 0;
  const digits = whole === '' ? '' : spec.grouping ? groupDigits(whole, spec.grouping, groupSize, room) : whole;
  if (spec.align === '=') {
    return sign + spec.fill.repeat(Math.max(0, spec.width - sign.length - digits.length - rest.length)) + digits + rest;
  }
  return pad(sign + digits + rest, spec, spec.align ?? '>');
}

function pad(text: string, spec: Spec, align: string): string {
  const missing = Math.max(0, spec.width - length(text));
  const before = align === '<' ? 0 : align === '^' ? Math.floor(missing / 2) : missing;
  return spec.fill.repeat(before) + text + spec.fill.repeat(missing - before);
}
