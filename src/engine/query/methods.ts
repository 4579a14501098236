import { toLower, toUpper } from '../python/letter-case';
import { pyStr } from '../python/print';
import { length, strip, stripLeft, stripRight } from '../python/text';
import { PyError, type Value } from '../python/values';
import { isMissing } from '../table';

/** A method of a column, applied to one value; the arguments are constants. */
export type Method = (value: Value) => Value;

/** Makes the method for its arguments. @throws PyError if they do not fit */
type MethodFactory = (args: readonly Value[]) => Method;

const isMissingMethod: MethodFactory = () => isMissing;
const isPresentMethod: MethodFactory = () => (value) => !isMissing(value);

/** The methods of columns that queries may call, by their path. */
export const methods: ReadonlyMap<string, MethodFactory> = new Map<string, MethodFactory>([
  ['isnull', isMissingMethod],
  ['isna', isMissingMethod],
  ['notnull', isPresentMethod],
  ['notna', isPresentMethod],
  [
    'fillna',
    ([filler]) =>
      (value) =>
        isMissing(value) ? (filler ?? null) : value,
  ],
  ['astype', astype],
  ['str.lower', onText(() => toLower)],
  ['str.upper', onText(() => toUpper)],
  [
    'str.strip',
    onText(
      ([characters]) =>
        (text) =>
          strip(text, optionalText(characters)),
    ),
  ],
  [
    'str.lstrip',
    onText(
      ([characters]) =>
        (text) =>
          stripLeft(text, optionalText(characters)),
    ),
  ],
  [
    'str.rstrip',
    onText(
      ([characters]) =>
        (text) =>
          stripRight(text, optionalText(characters)),
    ),
  ],
  ['str.len', onText(() => length)],
  ['str.isdigit', onText(() => (text) => /^\p{Nd}+$/u.test(text))],
  ['str.isnumeric', onText(() => (text) => /^\p{N}+$/u.test(text))],
  ['str.isalpha', onText(() => (text) => /^\p{L}+$/u.test(text))],
  ['str.isalnum', onText(() => (text) => /^[\p{L}\p{N}]+$/u.test(text))],
  ['str.startswith', onText(([prefix]) => prefixTest(prefix, (text, part) => text.startsWith(part)))],
  ['str.endswith', onText(([suffix]) => prefixTest(suffix, (text, part) => text.endsWith(part)))],
  ['str.contains', onText(([pattern]) => regexTest(pattern, (body) => body))],
  ['str.match', onText(([pattern]) => regexTest(pattern, (body) => `^(?:${body})`))],
  ['str.fullmatch', onText(([pattern]) => regexTest(pattern, (body) => `^(?:${body})$`))],
]);

/** pandas' text methods give a missing value for one, and for what is no text. */
function onText(make: (args: readonly Value[]) => (text: string) => Value): MethodFactory {
  return (args) => {
    const method = make(args);
    return (value) => (typeof value === 'string' ? method(value) : NaN);
  };
}

function astype([type]: readonly Value[]): Method {
  if (type !== 'str' && type !== 'string') {
    throw new PyError('TypeError', "`astype` is supported for 'str' only");
  }
  return (value) => pyStr(value);
}

function optionalText(value: Value | undefined): string | undefined {
  return value === undefined || value === null ? undefined : requiredText(value);
}

function requiredText(value: Value | undefined): string {
  if (typeof value !== 'string') {
    throw new PyError('TypeError', 'a text is expected as the argument');
  }
  return value;
}

/** `startswith` and `endswith` take one text or several. */
function prefixTest(argument: Value | undefined, test: (text: string, part: string) => boolean): (text: string) => boolean {
  const parts = (Array.isArray(argument) ? argument : [argument]).map(requiredText);
  return (text) => parts.some((part) => test(text, part));
}

function regexTest(argument: Value | undefined, wrap: (body: string) => string): (text: string) => boolean {
  const { body, flags } = translateRegex(requiredText(argument));
  let regex: RegExp;
  try {
    regex = new RegExp(wrap(body), flags);
  } catch {
    throw new PyError('ValueError', `\`${body}\` is not a regular expression that can be used`);
  }
  return (text) => regex.test(text);
}

/** Python's spelling of what JavaScript writes differently. */
function translateRegex(pattern: string): { body: string; flags: string } {
  const flags = /^\(\?([ims]+)\)/.exec(pattern);
  const body = pattern
    .slice(flags?.[0].length ?? 0)
    .replace(/\(\?P</g, '(?<')
    .replace(/\\A/g, '^')
    .replace(/\\Z/g, '$');
  return { body, flags: flags?.[1] ?? '' };
}
