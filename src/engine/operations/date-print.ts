import { dayNames, monthNames, type DateTime } from './date-parse';

type Printer = (date: DateTime) => string;

const two = (value: number): string => String(value).padStart(2, '0');
const hour12 = (date: DateTime): number => date.hour % 12 || 12;

// Python's strftime with the C locale.
const directives: Readonly<Record<string, Printer>> = {
  a: (date) => (dayNames[weekday(date)] as string).slice(0, 3),
  A: (date) => dayNames[weekday(date)] as string,
  b: (date) => (monthNames[date.month - 1] as string).slice(0, 3),
  B: (date) => monthNames[date.month - 1] as string,
  c: (date) => print('%a %b %e %H:%M:%S %Y')(date),
  d: (date) => two(date.day),
  D: (date) => print('%m/%d/%y')(date),
  e: (date) => String(date.day).padStart(2, ' '),
  f: (date) => String(date.microsecond).padStart(6, '0'),
  F: (date) => print('%Y-%m-%d')(date),
  h: (date) => (monthNames[date.month - 1] as string).slice(0, 3),
  H: (date) => two(date.hour),
  I: (date) => two(hour12(date)),
  j: (date) => String(dayOfYear(date)).padStart(3, '0'),
  m: (date) => two(date.month),
  M: (date) => two(date.minute),
  n: () => '\n',
  p: (date) => (date.hour < 12 ? 'AM' : 'PM'),
  R: (date) => print('%H:%M')(date),
  S: (date) => two(date.second),
  t: () => '\t',
  T: (date) => print('%H:%M:%S')(date),
  u: (date) => String(weekday(date) + 1),
  U: (date) => two(Math.floor((dayOfYear(date) + 6 - ((weekday(date) + 1) % 7)) / 7)),
  w: (date) => String((weekday(date) + 1) % 7),
  W: (date) => two(Math.floor((dayOfYear(date) + 6 - weekday(date)) / 7)),
  x: (date) => print('%m/%d/%y')(date),
  X: (date) => print('%H:%M:%S')(date),
  y: (date) => two(date.year % 100),
  Y: (date) => String(date.year),
  z: () => '',
  Z: () => '',
  '%': () => '%',
};

/** A printer of dates by a `strftime` format; `%-d` leaves out leading zeros, an unknown directive stays as written. */
export function print(format: string): Printer {
  const parts: Printer[] = [];
  const pattern = /%(-?)([\s\S])|[^%]+|%$/g;
  for (const [whole, dash, directive] of format.matchAll(pattern)) {
    const printer = directive === undefined ? undefined : directives[directive];
    if (printer === undefined) {
      parts.push(() => whole);
    } else if (dash === '-') {
      parts.push((date) => printer(date).replace(/^[0 ]+(?=\d)/, ''));
    } else {
      parts.push(printer);
    }
  }
  return (date) => parts.map((part) => part(date)).join('');
}

function weekday({ year, month, day }: DateTime): number {
  return (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7;
}

function dayOfYear({ year, month, day }: DateTime): number {
  return (Date.UTC(year, month - 1, day) - Date.UTC(year, 0, 0)) / 86_400_000;
}
