import { ordered } from '../python/compare';
import { toLower, toUpper } from '../python/letter-case';
import { pyStr } from '../python/print';
import { length, strip, stripLeft, stripRight } from '../python/text';
import { PyError, type Value } from '../python/values';
import { valueKey } from '../row-key';
import { isMissing } from '../table';
import { regexTest, replaceAll } from './regex';

/** A method of a column, applied to one value. */
type Method = (value: Value) => Value;

export interface MethodKind {
  /** The names of its arguments, in order, as pandas has them. */
  readonly parameters: readonly string[];
  /** Makes the method for its arguments, undefined where one is not given. @throws PyError if they do not fit */
  make(args: readonly (Value | undefined)[]): Method;
}

const isMissingMethod: MethodKind = { parameters: [], make: () => isMissing };
const isPresentMethod: MethodKind = { parameters: [], make: () => (value) => !isMissing(value) };

/** The methods of columns that queries may call, by their path. */
export const methods: ReadonlyMap<string, MethodKind> = new Map<string, MethodKind>([
  ['isnull', isMissingMethod],
  ['isna', isMissingMethod],
  ['notnull', isPresentMethod],
  ['notna', isPresentMethod],
  [
    'fillna',
    {
      parameters: ['value'],
      make:
        ([filler = null]) =>
        (value) =>
          isMissing(value) ? filler : value,
    },
  ],
  ['astype', { parameters: ['dtype'], make: ([type]) => astype(type) }],
  ['isin', { parameters: ['values'], make: ([values = []]) => membersTest(values) }],
  [
    'between',
    { parameters: ['left', 'right', 'inclusive'], make: ([left, right, inclusive]) => between(left, right, inclusive) },
  ],
  ['str.lower', onText([], () => toLower)],
  ['str.upper', onText([], () => toUpper)],
  ['str.strip', stripping(strip)],
  ['str.lstrip', stripping(stripLeft)],
  ['str.rstrip', stripping(stripRight)],
  ['str.len', onText([], () => length)],
  [
    'str.replace',
    onText(['pat', 'repl', 'n', 'case', 'flags', 'regex'], ([pattern, replacement, n, , , regex]) =>
      replaceAll(requiredText(pattern), requiredText(replacement), n ?? -1, regex === true),
    ),
  ],
  ['str.isdigit', onText([], () => (text) => /^\p{Nd}+$/u.test(text))],
  ['str.isnumeric', onText([], () => (text) => /^\p{N}+$/u.test(text))],
  ['str.isalpha', onText([], () => (text) => /^\p{L}+$/u.test(text))],
  ['str.isalnum', onText([], () => (text) => /^[\p{L}\p{N}]+$/u.test(text))],
  ['str.startswith', onText(['pat', 'na'], ([prefix]) => affixTest(prefix, (text, part) => text.startsWith(part)))],
  ['str.endswith', onText(['pat', 'na'], ([suffix]) => affixTest(suffix, (text, part) => text.endsWith(part)))],
  [
    'str.contains',
    onText(['pat', 'case', 'flags', 'na', 'regex'], ([pattern, sensitive, , , regex]) =>
      regex === false ? containsTest(requiredText(pattern), sensitive) : regexTest(requiredText(pattern), sensitive, 'anywhere'),
    ),
  ],
  [
    'str.match',
    onText(['pat', 'case', 'flags', 'na'], ([pattern, sensitive]) => regexTest(requiredText(pattern), sensitive, 'start')),
  ],
  [
    'str.fullmatch',
    onText(['pat', 'case', 'flags', 'na'], ([pattern, sensitive]) => regexTest(requiredText(pattern), sensitive, 'whole')),
  ],
]);

/** pandas' text methods give a missing value, or what `na` says, for one and for what is no text. */
function onText(
  parameters: readonly string[],
  make: (args: readonly (Value | undefined)[]) => (text: string) => Value,
): MethodKind {
  const na = parameters.indexOf('na');
  return {
    parameters,
    make: (args) => {
      const method = make(args);
      const missing = args[na] ?? NaN;
      return (value) => (typeof value === 'string' ? method(value) : missing);
    },
  };
}

function stripping(operate: (text: string, characters?: string) => string): MethodKind {
  return onText(['to_strip'], ([given]) => {
    const characters = given === undefined || given === null ? undefined : requiredText(given);
    return (text) => operate(text, characters);
  });
}

function astype(type: Value | undefined): Method {
  if (type !== 'str' && type !== 'string') {
    throw new PyError('TypeError', "`astype` is supported for 'str' only");
  }
  return (value) => pyStr(value);
}

/** Whether a value is one of these; a missing one can be. */
export function membersTest(values: Value): (value: Value) => boolean {
  const members = new Set((Array.isArray(values) ? values : [values]).map(valueKey));
  return (value) => members.has(valueKey(value));
}

function between(left: Value | undefined, right: Value | undefined, inclusive: Value = 'both'): Method {
  if (left === undefined || right === undefined) {
    throw new PyError('TypeError', '`between` takes two bounds');
  }
  if (inclusive !== 'both' && inclusive !== 'neither' && inclusive !== 'left' && inclusive !== 'right') {
    throw new PyError('ValueError', '`inclusive` is both, neither, left or right');
  }
  const lower = inclusive === 'both' || inclusive === 'left' ? '>=' : '>';
  const upper = inclusive === 'both' || inclusive === 'right' ? '<=' : '<';
  return (value) => !isMissing(value) && ordered(lower, value, left) && ordered(upper, value, right);
}

function requiredText(value: Value | undefined): string {
  if (typeof value !== 'string') {
    throw new PyError('TypeError', 'a text is expected as the argument');
  }
  return value;
}

/** `startswith` and `endswith` take one text or several. */
function affixTest(argument: Value | undefined, test: (text: string, part: string) => boolean): (text: string) => boolean {
  const parts = (Array.isArray(argument) ? argument : [argument]).map(requiredText);
  return (text) => parts.some((part) => test(text, part));
}

function containsTest(part: string, sensitive: Value | undefined): (text: string) => boolean {
  if (sensitive !== false) {
    return (text) => text.includes(part);
  }
  const upper = toUpper(part);
  return (text) => toUpper(text).includes(upper);
}
