import { BundleError, type BundleErrorPlace } from '../errors';

/** What an account has come to hold. Bytes are an estimate of what it takes in V8's heap. */
export interface Holding {
  readonly rows?: number;
  /** Different values that are told apart, as the groups of `group_by` are. */
  readonly keys?: number;
  readonly bytes: number;
}

/** What a number in a list takes that has grown, in bytes. */
export const numberBytes = 12;

/**
 * Adds up what a run holds: rows that an operation must see all of, tables that others are joined with, keys that are told apart. A run
 * that would hold more than it may fails here with a clear error, rather than that its process dies.
 */
export class HeldMemory {
  private bytes = 0;
  private readonly accounts = new Set<HeldAccount>();

  /** @param limitBytes `Infinity` for no limit */
  constructor(private readonly limitBytes: number) {}

  /** @param holder what the error calls the one who holds */
  account(place: BundleErrorPlace, holder = 'the operation'): HeldAccount {
    const account = new HeldAccount(this, place, holder);
    this.accounts.add(account);
    return account;
  }

  /** @throws BundleError `too_much_to_hold`, for the account that holds most, whoever asked for more */
  add(bytes: number): void {
    this.bytes += bytes;
    if (this.bytes > this.limitBytes) {
      const [largest] = [...this.accounts].sort((a, b) => b.bytes - a.bytes);
      throw (largest as HeldAccount).error(this.limitBytes);
    }
  }
}

/** What one operation or table holds. */
export class HeldAccount {
  bytes = 0;
  private rows = 0;
  private keys = 0;

  constructor(
    private readonly memory: HeldMemory,
    private readonly place: BundleErrorPlace,
    private readonly holder: string,
  ) {}

  /** @throws BundleError `too_much_to_hold` */
  hold({ rows = 0, keys = 0, bytes }: Holding): void {
    this.rows += rows;
    this.keys += keys;
    this.bytes += bytes;
    this.memory.add(bytes);
  }

  /** Nothing of it is held any more. */
  release(): void {
    this.memory.add(-this.bytes);
    this.bytes = 0;
    this.rows = 0;
    this.keys = 0;
  }

  error(limitBytes: number): BundleError {
    const counts = [
      ...(this.rows > 0 || this.keys === 0 ? [`${grouped(this.rows)} rows`] : []),
      ...(this.keys > 0 ? [`${grouped(this.keys)} keys`] : []),
    ];
    return new BundleError(
      'too_much_to_hold',
      `the run may hold ${megabytes(limitBytes)} in memory and would need more: ${this.holder} alone holds ${counts.join(' and ')} ` +
        `(${megabytes(this.bytes)}); split the input into smaller files, leave out rows and columns before this step, ` +
        'or give the run more memory (RUN_MEMORY_MB of a worker, --max-old-space-size of Node by hand)',
      this.place,
    );
  }

  /** V8's own limit of a Map, however much memory there is. */
  tooManyKeys(limit: number): BundleError {
    return new BundleError(
      'too_much_to_hold',
      `${this.holder} tells ${grouped(limit)} keys apart, and cannot do so with more; split the input into smaller files`,
      this.place,
    );
  }
}

/**
 * How much may be held in a heap of so many bytes. The rest is for the program, what is being read and written, garbage, and what
 * estimates and growing tables are wrong by.
 */
export function holdableBytes(heapBytes: number): number {
  return Math.max(0, heapBytes - programBytes) * holdableShare;
}

const programBytes = 24 * 2 ** 20;
const holdableShare = 0.6;

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

function megabytes(bytes: number): string {
  const number = bytes / 2 ** 20;
  return `${number.toFixed(number < 10 ? 1 : 0)} MB`;
}
