import { characters } from './text';
import { isNumber, typeName } from './types';
import { Markup, PyDict, PyError, PyObject, PyTuple, Undefined, type Value } from './values';

/** `iter(value)` all at once: the array itself for a list, so that its owner must not change it. @throws PyError */
export function toArray(value: Value): readonly Value[] {
  const items = tryArray(value);
  if (items === undefined) {
    throw new PyError('TypeError', `'${typeName(value)}' object is not iterable`);
  }
  return items;
}

/** As `toArray`; undefined for what is not iterable. */
export function tryArray(value: Value): readonly Value[] | undefined {
  if (Array.isArray(value)) {
    return value;
  }
  if (typeof value === 'string') {
    return characters(value);
  }
  if (value instanceof PyTuple) {
    return value.items;
  }
  if (value instanceof PyDict) {
    return Array.from(value.keys());
  }
  if (value instanceof Undefined) {
    return [];
  }
  if (value instanceof Markup) {
    return characters(value.text);
  }
  const iterator = value instanceof PyObject ? value.iterate() : undefined;
  return iterator === undefined ? undefined : Array.from({ [Symbol.iterator]: () => iterator });
}

/** `iter(value)` step by step, for what must see later changes of a list. @throws PyError */
export function toIterator(value: Value): Iterator<Value> {
  const iterator = value instanceof PyObject ? value.iterate() : undefined;
  return iterator ?? toArray(value)[Symbol.iterator]();
}

/** `len(value)`, or undefined where it has none. */
export function sizeOf(value: Value): number | undefined {
  if (value instanceof PyObject) {
    return value.size();
  }
  if (value instanceof PyDict) {
    return value.size;
  }
  return tryArray(value)?.length;
}

/** `len(value)`. @throws PyError */
export function length(value: Value): number {
  const size = sizeOf(value);
  if (size === undefined) {
    throw new PyError('TypeError', `object of type '${typeName(value)}' has no len()`);
  }
  return size;
}

/** The `count` items of a value, for several targets. @throws PyError if there are not as many */
export function unpack(value: Value, count: number): readonly Value[] {
  if (isNumber(value) || value === null) {
    throw new PyError('TypeError', `cannot unpack non-iterable ${typeName(value)} object`);
  }
  const items = toArray(value);
  if (items.length !== count) {
    throw new PyError(
      'ValueError',
      items.length < count
        ? `not enough values to unpack (expected ${count}, got ${items.length})`
        : `too many values to unpack (expected ${count})`,
    );
  }
  return items;
}
