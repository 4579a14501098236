import { intArgument, textArgument } from '../python/arguments';
import { truthy } from '../python/compare';
import { length as valueLength } from '../python/iterate';
import { formatPercent } from '../python/format-percent';
import { capitalize, toLower, toUpper } from '../python/letter-case';
import { stripTags } from '../python/methods';
import { limits } from '../python/limits';
import { pyStr } from '../python/print';
import { centerLeft } from '../python/str-methods';
import { characters, head, length, replaceText, splitLines, strip, whitespaceClass } from '../python/text';
import { textOf, typeName } from '../python/types';
import { Markup, PyDict, PyError, PyTuple, type Value } from '../python/values';
import { row, type Argument, type FilterTable } from './table';
import { wrapText } from './word-wrap';

/** Applies to the text of any value; a Markup stays one. */
function onText(value: Value, change: (text: string) => string): Value {
  const changed = change(pyStr(value));
  return value instanceof Markup ? new Markup(changed) : changed;
}

const wordStarts = new RegExp(`([-${whitespaceClass}({\\[<]+)`);

/** Words begin after white space, a hyphen or an opening bracket, unlike in `str.title`. */
function title(text: string): string {
  return text
    .split(wordStarts)
    .map((word) => {
      const [first = '', ...rest] = characters(word);
      return first.toUpperCase() + rest.join('').toLowerCase();
    })
    .join('');
}

function center(text: string, width: number): string {
  if (width > limits.textLength) {
    throw new PyError('LimitError', `a text of more than ${limits.textLength} characters`);
  }
  const missing = Math.max(0, width - length(text));
  const before = centerLeft(missing, width);
  return ' '.repeat(before) + text + ' '.repeat(missing - before);
}

function replace(value: Value, [old, replacement, count]: readonly Argument[]): string {
  return replaceText(pyStr(value), pyStr(old as Value), pyStr(replacement as Value), count == null ? -1 : intArgument(count));
}

function truncate(value: Value, [size, killWords, ending, leeway]: readonly Argument[]): Value {
  const limit = intArgument(size, 255);
  const end = textArgument(ending, '...');
  const slack = leeway == null ? 5 : intArgument(leeway);
  if (limit < length(end)) {
    throw new PyError('ValueError', `expected length >= ${length(end)}, got ${limit}`);
  }
  if (slack < 0) {
    throw new PyError('ValueError', `expected leeway >= 0, got ${slack}`);
  }
  const text = textOf(value);
  if (text === undefined) {
    if (valueLength(value) <= limit + slack) {
      return value;
    }
    throw new PyError('TypeError', `truncate needs text, not ${typeName(value)}`);
  }
  if (text.length <= limit + slack || length(text) <= limit + slack) {
    return value;
  }
  const kept = head(text, limit - length(end));
  if (killWords !== undefined && truthy(killWords)) {
    return kept + end;
  }
  const lastBlank = kept.lastIndexOf(' ');
  return (lastBlank < 0 ? kept : kept.slice(0, lastBlank)) + end;
}

function indent(value: Value, [width, first, blank]: readonly Argument[]): Value {
  const indention = textOf(width) ?? ' '.repeat(Math.min(Math.max(0, intArgument(width, 4)), limits.textLength));
  const indentBlank = blank !== undefined && truthy(blank);
  return onText(textArgument(value) === undefined ? '' : value, (text) => {
    const lines = splitLines(`${text}\n`);
    const indented = lines.map((line, i) => (i > 0 && (indentBlank || line !== '') ? indention + line : line));
    return (first !== undefined && truthy(first) ? indention : '') + indented.join('\n');
  });
}

function format(value: Value, args: readonly Argument[], kwargs: ReadonlyMap<string, Value>): string {
  if (args.length > 0 && kwargs.size > 0) {
    throw new PyError('FilterArgumentError', "can't handle positional and keyword arguments at the same time");
  }
  return formatPercent(pyStr(value), kwargs.size > 0 ? PyDict.fromEntries(kwargs) : new PyTuple(args as readonly Value[]));
}

export const textFilters: FilterTable = {
  capitalize: row([], (value) => onText(value, capitalize)),
  center: row(['width?'], (value, [width]) => onText(value, (text) => center(text, intArgument(width, 80)))),
  format: { parameters: ['*'], open: true, pure: true, call: (value, args, _host, kwargs) => format(value, args, kwargs) },
  indent: row(['width?', 'first?', 'blank?'], indent),
  lower: row([], (value) => onText(value, toLower)),
  replace: row(['old', 'new', 'count?'], replace),
  string: row([], (value) => (value instanceof Markup ? value : pyStr(value))),
  striptags: row([], (value) => stripTags(pyStr(value))),
  title: row([], (value) => title(pyStr(value))),
  trim: row(['chars?'], (value, [chars]) =>
    onText(value, (text) => strip(text, chars == null ? undefined : textArgument(chars))),
  ),
  truncate: row(['length?', 'killwords?', 'end?', 'leeway?'], truncate),
  upper: row([], (value) => onText(value, toUpper)),
  wordcount: row([], (value) => pyStr(value).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0),
  wordwrap: row(
    ['width?', 'break_long_words?', 'wrapstring?', 'break_on_hyphens?'],
    (value, [width, breakLong, separator, breakHyphens]) => {
      const options = {
        width: intArgument(width, 79),
        breakLongWords: breakLong === undefined || truthy(breakLong),
        breakOnHyphens: breakHyphens === undefined || truthy(breakHyphens),
      };
      const newline = separator == null ? '\n' : textArgument(separator);
      return splitLines(textArgument(value))
        .map((line) => wrapText(line, options).join(newline))
        .join(newline);
    },
  ),
};
