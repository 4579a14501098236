import { floatRepr, intRepr } from './numbers';
import { Markup, PyDict, PyError, PyFloat, PyTuple, Undefined, type Value } from './values';

/** Python's own limit is its stack; a value that contains itself is caught by `open` before that. */
const maxDepth = 200;

/** `str(value)`. */
export function pyStr(value: Value): string {
  if (typeof value === 'string') {
    return value;
  }
  if (value instanceof Markup) {
    return value.text;
  }
  if (value instanceof Undefined) {
    return '';
  }
  return typeof value === 'object' && value !== null && 'str' in value ? value.str() : pyRepr(value);
}

/** `repr(value)`. */
export function pyRepr(value: Value): string {
  return represent(value, []);
}

/** @param open the lists, tuples and dicts around the value: one that contains itself prints as dots. */
function represent(value: Value, open: readonly object[]): string {
  switch (typeof value) {
    case 'string':
      return textRepr(value);
    case 'boolean':
      return value ? 'True' : 'False';
    case 'bigint':
      return intRepr(value);
    case 'number':
      return Number.isInteger(value) ? String(value) : floatRepr(value);
    default:
      break;
  }
  if (value === null) {
    return 'None';
  }
  if (value instanceof PyFloat) {
    return floatRepr(value.value);
  }
  if (value instanceof Markup) {
    return `Markup(${textRepr(value.text)})`;
  }
  if (value instanceof Undefined) {
    return 'Undefined';
  }
  if (open.includes(value)) {
    return Array.isArray(value) ? '[...]' : value instanceof PyTuple ? '(...)' : '{...}';
  }
  if (open.length >= maxDepth) {
    throw new PyError('RecursionError', 'maximum recursion depth exceeded while getting the repr of an object');
  }
  if (Array.isArray(value)) {
    return `[${joined(value, [...open, value])}]`;
  }
  if (value instanceof PyTuple) {
    return `(${joined(value.items, [...open, value])}${value.items.length === 1 ? ',' : ''})`;
  }
  if (value instanceof PyDict) {
    const inside = [...open, value];
    return `{${Array.from(value.entries(), ([key, item]) => `${represent(key, inside)}: ${represent(item, inside)}`).join(', ')}}`;
  }
  return value.repr();
}

function joined(items: readonly Value[], open: readonly object[]): string {
  return items.map((item) => represent(item, open)).join(', ');
}

const plainText = /^[\x20-\x26\x28-\x5b\x5d-\x7e]*$/;
const unprintable = /[\p{C}\p{Z}]/u;
const namedEscapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** `repr(str)`: in single quotes unless only the text has them, unprintable characters escaped. */
export function textRepr(text: string): string {
  if (plainText.test(text)) {
    return `'${text}'`;
  }
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let result = quote;
  for (const character of text) {
    result +=
      character === quote
        ? `\\${quote}`
        : (namedEscapes[character] ?? (isPrintable(character) ? character : escapeCharacter(character)));
  }
  return result + quote;
}

export function isPrintable(character: string): boolean {
  return character === ' ' || !unprintable.test(character);
}

export function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  return code <= 0xff
    ? `\\x${hex.padStart(2, '0')}`
    : code <= 0xffff
      ? `\\u${hex.padStart(4, '0')}`
      : `\\U${hex.padStart(8, '0')}`;
}
