import { parseIntText } from '../python/numbers';
import { textOf } from '../python/types';
import { Undefined, type Value } from '../python/values';
import type { Argument, Host } from './table';

export type Getter = (value: Value) => Value;

/** Reads `a.b.0` of a value; whole numbers in the path are items by index. Without a path it gives the value itself. */
export function attributeGetter(path: Argument, host: Host, fallback?: Argument): Getter {
  const keys = pathKeys(path);
  return (value) => {
    let result = value;
    for (const key of keys) {
      result = host.item(result, key);
      if (fallback != null && result instanceof Undefined) {
        result = fallback;
      }
    }
    return result;
  };
}

/** One getter for each part of `a,b.c`. */
export function attributeGetters(paths: Argument, host: Host): Getter[] {
  const text = textOf(paths);
  return (text === undefined ? [paths] : text.split(',')).map((path) => attributeGetter(path, host));
}

function pathKeys(path: Argument): Value[] {
  if (path == null) {
    return [];
  }
  const text = textOf(path);
  return text === undefined
    ? [path]
    : text.split('.').map((part) => (/^\p{Nd}+$/u.test(part) ? (parseIntText(part) ?? part) : part));
}

/** For comparing without regard to case. */
export function ignoreCase(value: Value): Value {
  return textOf(value)?.toLowerCase() ?? value;
}
