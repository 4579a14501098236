import type { HeldAccount } from '../held/held-memory';
import { hasAstral } from '../python/text';
import type { Value } from '../python/values';
import { isMissing } from '../table';

export interface SortKey {
  /** By the number of what is sorted. */
  readonly values: { get(index: number): Value };
  /** Missing values are last even so. */
  readonly descending?: boolean;
  readonly compare: (a: Value, b: Value) => number;
}

type Comparison = (a: number, b: number) => number;

/** What a value of a key takes while it is compared, if it is a text, and what its number does. */
const bytesByKey = 40;
const bytesByNumber = 24;

/**
 * The numbers from 0 in the order of the keys, the first that differs deciding; what is equal keeps its order.
 *
 * @throws PyError if values cannot be compared; BundleError `too_much_to_hold`
 */
export function sortedNumbers(count: number, keys: readonly SortKey[], account: HeldAccount): Uint32Array {
  const bytes = count * (bytesByNumber + bytesByKey * keys.length);
  account.hold({ bytes });
  const comparisons = keys.map((key) => comparisonBy(key, count));
  const numbers = Uint32Array.from({ length: count }, (_, index) => index);
  numbers.sort((a, b) => {
    for (const compare of comparisons) {
      const order = compare(a, b);
      if (order !== 0) {
        return order;
      }
    }
    return a - b;
  });
  account.hold({ bytes: 4 * count - bytes });
  return numbers;
}

function comparisonBy({ values, descending = false, compare }: SortKey, count: number): Comparison {
  const list = Array.from({ length: count }, (_, index) => values.get(index));
  if (list.every((value) => typeof value === 'string' && !hasAstral(value))) {
    // Then UTF-16 units are in the order of the characters, and comparing two texts needs no look at what they are.
    const [less, greater] = descending ? [1, -1] : [-1, 1];
    return (a, b) => {
      const left = list[a] as string;
      const right = list[b] as string;
      return left === right ? 0 : left < right ? less : greater;
    };
  }
  return (a, b) => {
    const left = list[a] as Value;
    const right = list[b] as Value;
    const order = compare(left, right);
    return descending && !isMissing(left) && !isMissing(right) ? -order : order;
  };
}
