import { ordered } from '../python/compare';
import { compareText } from '../python/text';
import { PyError, type Value } from '../python/values';
import { isMissing } from '../table';

/** Orders two values as Python does; missing ones come last. @throws PyError if they cannot be compared */
export function compareValues(a: Value, b: Value): number {
  if (typeof a === 'string' && typeof b === 'string') {
    return compareText(a, b);
  }
  if (isMissing(a) || isMissing(b)) {
    return Number(isMissing(a)) - Number(isMissing(b));
  }
  return ordered('<', a, b) ? -1 : ordered('<', b, a) ? 1 : 0;
}

/** The same, with values of different kinds in some fixed order, for groups: pandas leaves those unsorted. */
export function compareKeys(a: Value, b: Value): number {
  try {
    return compareValues(a, b);
  } catch (error) {
    if (error instanceof PyError) {
      return typeof a === 'string' ? 1 : typeof b === 'string' ? -1 : 0;
    }
    throw error;
  }
}
