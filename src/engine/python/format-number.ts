import { exponentText, floatRepr, scaledHalfEven, shortestDigits, scientific } from './numbers';
import { PyError } from './values';

/** Python allows two billion digits; this is what keeps a width or precision from taking all memory. */
export const maxFormatSize = 1_000_000;

export interface FloatStyle {
  /** `e`, `f` or `g`, in either case; `%` is `f` of a hundred times. */
  readonly type: string;
  readonly precision: number;
  /** `#`: keeps the point and, for `g`, the zeros. */
  readonly alternate: boolean;
}

/** The digits of a float without its sign. @throws PyError for a size that no text needs */
export function floatDigits(x: number, { type, precision, alternate }: FloatStyle): string {
  if (precision > maxFormatSize) {
    throw new PyError('LimitError', `a precision of more than ${maxFormatSize}`);
  }
  const magnitude = Math.abs(x);
  const text = Number.isFinite(x) ? finiteDigits(magnitude, type.toLowerCase(), precision, alternate) : floatRepr(magnitude);
  return type === type.toUpperCase() && type !== '%' ? text.toUpperCase() : text;
}

function finiteDigits(x: number, type: string, precision: number, alternate: boolean): string {
  switch (type) {
    case 'e':
      return exponential(x, precision, alternate);
    case 'g':
      return general(x, Math.max(precision, 1), alternate, -4);
    default:
      return fixed(x, precision, alternate);
  }
}

function fixed(x: number, precision: number, alternate: boolean): string {
  // A double has at most 1074 decimals; the rest are zeros.
  const places = Math.min(precision, 1100);
  const digits = scaledHalfEven(x, places)
    .toString()
    .padStart(places + 1, '0');
  const fraction = digits.slice(digits.length - places).padEnd(precision, '0');
  return precision === 0 ? digits + (alternate ? '.' : '') : `${digits.slice(0, digits.length - places)}.${fraction}`;
}

/** The first `count` significant digits, correctly rounded, and the power of ten of the first. */
function significant(x: number, count: number): [digits: string, exponent: number] {
  if (x === 0) {
    return ['0'.repeat(count), 0];
  }
  const places = Math.min(count, 1100);
  let exponent = shortestDigits(x)[1];
  let digits = scaledHalfEven(x, places - 1 - exponent).toString();
  if (digits.length > places) {
    exponent += 1;
    digits = digits.slice(0, places);
  }
  return [digits.padEnd(count, '0'), exponent];
}

function exponential(x: number, precision: number, alternate: boolean): string {
  const [digits, exponent] = significant(x, precision + 1);
  return precision === 0 && alternate ? `${digits}.e${exponentText(exponent)}` : scientific(digits, exponent);
}

/** `%g`: fixed for exponents from -4 up to the precision, else with an exponent, without trailing zeros. */
function general(x: number, precision: number, alternate: boolean, lowest: number): string {
  const [digits, exponent] = significant(x, precision);
  const kept = alternate ? digits : digits.replace(/(?!^)0+$/, '');
  if (exponent < lowest || exponent >= precision) {
    return alternate && kept.length === 1 ? `${kept}.e${exponentText(exponent)}` : scientific(kept, exponent);
  }
  if (exponent < 0) {
    return `0.${'0'.repeat(-exponent - 1)}${kept}`;
  }
  const whole = kept.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = kept.slice(exponent + 1);
  return fraction || alternate ? `${whole}.${fraction}` : whole;
}

/**
 * `format(x, '.Np')` without a type: as `g`, but never without a decimal, and with an exponent one digit earlier.
 * Without a precision it is `repr`.
 */
export function plainFloat(x: number, precision: number | undefined, alternate: boolean): string {
  const magnitude = Math.abs(x);
  if (precision === undefined || !Number.isFinite(x)) {
    return floatRepr(magnitude);
  }
  const count = Math.max(precision, 1);
  const [digits, exponent] = significant(magnitude, count);
  if (exponent >= -4 && exponent < count - 1) {
    const text = general(magnitude, count, alternate, -4);
    return text.includes('.') ? text : `${text}.0`;
  }
  if (exponent < -4 || exponent >= count) {
    return general(magnitude, count, alternate, -4);
  }
  // The exponent is exactly `count - 1`: `g` would print an integer, which would not look like a float.
  const kept = digits.replace(/(?!^)0+$/, '');
  return scientific(kept, exponent);
}

/** Thousands separators into a whole part, and zeros to a width that counts them. */
export function groupDigits(whole: string, separator: string, size: number, minimumWidth: number): string {
  let digits = whole;
  const grouped = (): string => digits.replace(new RegExp(`\\B(?=(?:.{${size}})+$)`, 'g'), separator);
  while (grouped().length < minimumWidth) {
    digits = `0${digits}`;
  }
  return grouped();
}
