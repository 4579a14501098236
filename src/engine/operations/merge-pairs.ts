import type { HeldAccount } from '../held/held-memory';
import type { HeldRows } from '../held/held-rows';
import type { KeyIndex } from '../held/key-index';
import { heldKeys, noRow, RowsByKey } from '../held/rows-by-key';
import { sortedNumbers } from './sorted-numbers';
import { compareKeys } from './value-order';

/** The numbers of the rows that make a row of a merge; one of them may be `noRow`. */
export interface MergePair {
  readonly left: number;
  readonly right: number;
}

/** Two tables of which all rows are there. */
export interface HeldMerge {
  readonly left: HeldRows;
  readonly leftSlots: readonly number[];
  readonly right: HeldRows;
  readonly rightSlots: readonly number[];
  /** Those of the right rows. */
  readonly keys: KeyIndex;
  readonly rightByKey: RowsByKey;
  readonly account: HeldAccount;
}

/** What each kind of merge consists of, in its order. It may be gone through more than once. @throws BundleError `too_much_to_hold` */
export const mergePairs: Readonly<Record<'left' | 'right' | 'outer', (merge: HeldMerge) => () => Iterable<MergePair>>> = {
  /** In the order of the left rows, their matches in that of the right. */
  left: (merge) => {
    const keyAt = heldKeys(merge.left, merge.leftSlots);
    return function* () {
      for (let left = 0; left < merge.left.length; left++) {
        let right = merge.rightByKey.first(merge.keys.find(keyAt(left)));
        do {
          yield { left, right };
          right = right === noRow ? noRow : merge.rightByKey.next(right);
        } while (right !== noRow);
      }
    };
  },

  /** In the order of the right rows. */
  right: (merge) => {
    const leftByKey = new RowsByKey(merge.keys, merge.left, merge.leftSlots, merge.account);
    const keyAt = heldKeys(merge.right, merge.rightSlots);
    return function* () {
      for (let right = 0; right < merge.right.length; right++) {
        let left = leftByKey.first(merge.keys.find(keyAt(right)));
        do {
          yield { left, right };
          left = left === noRow ? noRow : leftByKey.next(left);
        } while (left !== noRow);
      }
    };
  },

  /** In the order of the keys. */
  outer: (merge) => {
    const { left, right, rightByKey } = merge;
    const leftByKey = new RowsByKey(merge.keys, left, merge.leftSlots, merge.account);
    const sortKeys = merge.leftSlots.map((leftSlot, index) => {
      const [leftValues, rightValues] = [left.column(leftSlot), right.column(merge.rightSlots[index] as number)];
      const get = (key: number): ReturnType<typeof leftValues.get> => {
        const row = leftByKey.first(key);
        return row === noRow ? rightValues.get(rightByKey.first(key)) : leftValues.get(row);
      };
      return { values: { get }, compare: compareKeys };
    });
    const order = sortedNumbers(merge.keys.size, sortKeys, merge.account);
    return function* () {
      for (const key of order) {
        const firstLeft = leftByKey.first(key);
        const firstRight = rightByKey.first(key);
        if (firstLeft === noRow) {
          for (let row = firstRight; row !== noRow; row = rightByKey.next(row)) {
            yield { left: noRow, right: row };
          }
        }
        for (let row = firstLeft; row !== noRow; row = leftByKey.next(row)) {
          if (firstRight === noRow) {
            yield { left: row, right: noRow };
          }
          for (let match = firstRight; match !== noRow; match = rightByKey.next(match)) {
            yield { left: row, right: match };
          }
        }
      }
    };
  },
};
