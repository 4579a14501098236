import { parseFloatText } from '../python/numbers';
import { pyStr } from '../python/print';
import { doubleOf, isFloat, isInt } from '../python/types';
import { pyFloat, type PyDict, type Value } from '../python/values';
import { isMissing, layoutOf, type Column, type ColumnType, type Layout, type Row } from '../table';
import { isDateName, toDates } from './json-dates';

/**
 * The columns of JSON records, in the order in which they first appear, with the types that pandas' `read_json` guesses: a column
 * whose values all read as numbers is one of numbers (texts too), of integers if all of them are whole. A key that a record lacks is
 * NaN, a null among texts None.
 */
export function inferColumns(records: readonly PyDict[]): { layout: Layout; rows: Row[] } {
  const names = new Map<string, number>();
  for (const record of records) {
    for (const key of record.keys()) {
      const name = pyStr(key);
      if (!names.has(name)) {
        names.set(name, names.size);
      }
    }
  }
  const plain = layoutOf([...names.keys()]);
  const rows = records.map((record) => plain.columns.map(({ name }) => record.get(name) ?? (record.has(name) ? null : NaN)));
  const columns = plain.columns.map((column) => ({ ...column, type: settleDates(rows, column) ?? settle(rows, column.slot) }));
  return { layout: { ...plain, columns }, rows };
}

/** A column that is named like one of dates and holds nothing else. pandas' dates are the texts that Python prints here. */
function settleDates(rows: readonly Row[], { name, slot }: Column): ColumnType | undefined {
  const dates = isDateName(name) ? toDates(rows.map((row) => row[slot] as Value)) : undefined;
  dates?.forEach((date, index) => {
    (rows[index] as Row)[slot] = date;
  });
  return dates === undefined ? undefined : 'object';
}

function settle(rows: readonly Row[], slot: number): ColumnType {
  const values = rows.map((row) => row[slot] as Value);
  if (values.length > 0 && values.every((value) => typeof value === 'boolean')) {
    return 'bool';
  }
  const numbers = values.map(toDouble);
  if (values.length === 0 || numbers.some((number) => number === undefined) || values.every((value) => value === null)) {
    return 'object';
  }
  const isWhole = numbers.every((number) => Number.isInteger(number) && Math.abs(number as number) < 2 ** 63);
  rows.forEach((row, index) => {
    const value = values[index] as Value;
    const number = numbers[index] as number;
    row[slot] = !isWhole ? pyFloat(number) : isInt(value) ? value : Number.isSafeInteger(number) ? number : BigInt(number);
  });
  return isWhole ? 'int' : 'float';
}

/** NaN for a missing value; undefined for what is no number. */
function toDouble(value: Value): number | undefined {
  if (isMissing(value)) {
    return NaN;
  }
  if (typeof value === 'string') {
    return parseFloatText(value);
  }
  return isInt(value) || isFloat(value) ? doubleOf(value) : undefined;
}
