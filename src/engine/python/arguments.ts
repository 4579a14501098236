import { isInt, textOf, typeName } from './types';
import { PyError, Undefined, type Kwargs, type Value } from './values';

/**
 * The parameters of a function, in order. A trailing `?` marks one that may be left out, a leading `/` one that cannot be given by
 * name (`['/text', 'count?']`); `*` as the last takes any number of positional arguments.
 */
export type Parameters = readonly string[];

/** Arguments in the order of the parameters, undefined where one was left out; with `*`, the rest follow. @throws PyError */
export function bindArguments(
  name: string,
  parameters: Parameters,
  args: readonly Value[],
  kwargs: Kwargs | undefined,
): (Value | undefined)[] {
  const variadic = parameters.at(-1) === '*';
  const count = variadic ? parameters.length - 1 : parameters.length;
  if (args.length > count && !variadic) {
    throw new PyError('TypeError', `${name}() takes at most ${count} argument${count === 1 ? '' : 's'} (${args.length} given)`);
  }
  const bound: (Value | undefined)[] = args.slice();
  if (kwargs) {
    for (const [key, value] of kwargs) {
      const index = parameters.findIndex((parameter) => parameter.replace('?', '') === key);
      if (index < 0) {
        throw new PyError('TypeError', `${name}() got an unexpected keyword argument '${key}'`);
      }
      if (bound[index] !== undefined) {
        throw new PyError('TypeError', `${name}() got multiple values for argument '${key}'`);
      }
      bound[index] = value;
    }
  }
  for (let i = 0; i < count; i++) {
    if (bound[i] === undefined && !parameters[i]?.endsWith('?')) {
      throw new PyError('TypeError', `${name}() missing required argument '${parameters[i]?.replace('/', '')}'`);
    }
  }
  return bound;
}

/** An argument that must be text. @throws PyError */
export function textArgument(value: Value | undefined, fallback?: string): string {
  const text = value === undefined ? fallback : textOf(value);
  if (text === undefined) {
    throw wrongType('str', value);
  }
  return text;
}

/** An argument that must be an int; one beyond the safe range is as good as infinite here. @throws PyError */
export function intArgument(value: Value | undefined, fallback?: number): number {
  if (value === undefined && fallback !== undefined) {
    return fallback;
  }
  if (!isInt(value)) {
    throw wrongType('int', value);
  }
  return Number(value);
}

function wrongType(expected: string, value: Value | undefined): PyError {
  if (value instanceof Undefined) {
    return new PyError('UndefinedError', value.message);
  }
  return new PyError('TypeError', `expected ${expected}, not ${value === undefined ? 'nothing' : typeName(value)}`);
}
