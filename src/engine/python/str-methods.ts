import { bindArguments, intArgument, textArgument, type Parameters } from './arguments';
import { toArray } from './iterate';
import {
  capitalize,
  casefold,
  isLowerText,
  isTitleText,
  isUpperText,
  swapCase,
  titleCase,
  toLower,
  toUpper,
} from './letter-case';
import { limits } from './limits';
import { isPrintable } from './print';
import { sliceIndices } from './subscript';
import {
  characters,
  length,
  replaceText,
  sliceText,
  splitLines,
  splitOn,
  splitOnFromRight,
  splitSpace,
  splitSpaceFromRight,
  strip,
  stripLeft,
  stripRight,
} from './text';
import { textOf, typeName } from './types';
import { PyDict, PyError, PyTuple, type Kwargs, type Value } from './values';

/** A method of `str`, its arguments bound to its parameters. `format` and `format_map` are in `methods.ts`. */
export interface TextMethod {
  readonly parameters: Parameters;
  readonly call: (text: string, args: readonly (Value | undefined)[]) => Value;
}

function method(parameters: Parameters, call: TextMethod['call']): TextMethod {
  return { parameters, call };
}

/** A method without arguments. */
function plain(call: (text: string) => Value): TextMethod {
  return method([], call);
}

/** A test that every character passes, and that is false for the empty string. */
function everyCharacter(pattern: RegExp): TextMethod {
  return plain((text) => text !== '' && pattern.test(text));
}

function stripper(run: (text: string, set?: string) => string): TextMethod {
  return method(['/chars?'], (text, [set]) => run(text, set == null ? undefined : textArgument(set)));
}

function splitter(
  atSpace: (text: string, limit: number) => string[],
  at: (text: string, separator: string, limit: number) => string[],
): TextMethod {
  return method(['sep?', 'maxsplit?'], (text, [separator, limit]) => {
    const count = intArgument(limit, -1);
    if (separator == null) {
      return atSpace(text, count);
    }
    return at(text, nonEmpty(textArgument(separator)), count);
  });
}

function nonEmpty(separator: string): string {
  if (separator === '') {
    throw new PyError('ValueError', 'empty separator');
  }
  return separator;
}

function partitioner(find: (text: string, separator: string) => number, missing: (text: string) => Value[]): TextMethod {
  return method(['/sep'], (text, [argument]) => {
    const separator = nonEmpty(textArgument(argument));
    const at = find(text, separator);
    return new PyTuple(at < 0 ? missing(text) : [text.slice(0, at), separator, text.slice(at + separator.length)]);
  });
}

/** `startswith`, `endswith`: of a part of the text, with one affix or a tuple of them. */
function affixTest(name: string, test: (text: string, affix: string) => boolean): TextMethod {
  return method([`/${name}`, '/start?', '/end?'], (text, [affix, start, end]) => {
    const part = range(text, start, end);
    const affixes = affix instanceof PyTuple ? affix.items : [affix];
    return affixes.some((candidate) => {
      const wanted = textOf(candidate);
      if (wanted === undefined) {
        throw new PyError(
          'TypeError',
          `${name} first arg must be str or a tuple of str, not ${candidate === undefined ? 'nothing' : typeName(candidate)}`,
        );
      }
      return part !== undefined && test(part, wanted);
    });
  });
}

/** `text[start:end]`, or undefined if it starts behind the end of the text, where not even `''` is found. */
function range(text: string, start: Value | undefined, end: Value | undefined): string | undefined {
  if (start == null && end == null) {
    return text;
  }
  const size = length(text);
  const slice = sliceIndices(size, start ?? null, end ?? null, null);
  return slice.start > slice.stop || Number(start ?? 0) > size ? undefined : sliceText(text, slice.start, slice.stop, 1);
}

function finder(find: (text: string, part: string) => number, orFail: boolean): TextMethod {
  return method(['/sub', '/start?', '/end?'], (text, [sub, start, end]) => {
    const part = range(text, start, end);
    const at = part === undefined ? -1 : find(part, textArgument(sub));
    if (at < 0) {
      if (orFail) {
        throw new PyError('ValueError', 'substring not found');
      }
      return -1;
    }
    return length((part ?? '').slice(0, at)) + sliceIndices(length(text), start ?? null, null, null).start;
  });
}

function padder(side: (missing: number, size: number) => number): TextMethod {
  return method(['/width', '/fillchar?'], (text, [width, fill]) => {
    const filler = textArgument(fill, ' ');
    if (length(filler) !== 1) {
      throw new PyError('TypeError', 'The fill character must be exactly one character long');
    }
    const wanted = intArgument(width);
    if (wanted > limits.textLength) {
      throw new PyError('LimitError', `a text of more than ${limits.textLength} characters`);
    }
    const missing = Math.max(0, wanted - length(text));
    const before = side(missing, wanted);
    return filler.repeat(before) + text + filler.repeat(missing - before);
  });
}

/** CPython puts the odd blank on the left where the width is odd. */
export function centerLeft(missing: number, width: number): number {
  return Math.floor(missing / 2) + (missing & width & 1);
}

function count(text: string, part: string): number {
  return part === '' ? length(text) + 1 : text.split(part).length - 1;
}

function zeroFill(text: string, width: number): string {
  const missing = Math.max(0, Math.min(width, limits.textLength) - length(text));
  const sign = /^[+-]/.test(text) ? text.slice(0, 1) : '';
  return sign + '0'.repeat(missing) + text.slice(sign.length);
}

function expandTabs(text: string, size: number): string {
  let column = 0;
  let result = '';
  for (const character of characters(text)) {
    if (character === '\t') {
      const blanks = size > 0 ? size - (column % size) : 0;
      result += ' '.repeat(Math.min(blanks, limits.textLength));
      column += blanks;
    } else {
      result += character;
      column = character === '\n' || character === '\r' ? 0 : column + 1;
    }
  }
  return result;
}

function join(separator: string, items: Value | undefined): string {
  return toArray(items ?? null)
    .map((item, i) => {
      const text = textOf(item);
      if (text === undefined) {
        throw new PyError('TypeError', `sequence item ${i}: expected str instance, ${typeName(item)} found`);
      }
      return text;
    })
    .join(separator);
}

function translate(text: string, table: Value | undefined): string {
  if (!(table instanceof PyDict)) {
    throw new PyError('TypeError', 'translate() takes a dict');
  }
  return characters(text)
    .map((character) => {
      const replacement = table.get(character.codePointAt(0) ?? 0);
      if (replacement === undefined) {
        return character;
      }
      return typeof replacement === 'number'
        ? String.fromCodePoint(replacement)
        : replacement === null
          ? ''
          : textArgument(replacement);
    })
    .join('');
}

export const textMethods: ReadonlyMap<string, TextMethod> = new Map(
  Object.entries({
    capitalize: plain(capitalize),
    casefold: plain(casefold),
    center: padder(centerLeft),
    count: method(['/sub', '/start?', '/end?'], (text, [sub, start, end]) => {
      const part = range(text, start, end);
      return part === undefined ? 0 : count(part, textArgument(sub));
    }),
    endswith: affixTest('endswith', (text, affix) => text.endsWith(affix)),
    expandtabs: method(['tabsize?'], (text, [size]) => expandTabs(text, intArgument(size, 8))),
    find: finder((text, part) => text.indexOf(part), false),
    index: finder((text, part) => text.indexOf(part), true),
    isalnum: everyCharacter(/^[\p{L}\p{Nd}\p{No}\p{Nl}]+$/u),
    isalpha: everyCharacter(/^\p{L}+$/u),
    isascii: plain((text) => /^\p{ASCII}*$/u.test(text)),
    isdecimal: everyCharacter(/^\p{Nd}+$/u),
    // Superscripts and circled digits count as digits, fractions and Roman numerals as numbers only.
    isdigit: everyCharacter(
      /^[\p{Nd}\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468\u2474-\u247c\u2488-\u2490\u24ea\u24f5-\u24fd\u24ff\u2776-\u277e\u2780-\u2788\u278a-\u2792]+$/u,
    ),
    isidentifier: plain((text) => /^[\p{XID_Start}_]\p{XID_Continue}*$/u.test(text)),
    islower: plain(isLowerText),
    isnumeric: everyCharacter(/^[\p{Nd}\p{No}\p{Nl}]+$/u),
    isprintable: plain((text) => characters(text).every(isPrintable)),
    isspace: plain((text) => text !== '' && strip(text) === ''),
    istitle: plain(isTitleText),
    isupper: plain(isUpperText),
    join: method(['/iterable'], (text, [items]) => join(text, items)),
    ljust: padder(() => 0),
    lower: plain(toLower),
    lstrip: stripper(stripLeft),
    partition: partitioner(
      (text, separator) => text.indexOf(separator),
      (text) => [text, '', ''],
    ),
    removeprefix: method(['/prefix'], (text, [prefix]) =>
      text.startsWith(textArgument(prefix)) ? text.slice(textArgument(prefix).length) : text,
    ),
    removesuffix: method(['/suffix'], (text, [suffix]) => {
      const ending = textArgument(suffix);
      return ending !== '' && text.endsWith(ending) ? text.slice(0, -ending.length) : text;
    }),
    replace: method(['/old', '/new', '/count?'], (text, [old, replacement, limit]) =>
      replaceText(text, textArgument(old), textArgument(replacement), intArgument(limit, -1)),
    ),
    rfind: finder((text, part) => text.lastIndexOf(part), false),
    rindex: finder((text, part) => text.lastIndexOf(part), true),
    rjust: padder((missing) => missing),
    rpartition: partitioner(
      (text, separator) => text.lastIndexOf(separator),
      (text) => ['', '', text],
    ),
    rsplit: splitter(splitSpaceFromRight, splitOnFromRight),
    rstrip: stripper(stripRight),
    split: splitter(splitSpace, splitOn),
    splitlines: method(['keepends?'], (text, [keepEnds]) =>
      splitLines(text, keepEnds !== undefined && keepEnds !== false && keepEnds !== 0),
    ),
    startswith: affixTest('startswith', (text, affix) => text.startsWith(affix)),
    strip: stripper(strip),
    swapcase: plain(swapCase),
    title: plain(titleCase),
    translate: method(['/table'], (text, [table]) => translate(text, table)),
    upper: plain(toUpper),
    zfill: method(['/width'], (text, [width]) => zeroFill(text, intArgument(width))),
  } satisfies Record<string, TextMethod>),
);

/** Calls a method of `str` by name. @throws PyError */
export function callTextMethod(
  text: string,
  name: string,
  found: TextMethod,
  args: readonly Value[],
  kwargs: Kwargs | undefined,
): Value {
  return found.call(text, bindArguments(name, found.parameters, args, kwargs));
}
