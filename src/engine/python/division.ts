import { doubleOf, isFloat } from './types';
import { PyError, pyInt, type PyFloat, type Value } from './values';

export type Numeric = number | bigint | boolean | PyFloat;

/** The correctly rounded quotient of ints of any size, whose own doubles may be rounded or infinite. */
export function divideBig(a: Numeric, b: Numeric): number {
  if (isFloat(a) || isFloat(b)) {
    return finiteDouble(a) / finiteDouble(b);
  }
  const numerator = BigInt(a as bigint);
  const denominator = BigInt(b as bigint);
  // More bits than a double holds, the last one standing for all that follow, so that `Number` rounds once and rightly.
  const shift = Math.max(0, 128 - bitLength(numerator) + bitLength(denominator));
  const scaled = numerator << BigInt(shift);
  const quotient = scaled / denominator;
  const sticky =
    scaled % denominator === 0n ? 0n : quotient < 0n || (quotient === 0n && numerator < 0n !== denominator < 0n) ? -1n : 1n;
  const result = Number(quotient * 2n + sticky) / 2 ** Math.min(shift + 1, 1000) / 2 ** Math.max(0, shift + 1 - 1000);
  if (!Number.isFinite(result)) {
    throw new PyError('OverflowError', 'integer division result too large for a float');
  }
  return result;
}

function bitLength(value: bigint): number {
  return value.toString(16).length * 4;
}

/** The quotient rounds down and the remainder has the divisor's sign, unlike in JavaScript. */
export function intDivmod(a: bigint, b: bigint): { quotient: Value; remainder: Value } {
  if (b === 0n) {
    throw new PyError('ZeroDivisionError', 'integer division or modulo by zero');
  }
  let quotient = a / b;
  let remainder = a % b;
  if (remainder !== 0n && remainder < 0n !== b < 0n) {
    quotient -= 1n;
    remainder += b;
  }
  return { quotient: pyInt(quotient), remainder: pyInt(remainder) };
}

/** As CPython's `float_divmod`: the remainder first, exactly, then the quotient from it. */
export function floatDivmod(a: number, b: number, zeroMessage: string): { quotient: number; remainder: number } {
  if (b === 0) {
    throw new PyError('ZeroDivisionError', zeroMessage);
  }
  let remainder = a % b;
  let quotient = (a - remainder) / b;
  if (remainder !== 0) {
    if (b < 0 !== remainder < 0) {
      remainder += b;
      quotient -= 1;
    }
  } else {
    remainder = b < 0 ? -0 : 0;
  }
  if (quotient === 0) {
    return { quotient: a / b < 0 || Object.is(a / b, -0) ? -0 : 0, remainder };
  }
  const floor = Math.floor(quotient);
  return { quotient: quotient - floor > 0.5 ? floor + 1 : floor, remainder };
}

/** An int too large for a double is an error in Python, not infinity. */
export function finiteDouble(value: Numeric): number {
  const double = doubleOf(value);
  if (typeof value === 'bigint' && !Number.isFinite(double)) {
    throw new PyError('OverflowError', 'int too large to convert to float');
  }
  return double;
}
