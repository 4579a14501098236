import { ownerKey, type JobOwner } from './job-owner';

/** How many creations one count of an owner's open jobs is good for. */
export const CREATIONS_PER_COUNT = 20;
/** And for how long: others create meanwhile. */
const COUNT_GOOD_FOR_MS = 1_000;
/** Some 200 bytes each. Of one that is forgotten the jobs are counted again. */
const MAX_OWNERS = 1_000;

interface Allowance {
  left: number;
  readonly countedAtMs: number;
  readonly grantedAtMs: number;
}

/** What came of a count: the owner is far below its limit or not, or nobody knows since it failed. */
type Outcome = 'far' | 'near' | 'failed';

/**
 * Which creations of this process go without a count of their client's or user's open jobs, after a count that was far below the
 * limit. Those that come while jobs are counted wait for it: with many at once, nearly each would count for itself.
 */
export class UncountedCreations {
  /** In the order of their counts, the oldest first. */
  private readonly allowances = new Map<string, Allowance>();
  private readonly counts = new Map<string, Promise<Outcome>>();

  /** @param nowMs a clock that only ever grows. */
  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  /**
   * @param insert makes the job; with `counts` only where its owner's open jobs, counted in the same statement, are far below the limit,
   *   else it gives null.
   * @returns what `insert` gave; null, and no job is made, where the limit is near. @throws what `insert` throws.
   */
  async admit<Created>(owner: JobOwner, insert: (how: { counts: boolean }) => Promise<Created | null>): Promise<Created | null> {
    const key = ownerKey(owner);
    for (;;) {
      if (this.take(key)) return insert({ counts: false });
      const counting = this.counts.get(key);
      // Nothing may come in between where none is under way.
      const outcome = counting && (await counting);
      if (outcome === 'near') return null;
      // One after the other would wait for a database that does not answer.
      if (outcome !== 'far') return this.count(key, () => insert({ counts: true }));
    }
  }

  private take(key: string): boolean {
    const allowance = this.allowances.get(key);
    if (!allowance || allowance.left === 0 || this.nowMs() - allowance.countedAtMs >= COUNT_GOOD_FOR_MS) return false;
    allowance.left -= 1;
    return true;
  }

  private async count<Created>(key: string, insert: () => Promise<Created | null>): Promise<Created | null> {
    let end: (outcome: Outcome) => void = () => undefined;
    const ended = new Promise<Outcome>((resolve) => (end = resolve));
    this.counts.set(key, ended);
    const countedAtMs = this.nowMs();
    let outcome: Outcome = 'failed';
    try {
      const created = await insert();
      outcome = created === null ? 'near' : 'far';
      if (created !== null) this.grant(key, countedAtMs);
      return created;
    } finally {
      if (this.counts.get(key) === ended) this.counts.delete(key);
      end(outcome);
    }
  }

  /**
   * One that began before the last was granted does not know what that one let in, and grants nothing: else each of many counts at
   * once, as there are after a failure, would grant anew.
   */
  private grant(key: string, countedAtMs: number): void {
    const known = this.allowances.get(key);
    if (known && countedAtMs < known.grantedAtMs) return;
    this.allowances.delete(key);
    this.allowances.set(key, { left: CREATIONS_PER_COUNT, countedAtMs, grantedAtMs: this.nowMs() });
    if (this.allowances.size <= MAX_OWNERS) return;
    const [oldest] = this.allowances.keys();
    if (oldest !== undefined) this.allowances.delete(oldest);
  }
}
