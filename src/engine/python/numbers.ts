import { PyError, pyFloat, pyInt, type Value } from './values';
import { strip } from './text';

/** Python refuses to print or read longer ints, because the time grows with the square (`sys.get_int_max_str_digits`). */
const maxIntDigits = 4300;

/** `repr(float)`: the shortest digits that read back, with an exponent below 1e-4 and from 1e16 on. */
export function floatRepr(x: number): string {
  if (Number.isNaN(x)) {
    return 'nan';
  }
  if (!Number.isFinite(x)) {
    return x > 0 ? 'inf' : '-inf';
  }
  if (x === 0) {
    return Object.is(x, -0) ? '-0.0' : '0.0';
  }
  const [digits, exponent] = shortestDigits(Math.abs(x));
  const sign = x < 0 ? '-' : '';
  if (exponent < -4 || exponent >= 16) {
    return `${sign}${scientific(digits, exponent)}`;
  }
  if (exponent < 0) {
    return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  }
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}

/** The digits that JavaScript and Python agree on, and the power of ten of the first. `x` is positive and finite. */
export function shortestDigits(x: number): [digits: string, exponent: number] {
  const [mantissa = '', exponent = '0'] = x.toExponential().split('e');
  return [mantissa.replace('.', ''), Number(exponent)];
}

/** `d.ddde+XX`, the exponent with two digits at least. */
export function scientific(digits: string, exponent: number): string {
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
  return `${digits[0]}${fraction}e${exponentText(exponent)}`;
}

export function exponentText(exponent: number): string {
  return `${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

export function intRepr(x: number | bigint): string {
  const text = String(x);
  if (text.length > maxIntDigits + 1) {
    throw new PyError('ValueError', `Exceeds the limit (${maxIntDigits} digits) for integer string conversion`);
  }
  return text;
}

/** `x * 10 ** places` of the double's exact value, rounded half to even: what `round`, `%.2f` and `format` share. */
export function scaledHalfEven(x: number, places: number): bigint {
  const { mantissa, exponent } = decompose(x);
  let numerator = mantissa;
  let denominator = 1n;
  if (exponent >= 0) {
    numerator <<= BigInt(exponent);
  } else {
    denominator <<= BigInt(-exponent);
  }
  if (places >= 0) {
    numerator *= 10n ** BigInt(places);
  } else {
    denominator *= 10n ** BigInt(-places);
  }
  return divideHalfEven(numerator, denominator);
}

/** A finite double as `mantissa * 2 ** exponent`, exactly. */
function decompose(x: number): { mantissa: bigint; exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const magnitude = biased === 0 ? fraction : fraction | 0x10000000000000n;
  return { mantissa: x < 0 ? -magnitude : magnitude, exponent: Math.max(biased, 1) - 1075 };
}

export function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n;
  const magnitude = negative ? -numerator : numerator;
  let quotient = magnitude / denominator;
  const twice = (magnitude % denominator) * 2n;
  if (twice > denominator || (twice === denominator && quotient % 2n === 1n)) {
    quotient += 1n;
  }
  return negative ? -quotient : quotient;
}

/** `round(x, places)` of a float: correctly rounded, still a float. */
export function roundFloat(x: number, places: number): Value {
  if (!Number.isFinite(x) || x === 0 || places > 323) {
    return pyFloat(x);
  }
  if (places < -308) {
    return pyFloat(x < 0 ? -0 : 0);
  }
  const scaled = scaledHalfEven(x, places);
  const rounded = Number(`${scaled}e${-places}`);
  if (!Number.isFinite(rounded)) {
    throw new PyError('OverflowError', 'rounded value too large to represent');
  }
  return pyFloat(rounded === 0 && x < 0 ? -0 : rounded);
}

/** `round(x, places)` of an int: itself, or half to even at a power of ten. */
export function roundInt(x: number | bigint, places: number): Value {
  if (places >= 0) {
    return x;
  }
  if (-places > maxIntDigits) {
    return 0;
  }
  const unit = 10n ** BigInt(-places);
  return pyInt(divideHalfEven(BigInt(x), unit) * unit);
}

/** `int(float)`: toward zero. */
export function truncateFloat(x: number): Value {
  if (Number.isNaN(x)) {
    throw new PyError('ValueError', 'cannot convert float NaN to integer');
  }
  if (!Number.isFinite(x)) {
    throw new PyError('OverflowError', 'cannot convert float infinity to integer');
  }
  return pyInt(BigInt(Math.trunc(x)));
}

const decimalFloat = /^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+(?:_\d+)*)?$/i;
const namedFloat = /^([+-]?)(inf|infinity|nan)$/i;

/** `float(str)`, or undefined where Python raises ValueError. */
export function parseFloatText(text: string): number | undefined {
  const trimmed = asciiDigits(strip(text));
  const named = namedFloat.exec(trimmed);
  if (named) {
    return named[2]?.toLowerCase() === 'nan' ? NaN : named[1] === '-' ? -Infinity : Infinity;
  }
  return decimalFloat.test(trimmed) ? Number(trimmed.replaceAll('_', '')) : undefined;
}

const prefixes: Readonly<Record<string, number>> = { '0b': 2, '0o': 8, '0x': 16 };

/** The number of a text of one to fifteen ASCII digits, which nearly all are; undefined for any other. */
function shortInt(text: string): number | undefined {
  const { length } = text;
  if (length === 0 || length > 15) {
    return undefined;
  }
  let result = 0;
  for (let i = 0; i < length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) {
      return undefined;
    }
    result = result * 10 + digit;
  }
  return result;
}

/** `int(str, base)`, or undefined where Python raises ValueError for the text. */
export function parseIntText(text: string, base = 10): Value | undefined {
  const short = base === 10 ? shortInt(text) : undefined;
  if (short !== undefined) {
    return short;
  }
  // Not a number at all, as a missing value is.
  if (text === '' && base === 10) {
    return undefined;
  }
  if (base !== 0 && (base < 2 || base > 36)) {
    throw new PyError('ValueError', 'int() base must be >= 2 and <= 36, or 0');
  }
  const trimmed = asciiDigits(strip(text)).toLowerCase();
  const negative = trimmed.startsWith('-');
  let digits = /^[+-]/.test(trimmed) ? trimmed.slice(1) : trimmed;
  const prefixBase = prefixes[digits.slice(0, 2)];
  let radix = base;
  if (prefixBase !== undefined && (base === 0 || base === prefixBase)) {
    radix = prefixBase;
    digits = digits.slice(digits[2] === '_' ? 3 : 2);
  } else if (base === 0) {
    radix = 10;
    if (/^0[0_]*[1-9]/.test(digits)) {
      return undefined;
    }
  }
  if (!/^[0-9a-z]+(?:_[0-9a-z]+)*$/.test(digits)) {
    return undefined;
  }
  digits = digits.replaceAll('_', '');
  if (radix === 10 && /^\d{1,15}$/.test(digits)) {
    const small = Number(digits);
    return negative && small !== 0 ? -small : small;
  }
  if ((radix & (radix - 1)) !== 0 && digits.length > maxIntDigits) {
    throw new PyError('ValueError', `Exceeds the limit (${maxIntDigits} digits) for integer string conversion`);
  }
  let result = 0n;
  for (const digit of digits) {
    const worth = parseInt(digit, 36);
    if (worth >= radix) {
      return undefined;
    }
    result = result * BigInt(radix) + BigInt(worth);
  }
  return pyInt(negative ? -result : result);
}

/** Decimal digits of any script as `0` to `9`; Python reads numbers in all of them. */
function asciiDigits(text: string): string {
  return /\P{ASCII}/u.test(text) ? text.replace(/\p{Nd}/gu, (digit) => String(digitWorth(digit.codePointAt(0) ?? 0))) : text;
}

/** Every script's ten digits follow one another; only the mathematical ones have several sets without a gap. */
function digitWorth(codePoint: number): number {
  if (codePoint >= 0x1d7ce && codePoint <= 0x1d7ff) {
    return (codePoint - 0x1d7ce) % 10;
  }
  let zero = codePoint;
  while (codePoint - zero < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) {
    zero--;
  }
  return codePoint - zero;
}
