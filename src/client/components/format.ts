import { texts } from '../texts';

/** Figures and times as the reader's region writes them in the language of the texts, in the reader's own time zone. */

const locale = navigatorLanguages().find((language) => language.split('-')[0] === texts.language) ?? texts.language;

function navigatorLanguages(): readonly string[] {
  return typeof navigator === 'undefined' ? [] : (navigator.languages ?? []);
}

const numbers = new Intl.NumberFormat(locale);
const dateTimes = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
const exactTimes = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long' });
const clockTimes = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' });
const relativeTimes = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });

export const formatNumber = (value: number): string => numbers.format(value);

export const formatDateTime = (time: string): string => dateTimes.format(new Date(time));

/** With seconds and the zone's name. */
export const formatExactTime = (time: string): string => exactTimes.format(new Date(time));

export const formatClockTime = (time: string): string => clockTimes.format(new Date(time));

/** @param day `2026-01-31`, a day of the calendar in no zone */
export function formatDay(day: string, style: 'short' | 'long' = 'long'): string {
  const options: Intl.DateTimeFormatOptions =
    style === 'short' ? { day: 'numeric', month: 'short' } : { day: 'numeric', month: 'long', year: 'numeric' };
  return new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`));
}

/** The reader's zone by its IANA name. */
export const timeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

const MINUTE_MS = 60_000;
/** The largest first. */
const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', MINUTE_MS],
];
/** Under this it is just `now`: seconds would have to tick. */
const NOW_MS = 45_000;
/** Beyond this a relative time says less than the date. */
const FAR_MS = 7 * 86_400_000;

/** "5 minutes ago", or null where the date says more. @param now in ms since 1970 */
export function formatRelative(time: string, now: number): string | null {
  const distance = new Date(time).getTime() - now;
  if (Math.abs(distance) > FAR_MS) return null;
  if (Math.abs(distance) < NOW_MS) return relativeTimes.format(0, 'second');
  const [unit, ms] = UNITS.find(([, size]) => Math.round(Math.abs(distance) / MINUTE_MS) * MINUTE_MS >= size) ?? [
    'minute',
    MINUTE_MS,
  ];
  return relativeTimes.format(Math.round(distance / ms), unit);
}

const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];

/** In powers of 1000, as file managers show it. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), BYTE_UNITS.length - 1);
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: BYTE_UNITS[power],
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: power === 0 ? 0 : 1,
  }).format(bytes / 1000 ** power);
}

/** "3 min 20 sec": the two largest units of a time span. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const parts: [number, string][] = [
    [Math.floor(seconds / 3600), 'hour'],
    [Math.floor(seconds / 60) % 60, 'minute'],
    [seconds % 60, 'second'],
  ];
  const first = parts.findIndex(([value]) => value > 0);
  return (first < 0 ? parts.slice(2) : parts.slice(first, first + 2))
    .map(([value, unit]) => new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(value))
    .join(' ');
}
