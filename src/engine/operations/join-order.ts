import type { Value } from '../python/values';
import type { Row } from '../table';
import { rowKey } from '../row-key';
import { compareKeys } from './value-order';

export interface OuterGroup {
  readonly left: Row[];
  readonly right: Row[];
}

/** The rows of an outer join by key, in the order of the keys. */
export function outerOrder(
  left: readonly Row[],
  right: readonly Row[],
  slots: { readonly left: readonly number[]; readonly right: readonly number[] },
): OuterGroup[] {
  const groups = new Map<unknown, OuterGroup & { readonly key: readonly Value[] }>();
  const collect = (rows: readonly Row[], side: 'left' | 'right'): void => {
    const keyOf = rowKey(slots[side]);
    for (const row of rows) {
      const id = keyOf(row);
      let group = groups.get(id);
      if (group === undefined) {
        group = { left: [], right: [], key: slots[side].map((slot) => row[slot] as Value) };
        groups.set(id, group);
      }
      group[side].push(row);
    }
  };
  collect(left, 'left');
  collect(right, 'right');
  return [...groups.values()].sort((a, b) => compareLists(a.key, b.key));
}

/** Orders keys of several values, the first that differs deciding. */
export function compareLists(a: readonly Value[], b: readonly Value[]): number {
  for (let i = 0; i < a.length; i++) {
    const order = compareKeys(a[i] as Value, b[i] as Value);
    if (order !== 0) {
      return order;
    }
  }
  return 0;
}
