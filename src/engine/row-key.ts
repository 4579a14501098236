import { PyFloat, type Value } from './python/values';
import { pyRepr } from './python/print';
import type { Row } from './table';

/** A value as a key of a JavaScript Map, so that values that pandas holds equal are one key: missing values equal each other. */
export function valueKey(value: Value): unknown {
  if (value === null) {
    return NaN;
  }
  if (value instanceof PyFloat) {
    return Number.isSafeInteger(value.value) ? value.value : BigInt(value.value);
  }
  return typeof value === 'object' ? `\0${pyRepr(value)}` : value;
}

/** A function from rows to keys over these slots: equal keys mean equal values, in all of them. */
export function rowKey(slots: readonly number[]): (row: Row) => unknown {
  if (slots.length === 1) {
    const slot = slots[0] as number;
    return (row) => valueKey(row[slot] as Value);
  }
  return (row) => {
    let key = '';
    for (const slot of slots) {
      key += encode(row[slot] as Value);
    }
    return key;
  };
}

/** Length-prefixed and typed, so that no two different lists of values give one text. */
function encode(value: Value): string {
  if (typeof value === 'string') {
    return `s${value.length}:${value}`;
  }
  const key = valueKey(value);
  const text = String(key);
  return `${typeof key === 'boolean' ? 'b' : typeof key === 'string' ? 'o' : 'n'}${text.length}:${text}`;
}
