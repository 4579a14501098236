import { parseFloatText } from '../python/numbers';
import { doubleOf, isFloat, isInt } from '../python/types';
import type { Value } from '../python/values';
import { isMissing } from '../table';

/** The columns that pandas' `read_json` (`keep_default_dates`) takes for dates, by their names. */
export function isDateName(name: string): boolean {
  return /(?:_at|_time)$|^timestamp|^(?:modified|date|datetime)$/i.test(name);
}

/** Seconds of 1971: smaller numbers are no dates to pandas. */
const firstSecond = 31_536_000;
/** The dates that 64 bits of nanoseconds can hold, in nanoseconds. */
const lastNanosecond = 2n ** 63n - 1n;
const nanosecondsPerUnit = [10n ** 9n, 10n ** 6n, 10n ** 3n, 1n];

/**
 * The values of a column as dates in the text that Python prints for them, missing ones as NaN; undefined if not all are dates. A number
 * counts seconds, or the smaller unit in which all of the column's numbers are dates that 64 bits can hold. Texts are dates in
 * ISO 8601, with one offset in all of them or none.
 */
export function toDates(values: readonly Value[]): Value[] | undefined {
  if (values.every((value) => isMissing(value))) {
    return undefined;
  }
  const numbers = values.map((value) => (isMissing(value) || value === '' ? NaN : toNumber(value)));
  if (numbers.every((number) => number !== undefined)) {
    return datesOfNumbers(numbers);
  }
  return datesOfTexts(values);
}

function toNumber(value: Value): number | undefined {
  if (typeof value === 'string') {
    return parseFloatText(value);
  }
  return typeof value !== 'boolean' && (isInt(value) || isFloat(value)) ? doubleOf(value) : undefined;
}

function datesOfNumbers(numbers: readonly number[]): Value[] | undefined {
  if (numbers.some((number) => number <= firstSecond || number === Infinity)) {
    return undefined;
  }
  for (const unit of nanosecondsPerUnit) {
    const instants = numbers.map((number) => (Number.isNaN(number) ? undefined : inNanoseconds(number, unit)));
    if (instants.every((instant) => instant === undefined || instant <= lastNanosecond)) {
      return instants.map((instant) => (instant === undefined ? NaN : printInstant(instant)));
    }
  }
  return undefined;
}

function inNanoseconds(number: number, unit: bigint): bigint {
  const whole = Math.floor(number);
  return BigInt(whole) * unit + BigInt(Math.round((number - whole) * Number(unit)));
}

/** Python's `str` of a timestamp: as many digits of a second as it needs, three at a time. */
function printInstant(nanoseconds: bigint): string {
  const second = nanoseconds / 10n ** 9n;
  const fraction = String(nanoseconds % 10n ** 9n).padStart(9, '0');
  const digits = fraction === '000000000' ? '' : fraction.endsWith('000') ? `.${fraction.slice(0, 6)}` : `.${fraction}`;
  return new Date(Number(second) * 1000).toISOString().slice(0, 19).replace('T', ' ') + digits;
}

const isoDate = /^(\d{4})-(\d\d)(?:-(\d\d)(?:[T ](\d\d)(?::(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?[ ]?(Z|[+-]\d\d(?::?\d\d)?)?)?)?$/;

function datesOfTexts(values: readonly Value[]): Value[] | undefined {
  const dates = values.map((value) =>
    isMissing(value) || value === '' ? NaN : typeof value === 'string' ? printIso(value) : undefined,
  );
  if (dates.some((date) => date === undefined)) {
    return undefined;
  }
  const offsets = new Set(dates.flatMap((date) => (typeof date === 'string' ? [date.replace(/^.{19}[.\d]*/, '')] : [])));
  return offsets.size === 1 ? (dates as Value[]) : undefined;
}

function printIso(text: string): string | undefined {
  const match = isoDate.exec(text);
  if (match === null) {
    return undefined;
  }
  const [, year, month, day = '01', hour = '00', minute = '00', second = '00', fraction = '', zone = ''] = match;
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(8, 10) !== day) {
    return undefined;
  }
  const digits = /[1-9]/.test(fraction.slice(6))
    ? `.${fraction.padEnd(9, '0')}`
    : /[1-9]/.test(fraction)
      ? `.${fraction.slice(0, 6).padEnd(6, '0')}`
      : '';
  const offset =
    zone === 'Z'
      ? '+00:00'
      : zone.replace(/^(...):?(\d\d)?$/, (_, hours: string, minutes = '00') => `${hours}:${String(minutes)}`);
  return `${year}-${month}-${day} ${hour}:${minute}:${second}${digits}${offset}`;
}
