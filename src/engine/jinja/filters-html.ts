import { escapeHtml, escapeValue } from '../python/html';
import { jsonDumps } from '../python/json-dumps';
import { intArgument } from '../python/arguments';
import { truthy } from '../python/compare';
import { toArray, tryArray, unpack } from '../python/iterate';
import { limits } from '../python/limits';
import { prettyPrint } from '../python/pretty-print';
import { pyRepr, pyStr } from '../python/print';
import { textOf } from '../python/types';
import { Markup, PyDict, PyError, Undefined, type Value } from '../python/values';
import { row, type Argument, type FilterTable } from './table';
import { urlize } from './urlize';

const unsafeInHtml = /[<>&']/g;

/** JSON with sorted keys, safe between HTML tags: `<`, `>`, `&` and `'` as `\u003c` and so on. */
function toJson(value: Value, indent: Argument): Markup {
  const json = jsonDumps(value, { sortKeys: true, indent: indent == null ? null : indentText(indent) });
  return new Markup(json.replace(unsafeInHtml, (character) => `\\u00${character.charCodeAt(0).toString(16)}`));
}

function indentText(indent: Value): string {
  return textOf(indent) ?? ' '.repeat(Math.min(Math.max(0, intArgument(indent)), limits.textLength));
}

const unreserved = /[^A-Za-z0-9_.~-]/gu;

function urlQuote(value: Value, forQuery: boolean): string {
  return pyStr(value).replace(unreserved, (character) => {
    if (character === '/' && !forQuery) {
      return character;
    }
    if (character === ' ' && forQuery) {
      return '+';
    }
    return Array.from(utf8.encode(character), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
  });
}

const utf8 = new TextEncoder();

function urlEncode(value: Value): string {
  const items = textOf(value) === undefined ? tryArray(value) : undefined;
  if (!items) {
    return urlQuote(value, false);
  }
  const pairs = value instanceof PyDict ? Array.from(value.entries()) : items.map((pair) => unpack(pair, 2));
  return pairs.map(([key, item]) => `${urlQuote(key as Value, true)}=${urlQuote(item as Value, true)}`).join('&');
}

function xmlAttributes(value: Value, autoSpace: boolean): string {
  if (!(value instanceof PyDict)) {
    throw new PyError('TypeError', 'xmlattr needs a dict');
  }
  const attributes: string[] = [];
  for (const [key, item] of value.entries()) {
    if (item === null || item instanceof Undefined) {
      continue;
    }
    const name = pyStr(key);
    if (/[\s/>=]/.test(name)) {
      throw new PyError('ValueError', `Invalid character in attribute name: ${pyRepr(key)}`);
    }
    attributes.push(`${escapeHtml(name)}="${escapeValue(item).text}"`);
  }
  return (autoSpace && attributes.length > 0 ? ' ' : '') + attributes.join(' ');
}

const escape = row([], escapeValue);

export const htmlFilters: FilterTable = {
  e: escape,
  escape,
  forceescape: row([], (value) => new Markup(escapeHtml(pyStr(value)))),
  pprint: row([], prettyPrint),
  safe: row([], (value) => new Markup(pyStr(value))),
  tojson: row(['indent?'], (value, [indent]) => toJson(value, indent)),
  urlencode: row([], urlEncode),
  urlize: row(
    ['trim_url_limit?', 'nofollow?', 'target?', 'rel?', 'extra_schemes?'],
    (value, [limit, nofollow, target, rel, schemes]) =>
      urlize(pyStr(value), {
        limit: limit == null ? undefined : intArgument(limit),
        nofollow: nofollow !== undefined && truthy(nofollow),
        target: target == null ? undefined : pyStr(target),
        rel: rel == null ? '' : pyStr(rel),
        schemes: schemes == null ? [] : toArray(schemes).map(pyStr),
      }),
  ),
  xmlattr: row(['autospace?'], (value, [autoSpace]) => xmlAttributes(value, autoSpace === undefined || truthy(autoSpace))),
};
