import { callCollectionMethod, hasCollectionMethod } from './collection-methods';
import { escapeValue } from './html';
import { numberAttribute, numberMethod } from './number-methods';
import { formatFields } from './str-format';
import { callTextMethod, textMethods } from './str-methods';
import { itemOf } from './subscript';
import { isNumber, textOf, typeName } from './types';
import { Markup, PyDict, PyError, PyFunction, PyObject, PyTuple, Undefined, type Kwargs, type Value } from './values';

const noKwargs: Kwargs = new Map();

/** Methods of Markup whose arguments it escapes, and those whose result is plain. */
const escapingMethods = new Set(['join', 'replace', 'center', 'ljust', 'rjust', 'removeprefix', 'removesuffix']);

/**
 * `value.name`, or undefined if there is none. These tables are all that a template can reach: nothing of JavaScript's and none of
 * Python's double-underscore attributes is in them.
 */
export function attributeOf(value: Value, name: string): Value | undefined {
  if (value instanceof PyObject) {
    return value.attribute(name);
  }
  if (isNumber(value)) {
    const method = numberMethod(value, name);
    return method ? new PyFunction(name, (args) => method(args)) : numberAttribute(value, name);
  }
  if (value instanceof PyTuple && value.names?.includes(name)) {
    return value.items[value.names.indexOf(name)];
  }
  return hasMethod(value, name)
    ? new PyFunction(name, (args, kwargs) => callMethod(value, name, args, kwargs) ?? null)
    : undefined;
}

function hasMethod(value: Value, name: string): boolean {
  if (textOf(value) !== undefined) {
    return (
      name === 'format' ||
      name === 'format_map' ||
      textMethods.has(name) ||
      (value instanceof Markup && (name === 'striptags' || name === 'unescape'))
    );
  }
  return (Array.isArray(value) || value instanceof PyTuple || value instanceof PyDict) && hasCollectionMethod(value, name);
}

/** `value.name(*args, **kwargs)` for the methods of plain values, or undefined if it has none of that name. @throws PyError */
export function callMethod(value: Value, name: string, args: readonly Value[], kwargs: Kwargs | undefined): Value | undefined {
  if (typeof value === 'string') {
    const method = textMethods.get(name);
    return method ? callTextMethod(value, name, method, args, kwargs) : formatMethod(value, name, args, kwargs);
  }
  if (Array.isArray(value) || value instanceof PyDict || value instanceof PyTuple) {
    return callCollectionMethod(value, name, args, kwargs);
  }
  if (value instanceof Markup) {
    return markupMethod(value, name, args, kwargs);
  }
  return isNumber(value) ? numberMethod(value, name)?.(args) : undefined;
}

function formatMethod(text: string, name: string, args: readonly Value[], kwargs: Kwargs | undefined): string | undefined {
  if (name === 'format') {
    return formatFields(text, args, kwargs ?? noKwargs, fieldAccess);
  }
  if (name !== 'format_map') {
    return undefined;
  }
  const [mapping] = args;
  if (!(mapping instanceof PyDict)) {
    throw new PyError('TypeError', 'format_map() takes a dict');
  }
  return formatFields(text, [], new Map(Array.from(mapping.entries(), ([key, value]) => [String(key), value])), fieldAccess);
}

function markupMethod(value: Markup, name: string, args: readonly Value[], kwargs: Kwargs | undefined): Value | undefined {
  if (name === 'striptags') {
    return stripTags(value.text);
  }
  if (name === 'unescape') {
    return unescapeHtml(value.text);
  }
  const escaping = escapingMethods.has(name) || name === 'format';
  const given = escaping ? args.map((arg) => escapeArgument(arg)) : args;
  const named = escaping && kwargs ? new Map(Array.from(kwargs, ([key, arg]) => [key, escapeArgument(arg)])) : kwargs;
  const result = callMethod(value.text, name, given, named);
  return result === undefined ? undefined : marked(result);
}

function escapeArgument(value: Value): Value {
  if (Array.isArray(value)) {
    return value.map(escapeArgument);
  }
  return typeof value === 'string' || value instanceof Markup ? escapeValue(value).text : value;
}

function marked(result: Value): Value {
  if (typeof result === 'string') {
    return new Markup(result);
  }
  if (Array.isArray(result)) {
    return result.map(marked);
  }
  return result instanceof PyTuple ? new PyTuple(result.items.map(marked)) : result;
}

/** The text without comments and tags, its white space collapsed. */
export function stripTags(text: string): string {
  const bare = withoutRanges(withoutRanges(text, '<!--', '-->'), '<', '>');
  return unescapeHtml(bare.split(/\s+/u).filter(Boolean).join(' '));
}

/** Cut by searching, since a regular expression takes quadratic time on many openings without an end. */
function withoutRanges(text: string, open: string, close: string): string {
  let result = '';
  let at = 0;
  for (;;) {
    const start = text.indexOf(open, at);
    const end = start < 0 ? -1 : text.indexOf(close, start + open.length);
    if (end < 0) {
      return result + text.slice(at);
    }
    result += text.slice(at, start);
    at = end + close.length;
  }
}

const namedEntities = new Map(Object.entries({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' }));

function unescapeHtml(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]+));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) {
      return namedEntities.get(name) ?? whole;
    }
    const code = decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

const fieldAccess = {
  attribute(value: Value, name: string): Value {
    const found = attributeOf(value, name);
    if (found === undefined) {
      throw value instanceof Undefined
        ? new PyError('UndefinedError', value.message)
        : new PyError('AttributeError', `'${typeName(value)}' object has no attribute '${name}'`);
    }
    return found;
  },
  item(value: Value, key: Value): Value {
    const found = itemOf(value, key);
    if (found === undefined) {
      throw value instanceof Undefined
        ? new PyError('UndefinedError', value.message)
        : new PyError('KeyError', `no item ${typeof key === 'string' ? `'${key}'` : Number(key)}`);
    }
    return found;
  },
};
