import { doubleOf, isFloat, isInt, typeName } from '../python/types';
import { PyError, pyFloat, pyInt, type Value } from '../python/values';
import { isMissing, type Row } from '../table';
import { pandasJson } from './pandas-json';
import { compareValues } from './value-order';

export type Aggregate = (rows: readonly Row[]) => Value;
type ColumnAggregate = (values: readonly Value[], separator: string) => Value;

const size: Aggregate = (rows) => rows.length;

/** Functions of a group that need no column. */
export const rowAggregates: ReadonlyMap<string, Aggregate> = new Map([
  ['count', size],
  ['size', size],
]);

const join: ColumnAggregate = (values, separator) => texts(values).join(separator);
const jsonArray: ColumnAggregate = (values, separator) =>
  separator === 'str' ? pandasJson(values) : `[${texts(values).join(',')}]`;
const max: ColumnAggregate = (values) => extreme(numbers(values), 1);
const min: ColumnAggregate = (values) => extreme(numbers(values), -1);
const sum: ColumnAggregate = (values) => total(numbers(values));
/** Divides by all rows, those without a value too. */
const mean: ColumnAggregate = (values) => pyFloat(doubleOf(total(numbers(values)) as number) / Math.max(1, values.length));
const variance: ColumnAggregate = (values) => pyFloat(varianceOf(numbers(values)));
const deviation: ColumnAggregate = (values) => pyFloat(Math.sqrt(varianceOf(numbers(values))));
const textMax: ColumnAggregate = (values) => extremeText(values, 1);
const textMin: ColumnAggregate = (values) => extremeText(values, -1);

/** Functions of a group over one column's values, in row order. */
export const columnAggregates: ReadonlyMap<string, ColumnAggregate> = new Map([
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

interface Numbers {
  /** Without missing ones. */
  readonly values: readonly (number | bigint)[];
  readonly areInts: boolean;
}

/** pandas' `to_numeric`: an empty text is missing, a text that is no number an error; one float or missing value makes all floats. */
function numbers(values: readonly Value[]): Numbers {
  let areInts = true;
  const result: (number | bigint)[] = [];
  for (const value of values) {
    const number = typeof value === 'string' ? textToNumber(value) : value;
    if (number !== undefined && isInt(number)) {
      result.push(typeof number === 'boolean' ? Number(number) : number);
      continue;
    }
    areInts = false;
    if (number !== undefined && !isMissing(number)) {
      if (!isFloat(number)) {
        throw new PyError('TypeError', `a value of type ${typeName(number)} is not a number`);
      }
      result.push(doubleOf(number));
    }
  }
  return { values: areInts ? result : result.map(Number), areInts };
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

function extreme({ values, areInts }: Numbers, sign: number): Value {
  if (values.length === 0) {
    return NaN;
  }
  const found = values.reduce((best, value) => ((sign > 0 ? value > best : value < best) ? value : best));
  return areInts ? found : pyFloat(Number(found));
}

function extremeText(values: readonly Value[], sign: number): Value {
  const present = values.filter((value) => !isMissing(value));
  return present.length === 0 ? NaN : present.reduce((best, value) => (sign * compareValues(value, best) > 0 ? value : best));
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
