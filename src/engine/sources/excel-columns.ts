import { parseFloatText, parseIntText } from '../python/numbers';
import { doubleOf, isFloat, isInt } from '../python/types';
import { pyFloat, type PyFloat, type Value } from '../python/values';
import type { ColumnType, Row } from '../table';

const booleans: ReadonlyMap<Value, boolean> = new Map<Value, boolean>([
  [true, true],
  [false, false],
  ...['True', 'TRUE', 'true'].map((text) => [text, true] as const),
  ...['False', 'FALSE', 'false'].map((text) => [text, false] as const),
]);

/**
 * Gives a column of cells the type that pandas' Python parser gives it: texts that read as numbers become numbers, and those that read as
 * booleans booleans, if all of the column do. One empty cell, which is a text, leaves all as they are.
 */
export function settleCells(rows: readonly Row[], slot: number): ColumnType {
  const values = rows.map((row) => row[slot] as Value);
  if (values.length === 0) {
    return 'object';
  }
  const assign = (settled: readonly Value[]): void =>
    rows.forEach((row, index) => {
      row[slot] = settled[index] as Value;
    });
  const flags = values.map((value) => booleans.get(value));
  if (flags.every((flag) => flag !== undefined)) {
    assign(flags);
    return 'bool';
  }
  const numbers = values.map(toNumber);
  if (numbers.some((number) => number === undefined)) {
    return 'object';
  }
  if (numbers.every((number) => isInt(number))) {
    assign(numbers as Value[]);
    return 'int';
  }
  assign(numbers.map((number) => pyFloat(doubleOf(number as number | PyFloat))));
  return 'float';
}

function toNumber(value: Value): Value | undefined {
  if (typeof value === 'string') {
    const float = parseFloatText(value);
    return parseIntText(value) ?? (float === undefined ? undefined : pyFloat(float));
  }
  return typeof value !== 'boolean' && (isInt(value) || isFloat(value)) ? value : undefined;
}
