import { pyFloat, pyInt, PyFloat } from '../python/values';
import type { YamlScalar } from './yaml';

const booleans = new Map(
  ['yes', 'true', 'on', 'no', 'false', 'off'].flatMap((word, index) =>
    [word, word[0]?.toUpperCase() + word.slice(1), word.toUpperCase()].map((spelling) => [spelling, index < 3] as const),
  ),
);

// PyYAML's resolvers (its resolver.py, which follows YAML 1.1's type repository).
const intPattern =
  /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const floatPattern =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const timePattern =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.(\d*))?(?:[ \t]*(Z|([-+])(\d\d?)(?::(\d\d))?))?$/;

/**
 * The value of a plain (unquoted) scalar in PyYAML. Dates become the text that Python prints for them, since that is all a
 * bundle can do with them.
 */
export function resolvePlainScalar(text: string): YamlScalar {
  if (text === '' || text === '~' || text === 'null' || text === 'Null' || text === 'NULL') {
    return null;
  }
  const boolean = booleans.get(text);
  if (boolean !== undefined) {
    return boolean;
  }
  const first = text.charCodeAt(0);
  // Only digits, signs and dots start a number or a date.
  if (first > 57 || first < 43) {
    return text;
  }
  if (intPattern.test(text)) {
    return parseInt(text);
  }
  if (floatPattern.test(text)) {
    return parseFloat(text);
  }
  const time = timePattern.exec(text);
  return time === null ? text : printTime(time);
}

function parseInt(text: string): number | bigint {
  const digits = text.replace(/_/g, '');
  const negative = digits.startsWith('-');
  const unsigned = digits.replace(/^[-+]/, '');
  const magnitude = magnitudeOf(unsigned);
  return pyInt(negative ? -magnitude : magnitude) as number | bigint;
}

function magnitudeOf(unsigned: string): bigint {
  if (unsigned.includes(':')) {
    return unsigned.split(':').reduce((sum, part) => sum * 60n + BigInt(part), 0n);
  }
  if (/^0[0-7]+$/.test(unsigned)) {
    return BigInt(`0o${unsigned}`);
  }
  return BigInt(unsigned);
}

function parseFloat(text: string): number | PyFloat {
  const digits = text.replace(/_/g, '').toLowerCase();
  const negative = digits.startsWith('-');
  const unsigned = digits.replace(/^[-+]/, '');
  const magnitude =
    unsigned === '.inf'
      ? Infinity
      : unsigned === '.nan'
        ? NaN
        : unsigned.split(':').reduce((sum, part) => sum * 60 + Number(part.endsWith('.') ? part.slice(0, -1) : part), 0);
  return pyFloat(negative ? -magnitude : magnitude) as number | PyFloat;
}

/** Python's `str(datetime)`. */
function printTime(match: RegExpExecArray): string {
  const [, year, month, day, hour, minute, second, fraction, zone, sign, zoneHour, zoneMinute] = match;
  const two = (part: string | undefined): string => (part ?? '0').padStart(2, '0');
  const micros = fraction === undefined || /^0*$/.test(fraction) ? '' : `.${fraction.slice(0, 6).padEnd(6, '0')}`;
  const offset = zone === undefined ? '' : sign === undefined ? '+00:00' : `${sign}${two(zoneHour)}:${two(zoneMinute)}`;
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${minute}:${second}${micros}${offset}`;
}
