import { flatText } from '../flat-text';
import { doubleOf, isFloat, isInt, typeName } from '../python/types';
import { PyError, PyFloat, pyFloat, pyInt, type Value } from '../python/values';
import { isMissing } from '../table';
import { pandasJson } from './pandas-json';
import { compareValues } from './value-order';

/** The values of a function for all groups, brought up to date by each row. Groups are numbered from 0. */
export interface Fold {
  /** @throws PyError if the value is not what the function can take */
  add(group: number, value: Value): void;
  result(group: number): Value;
}

/** A function of a group. Those that can are done while the rows come, the others need all of a column's values at once. */
export type Aggregate =
  /** The number of rows, which needs no column. */
  | { readonly kind: 'count' }
  | { readonly kind: 'fold'; start(): Fold }
  | { readonly kind: 'list'; of(values: readonly Value[], separator: string): Value };

const count: Aggregate = { kind: 'count' };
const join: Aggregate = { kind: 'list', of: (values, separator) => joined(texts(values), separator) };
const jsonArray: Aggregate = {
  kind: 'list',
  of: (values, separator) => (separator === 'str' ? pandasJson(values) : `[${joined(texts(values), ',')}]`),
};
const max: Aggregate = { kind: 'fold', start: () => new Extreme(1) };
const min: Aggregate = { kind: 'fold', start: () => new Extreme(-1) };
const textMax: Aggregate = { kind: 'fold', start: () => new TextExtreme(1) };
const textMin: Aggregate = { kind: 'fold', start: () => new TextExtreme(-1) };
// The last digits of a float depend on the order in which numpy adds, and that on how many there are.
const sum: Aggregate = { kind: 'list', of: (values) => total(numbers(values)) };
/** Divides by all rows, those without a value too. */
const mean: Aggregate = {
  kind: 'list',
  of: (values) => pyFloat(doubleOf(total(numbers(values)) as number) / Math.max(1, values.length)),
};
const variance: Aggregate = { kind: 'list', of: (values) => pyFloat(varianceOf(numbers(values))) };
const deviation: Aggregate = { kind: 'list', of: (values) => pyFloat(Math.sqrt(varianceOf(numbers(values)))) };

/** The functions by their names in the project file. */
export const aggregates: ReadonlyMap<string, Aggregate> = new Map<string, Aggregate>([
  ['count', count],
  ['size', count],
  ['agg', join],
  ['aggregate', join],
  ['json_array_agg', jsonArray],
  ['max', max],
  ['maximum', max],
  ['min', min],
  ['minimum', min],
  ['sum', sum],
  ['mean', mean],
  ['avg', mean],
  ['std', deviation],
  ['stdev', deviation],
  ['stddev', deviation],
  ['var', variance],
  ['variance', variance],
  ['str_max', textMax],
  ['str_maximum', textMax],
  ['str_min', textMin],
  ['str_minimum', textMin],
]);

function texts(values: readonly Value[]): string[] {
  return values.map((value) => {
    if (typeof value !== 'string') {
      throw new PyError(
        'TypeError',
        `only texts can be put together, and there is a value of type ${isMissing(value) ? 'missing' : typeName(value)}`,
      );
    }
    return value;
  });
}

/** V8 has no longer texts. */
const longestText = 2 ** 29 - 24;

function joined(parts: readonly string[], separator: string): string {
  const length = parts.reduce((sum, part) => sum + part.length, separator.length * parts.length);
  if (length > longestText - 2) {
    throw new PyError('LimitError', `a text of more than ${longestText} characters`);
  }
  return parts.join(separator);
}

interface Numbers {
  /** Without missing ones. */
  readonly values: readonly (number | bigint)[];
  readonly areInts: boolean;
}

/** Several values by pandas' `to_numeric`: one float or missing value makes all floats. */
function numbers(values: readonly Value[]): Numbers {
  let areInts = true;
  const result: (number | bigint)[] = [];
  for (const value of values) {
    const number = toNumber(value);
    areInts &&= isInt(number);
    if (number !== undefined) {
      result.push(isInt(number) ? number : doubleOf(number));
    }
  }
  return { values: areInts ? result : result.map(Number), areInts };
}

/** One value by pandas' `to_numeric`: an empty text is missing (undefined), a text that is no number an error. */
function toNumber(value: Value): number | bigint | PyFloat | undefined {
  const number = typeof value === 'string' ? textToNumber(value) : value;
  if (number === undefined || isMissing(number)) {
    return undefined;
  }
  if (isInt(number)) {
    return typeof number === 'boolean' ? Number(number) : number;
  }
  if (!isFloat(number)) {
    throw new PyError('TypeError', `a value of type ${typeName(number)} is not a number`);
  }
  return number;
}

function textToNumber(text: string): Value | undefined {
  const trimmed = text.trim();
  if (/^[+-]?\d+$/.test(trimmed)) {
    return pyInt(BigInt(trimmed.replace(/^\+/, '')));
  }
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(trimmed)) {
    return pyFloat(Number(trimmed));
  }
  const infinite = /^([+-]?)inf(?:inity)?$/i.exec(trimmed);
  if (infinite !== null) {
    return infinite[1] === '-' ? -Infinity : Infinity;
  }
  if (trimmed === '' || /^[+-]?nan$/i.test(trimmed)) {
    return undefined;
  }
  throw new PyError('ValueError', 'a value is not a number');
}

class Extreme implements Fold {
  private readonly bests: (number | bigint | undefined)[] = [];
  /** Whether the group had a float or a missing value. */
  private readonly hasOthers: boolean[] = [];

  /** @param sign 1 for the largest, -1 for the smallest */
  constructor(private readonly sign: number) {}

  add(group: number, value: Value): void {
    const number = toNumber(value);
    if (!isInt(number)) {
      this.hasOthers[group] = true;
    } else if (group >= this.hasOthers.length) {
      this.hasOthers[group] = false;
    }
    const best = this.bests[group];
    const candidate = number === undefined || isInt(number) ? number : doubleOf(number);
    if (candidate === undefined || best === undefined || (this.sign > 0 ? candidate > best : candidate < best)) {
      this.bests[group] = candidate ?? best;
    }
  }

  result(group: number): Value {
    const best = this.bests[group];
    return best === undefined ? NaN : this.hasOthers[group] === true ? pyFloat(Number(best)) : best;
  }
}

class TextExtreme implements Fold {
  private readonly bests: Value[] = [];

  /** @param sign 1 for the last, -1 for the first */
  constructor(private readonly sign: number) {}

  add(group: number, value: Value): void {
    const best = this.bests[group] ?? NaN;
    const isBetter = !isMissing(value) && (isMissing(best) || this.sign * compareValues(value, best) > 0);
    this.bests[group] = !isBetter ? best : typeof value === 'string' ? flatText(value) : value;
  }

  result(group: number): Value {
    return this.bests[group] ?? NaN;
  }
}

function total({ values, areInts }: Numbers): Value {
  return areInts
    ? pyInt(values.reduce<bigint>((sum, value) => sum + BigInt(value), 0n))
    : pyFloat(pairwiseSum(values.map(Number)));
}

/** Of a sample (divided by n − 1); missing for fewer than two values. */
function varianceOf({ values }: Numbers): number {
  const floats = values.map(Number);
  if (floats.length < 2) {
    return NaN;
  }
  const average = pairwiseSum(floats) / floats.length;
  return pairwiseSum(floats.map((value) => (average - value) ** 2)) / (floats.length - 1);
}

/** numpy's order of additions, on which the last digits depend (its `pairwise_sum`: eight running sums in blocks of up to 128). */
function pairwiseSum(values: readonly number[], start = 0, count = values.length): number {
  const at = (index: number): number => values[start + index] as number;
  if (count < 8) {
    let sum = 0;
    for (let i = 0; i < count; i++) {
      sum += at(i);
    }
    return sum;
  }
  if (count <= 128) {
    const sums = Array.from({ length: 8 }, (_, index) => at(index));
    let i = 8;
    for (; i < count - (count % 8); i += 8) {
      for (let j = 0; j < 8; j++) {
        sums[j] = (sums[j] as number) + at(i + j);
      }
    }
    const [a, b, c, d, e, f, g, h] = sums as [number, number, number, number, number, number, number, number];
    let sum = a + b + (c + d) + (e + f + (g + h));
    for (; i < count; i++) {
      sum += at(i);
    }
    return sum;
  }
  const half = Math.floor(count / 2) - (Math.floor(count / 2) % 8);
  return pairwiseSum(values, start, half) + pairwiseSum(values, start + half, count - half);
}
