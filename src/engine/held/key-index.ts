import { flatText } from '../flat-text';
import type { HeldAccount } from './held-memory';
import { textBytes } from './value-bytes';

/** V8's limit of a Map. */
const maxKeys = 2 ** 24 - 1;
/** A Map takes 28 bytes an entry when it is full, and twice that after it has grown. */
const entryBytes = 56;

/** Numbers different keys (see `row-key.ts`) from 0, in the order in which they come. */
export class KeyIndex {
  private readonly numbers = new Map<unknown, number>();

  constructor(private readonly account: HeldAccount) {}

  get size(): number {
    return this.numbers.size;
  }

  /** Undefined for a key that has not come. */
  find(key: unknown): number | undefined {
    return this.numbers.get(key);
  }

  /** @throws BundleError `too_much_to_hold` */
  add(key: unknown): number {
    const known = this.numbers.get(key);
    if (known !== undefined) {
      return known;
    }
    const number = this.numbers.size;
    if (number === maxKeys) {
      throw this.account.tooManyKeys(maxKeys);
    }
    this.numbers.set(typeof key === 'string' ? flatText(key) : key, number);
    this.account.hold({ keys: 1, bytes: entryBytes + (typeof key === 'string' ? textBytes(key) : 16) });
    return number;
  }
}
