import { whitespaceClass } from '../python/text';

export interface DateTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
}

export const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
export const dayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

const short = (names: readonly string[]): string[] => names.map((name) => name.slice(0, 3));

/** Longer names first, so that `May` does not cut `Mayor` short. */
function anyOf(names: readonly string[]): string {
  return [...names].sort((a, b) => b.length - a.length).join('|');
}

// What pandas lets each directive match (its _libs/tslibs/strptime.pyx).
const directives: Readonly<Record<string, string>> = {
  d: '3[0-1]|[1-2]\\d|0[1-9]|[1-9]| [1-9]',
  f: '[0-9]{1,9}',
  H: '2[0-3]|[0-1]\\d|\\d',
  I: '1[0-2]|0[1-9]|[1-9]',
  j: '36[0-6]|3[0-5]\\d|[1-2]\\d\\d|0[1-9]\\d|00[1-9]|[1-9]\\d|0[1-9]|[1-9]',
  m: '1[0-2]|0[1-9]|[1-9]',
  M: '[0-5]\\d|\\d',
  S: '6[0-1]|[0-5]\\d|\\d',
  w: '[0-6]',
  y: '\\d\\d',
  Y: '\\d\\d\\d\\d',
  A: anyOf(dayNames),
  a: anyOf(short(dayNames)),
  B: anyOf(monthNames),
  b: anyOf(short(monthNames)),
  p: 'am|pm',
};

/** Reads dates of one format; undefined for a text that is no such date. */
export type DateParser = (text: string) => DateTime | undefined;

/**
 * A reader of dates as pandas' `to_datetime` with a format. Unless `exact`, the format may match anywhere in the text, so that
 * `13/05/2024` by `%m/%d/%Y` is March 5.
 *
 * @returns undefined if the format has a directive that is not supported
 */
export function dateParser(format: string, exact: boolean): DateParser | undefined {
  const pattern = translate(format);
  if (pattern === undefined) {
    return undefined;
  }
  const regex = new RegExp(exact ? `^(?:${pattern})$` : pattern, 'i');
  return (text) => {
    const groups = regex.exec(text)?.groups;
    return groups === undefined ? undefined : assemble(groups);
  };
}

function translate(format: string): string | undefined {
  let pattern = '';
  const seen = new Set<string>();
  for (const [token] of format.matchAll(/%[\s\S]?|\s+|[\s\S]/g)) {
    if (!token.startsWith('%')) {
      pattern += token.trim() === '' ? `[${whitespaceClass}]+` : token.replace(/[\\.^$*+?(){}[\]|/]/, '\\$&');
      continue;
    }
    const directive = token.slice(1);
    if (directive === '%') {
      pattern += '%';
      continue;
    }
    const body = directives[directive];
    // A regular expression cannot name two groups alike; neither can Python's.
    if (body === undefined || seen.has(directive)) {
      return undefined;
    }
    seen.add(directive);
    pattern += `(?<${directive}>${body})`;
  }
  // A pattern without any group has no `groups`.
  return `${pattern}(?<end>)`;
}

function assemble(groups: Record<string, string>): DateTime | undefined {
  const number = (name: string, otherwise: number): number => (groups[name] === undefined ? otherwise : Number(groups[name]));
  const year = groups['y'] === undefined ? number('Y', 1900) : century(Number(groups['y']));
  const month = nameIndex(groups['B'], monthNames) ?? nameIndex(groups['b'], monthNames) ?? number('m', 1);
  const date: DateTime = {
    year,
    month,
    day: number('d', 1),
    hour: groups['I'] === undefined ? number('H', 0) : hourOf(Number(groups['I']), groups['p']),
    minute: number('M', 0),
    second: number('S', 0),
    microsecond: Number((groups['f'] ?? '').slice(0, 6).padEnd(6, '0')),
  };
  const dated = groups['j'] === undefined || groups['d'] !== undefined ? date : onDayOfYear(date, Number(groups['j']));
  return isReal(dated) ? dated : undefined;
}

function century(twoDigits: number): number {
  return twoDigits + (twoDigits <= 68 ? 2000 : 1900);
}

function nameIndex(name: string | undefined, names: readonly string[]): number | undefined {
  if (name === undefined) {
    return undefined;
  }
  return names.findIndex((candidate) => candidate.slice(0, 3).toLowerCase() === name.slice(0, 3).toLowerCase()) + 1;
}

function hourOf(hour: number, half: string | undefined): number {
  const inHalf = hour % 12;
  return half?.toLowerCase() === 'pm' ? inHalf + 12 : half === undefined ? hour : inHalf;
}

function onDayOfYear(date: DateTime, dayOfYear: number): DateTime {
  const moved = utcDate(date.year, 1, dayOfYear);
  return { ...date, month: moved.getUTCMonth() + 1, day: moved.getUTCDate() };
}

/** The calendar has the day, and pandas' nanoseconds reach it (1677-09-22 to 2262-04-11). */
function isReal({ year, month, day, second }: DateTime): boolean {
  const time = utcDate(year, month, day);
  return time.getUTCMonth() === month - 1 && time.getUTCDate() === day && second < 60 && time >= earliest && time <= latest;
}

/** `Date.UTC` would take the years before 100 for those of the last century. */
function utcDate(year: number, month: number, day: number): Date {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date;
}

const earliest = utcDate(1677, 9, 22);
const latest = utcDate(2262, 4, 11);
