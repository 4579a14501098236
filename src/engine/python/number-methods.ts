import { doubleOf, isFloat } from './types';
import { PyError, PyFloat, PyTuple, pyFloat, pyInt, type Value } from './values';

type Numeric = number | bigint | boolean | PyFloat;

const intMethods: ReadonlyMap<string, (value: bigint) => Value> = new Map(
  Object.entries({
    bit_count: (value: bigint) => absolute(value).toString(2).replaceAll('0', '').length,
    bit_length: (value: bigint) => (value === 0n ? 0 : absolute(value).toString(2).length),
    conjugate: pyInt,
    as_integer_ratio: (value: bigint) => new PyTuple([pyInt(value), 1]),
  }),
);

const floatMethods: ReadonlyMap<string, (value: number) => Value> = new Map(
  Object.entries({
    conjugate: pyFloat,
    is_integer: (value: number) => Number.isInteger(value),
  }),
);

const intAttributes: ReadonlyMap<string, (value: Numeric) => Value> = new Map(
  Object.entries({
    real: (value: Numeric) => (typeof value === 'boolean' ? Number(value) : value),
    imag: (value: Numeric) => (isFloat(value) ? new PyFloat(0) : 0),
    numerator: (value: Numeric) => (typeof value === 'boolean' ? Number(value) : value),
    denominator: () => 1,
  }),
);

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

/** A method of a number, ready to call without arguments; undefined if it has none of the name. */
export function numberMethod(value: Numeric, name: string): ((args: readonly Value[]) => Value) | undefined {
  const floatMethod = isFloat(value) ? floatMethods.get(name) : undefined;
  const intMethod = isFloat(value) ? undefined : intMethods.get(name);
  if (!floatMethod && !intMethod) {
    return undefined;
  }
  return (args) => {
    if (args.length > 0) {
      throw new PyError('TypeError', `${name}() takes no arguments (${args.length} given)`);
    }
    return floatMethod ? floatMethod(doubleOf(value)) : (intMethod?.(BigInt(value as bigint)) ?? null);
  };
}

/** An attribute of a number that is no method. */
export function numberAttribute(value: Numeric, name: string): Value | undefined {
  return isFloat(value) && (name === 'numerator' || name === 'denominator') ? undefined : intAttributes.get(name)?.(value);
}
