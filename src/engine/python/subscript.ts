import { characters, hasAstral, length, sliceText } from './text';
import { isInt, textOf, typeName } from './types';
import { Markup, PyDict, PyError, PyObject, PyTuple, Undefined, type Value } from './values';

/** `value[key]`, or undefined if there is no such item or the type has none. */
export function itemOf(value: Value, key: Value): Value | undefined {
  if (value instanceof PyDict) {
    return value.get(key);
  }
  if (value instanceof PyObject) {
    return value.item(key);
  }
  if (!isInt(key)) {
    return undefined;
  }
  const text = textOf(value);
  if (text !== undefined) {
    const units: string | string[] = hasAstral(text) ? characters(text) : text;
    const character = units[wrap(key, units.length)];
    return value instanceof Markup && character !== undefined ? new Markup(character) : character;
  }
  const items = Array.isArray(value) ? value : value instanceof PyTuple ? value.items : undefined;
  return items?.[wrap(key, items.length)];
}

/** An index, counted from the end if it is negative. */
export function wrap(key: number | bigint | boolean, size: number): number {
  const index = Number(key);
  return index < 0 ? index + size : index;
}

export interface SliceIndices {
  readonly start: number;
  readonly stop: number;
  readonly step: number;
}

/** Python's `slice(start, stop, step).indices(size)`. @throws PyError */
export function sliceIndices(size: number, start: Value, stop: Value, step: Value): SliceIndices {
  const by = bound(step) ?? 1;
  if (by === 0) {
    throw new PyError('ValueError', 'slice step cannot be zero');
  }
  const [lowest, highest] = by > 0 ? [0, size] : [-1, size - 1];
  const clamp = (index: number): number => Math.max(lowest, Math.min(index < 0 ? index + size : index, highest));
  const first = bound(start);
  const last = bound(stop);
  return {
    start: first === undefined ? (by > 0 ? lowest : highest) : clamp(first),
    stop: last === undefined ? (by > 0 ? highest : lowest) : clamp(last),
    step: by,
  };
}

function bound(value: Value): number | undefined {
  if (value === null) {
    return undefined;
  }
  if (!isInt(value)) {
    throw new PyError('TypeError', 'slice indices must be integers or None or have an __index__ method');
  }
  return Number(value);
}

/** `value[start:stop:step]`. @throws PyError */
export function sliceOf(value: Value, start: Value, stop: Value, step: Value): Value {
  const text = textOf(value);
  if (text !== undefined) {
    const range = sliceIndices(length(text), start, stop, step);
    const part = sliceText(text, range.start, range.stop, range.step);
    return value instanceof Markup ? new Markup(part) : part;
  }
  if (value instanceof PyObject) {
    const range = sliceIndices(value.size() ?? 0, start, stop, step);
    const part = value.slice(range.start, range.stop, range.step);
    if (part !== undefined) {
      return part;
    }
  }
  const items = Array.isArray(value) ? value : value instanceof PyTuple ? value.items : undefined;
  if (items === undefined) {
    throw value instanceof Undefined
      ? new PyError('UndefinedError', value.message)
      : new PyError(
          'TypeError',
          value instanceof PyDict ? "unhashable type: 'slice'" : `'${typeName(value)}' object is not subscriptable`,
        );
  }
  const range = sliceIndices(items.length, start, stop, step);
  const picked: Value[] = [];
  for (let i = range.start; range.step > 0 ? i < range.stop : i > range.stop; i += range.step) {
    picked.push(items[i] as Value);
  }
  return Array.isArray(value) ? picked : new PyTuple(picked);
}
