import type { HeldAccount } from '../held/held-memory';

/** What belongs to each group: the items from `starts[group]` up to `starts[group + 1]`, in their order. */
export interface Grouping {
  readonly starts: Uint32Array;
  /** Numbers of items. */
  readonly items: Uint32Array;
}

/**
 * @param groups each item's group
 * @param count how many groups there are
 * @throws BundleError `too_much_to_hold`
 */
export function byGroup(groups: readonly number[], count: number, account: HeldAccount): Grouping {
  account.hold({ bytes: 4 * (2 * count + groups.length) });
  const starts = new Uint32Array(count + 1);
  for (const group of groups) {
    starts[group + 1] = (starts[group + 1] as number) + 1;
  }
  for (let group = 0; group < count; group++) {
    starts[group + 1] = (starts[group + 1] as number) + (starts[group] as number);
  }
  const next = starts.slice();
  const items = new Uint32Array(groups.length);
  groups.forEach((group, item) => {
    const at = next[group] as number;
    items[at] = item;
    next[group] = at + 1;
  });
  return { starts, items };
}
