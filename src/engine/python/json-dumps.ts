import { floatRepr, intRepr } from './numbers';
import { ordered } from './compare';
import { typeName } from './types';
import { Markup, PyDict, PyError, PyFloat, PyTuple, Undefined, type Value } from './values';

/** Python's json stops at its stack. */
const maxDepth = 500;

const needsEscape = /["\\]|[^ -~]/;
const escapes = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\f', '\\f'],
  ['\b', '\\b'],
]);

export interface JsonStyle {
  readonly sortKeys: boolean;
  /** Blanks (or a text) a level, on lines of their own; null for one line. */
  readonly indent: string | null;
}

/** `json.dumps(value)`: ASCII only, `", "` and `": "`, NaN as `NaN`. @throws PyError for what JSON has no form of */
export function jsonDumps(value: Value, style: JsonStyle): string {
  return write(value, style, 0);
}

function write(value: Value, style: JsonStyle, depth: number): string {
  switch (typeof value) {
    case 'string':
      return jsonText(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'bigint':
      return intRepr(value);
    case 'number':
      return Number.isInteger(value) ? String(value) : jsonFloat(value);
    default:
      break;
  }
  if (value === null) {
    return 'null';
  }
  if (value instanceof PyFloat) {
    return floatRepr(value.value);
  }
  if (value instanceof Markup) {
    return jsonText(value.text);
  }
  if (depth >= maxDepth) {
    throw new PyError('RecursionError', 'maximum depth exceeded while writing JSON; does the value contain itself?');
  }
  if (Array.isArray(value) || value instanceof PyTuple) {
    const items = Array.isArray(value) ? value : value.items;
    return bracketed(
      '[',
      ']',
      items.map((item) => write(item, style, depth + 1)),
      style,
      depth,
    );
  }
  if (value instanceof PyDict) {
    const entries = Array.from(value.entries());
    if (style.sortKeys) {
      entries.sort(([a], [b]) => (ordered('<', a, b) ? -1 : ordered('<', b, a) ? 1 : 0));
    }
    return bracketed(
      '{',
      '}',
      entries.map(([key, item]) => `${jsonText(jsonKey(key))}: ${write(item, style, depth + 1)}`),
      style,
      depth,
    );
  }
  throw value instanceof Undefined
    ? new PyError('TypeError', 'Object of type Undefined is not JSON serializable')
    : new PyError('TypeError', `Object of type ${typeName(value)} is not JSON serializable`);
}

function bracketed(open: string, close: string, parts: readonly string[], { indent }: JsonStyle, depth: number): string {
  if (parts.length === 0 || indent === null) {
    return open + parts.join(', ') + close;
  }
  const line = `\n${indent.repeat(depth + 1)}`;
  return `${open}${line}${parts.join(`,${line}`)}\n${indent.repeat(depth)}${close}`;
}

function jsonFloat(x: number): string {
  return Number.isNaN(x) ? 'NaN' : Number.isFinite(x) ? floatRepr(x) : x > 0 ? 'Infinity' : '-Infinity';
}

function jsonKey(key: Value): string {
  if (typeof key === 'string') {
    return key;
  }
  if (key === null || typeof key === 'boolean' || typeof key === 'number' || typeof key === 'bigint' || key instanceof PyFloat) {
    return write(key, { sortKeys: false, indent: null }, 0);
  }
  if (key instanceof Markup) {
    return key.text;
  }
  throw new PyError('TypeError', `keys must be str, int, float, bool or None, not ${typeName(key)}`);
}

/** A JSON string, ASCII only. */
export function jsonText(text: string): string {
  if (!needsEscape.test(text)) {
    return `"${text}"`;
  }
  let result = '"';
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    const code = text.charCodeAt(i);
    result += escapes.get(character) ?? (code < 0x20 || code > 0x7e ? `\\u${code.toString(16).padStart(4, '0')}` : character);
  }
  return `${result}"`;
}
