import { rowKey } from '../row-key';
import type { Row } from '../table';
import type { HeldAccount } from './held-memory';
import type { HeldRows } from './held-rows';
import type { KeyIndex } from './key-index';

/** Ends the numbers of a key's rows. */
export const noRow = -1;

/** Finds the rows that have a key. */
export class RowsByKey {
  /** By the key's number. */
  private readonly firsts: number[] = [];
  /** By the row's number, the next one with the same key. */
  private readonly nexts: Int32Array;

  /** @param keys may be shared with another table, whose rows then have the same numbers of keys */
  constructor(keys: KeyIndex, rows: HeldRows, slots: readonly number[], account: HeldAccount) {
    this.nexts = new Int32Array(rows.length).fill(noRow);
    account.hold({ bytes: this.nexts.byteLength });
    const keyAt = heldKeys(rows, slots);
    const lasts: number[] = [];
    for (let index = 0; index < rows.length; index++) {
      const key = keys.add(keyAt(index));
      const last = lasts[key];
      if (last === undefined) {
        this.firsts[key] = index;
        account.hold({ bytes: 16 });
      } else {
        this.nexts[last] = index;
      }
      lasts[key] = index;
    }
  }

  /** The first row with the key of that number, or `noRow`. */
  first(key: number | undefined): number {
    return key === undefined ? noRow : (this.firsts[key] ?? noRow);
  }

  /** The next row with the same key as a row, or `noRow`. */
  next(row: number): number {
    return this.nexts[row] as number;
  }
}

/** The keys of held rows, by the rows' numbers. */
export function heldKeys(rows: HeldRows, slots: readonly number[]): (index: number) => unknown {
  const columns = slots.map((slot) => rows.column(slot));
  const keyOf = rowKey(slots.map((_, place) => place));
  const values: Row = [];
  return (index) => {
    columns.forEach((column, place) => (values[place] = column.get(index)));
    return keyOf(values);
  };
}
