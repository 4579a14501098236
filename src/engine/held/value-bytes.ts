import { Markup, PyDict, PyTuple, type Value } from '../python/values';

const beyondLatin1 = /[^\0-\xff]/;
const textHeader = 16;
const objectHeader = 64;
const entryBytes = 48;

/** What a text takes in V8's heap. */
export function textBytes(text: string): number {
  return textHeader + text.length * (beyondLatin1.test(text) ? 2 : 1);
}

/** What a value takes in V8's heap, beside the eight bytes that refer to it. */
export function valueBytes(value: Value): number {
  if (typeof value === 'string') {
    return textBytes(value);
  }
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'bigint' || (typeof value === 'number' && !Number.isInteger(value)) ? 16 : 0;
  }
  if (value instanceof PyDict) {
    let bytes = 2 * objectHeader;
    for (const [key, item] of value.entries()) {
      bytes += entryBytes + valueBytes(key) + valueBytes(item);
    }
    return bytes;
  }
  const items = Array.isArray(value) ? value : value instanceof PyTuple ? value.items : [];
  const text = value instanceof Markup ? textBytes(value.text) : 0;
  return items.reduce<number>((bytes, item) => bytes + 8 + valueBytes(item), objectHeader + text);
}
