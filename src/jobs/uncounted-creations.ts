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

/**
 * How many jobs this process may create for a client or user without counting its open jobs, after a count that was far below the limit.
 * Times are of a clock that only ever grows.
 */
export class UncountedCreations {
  /** In the order of their counts, the oldest first. */
  private readonly allowances = new Map<string, Allowance>();

  /** Takes one. @returns false where the jobs have to be counted. */
  take(owner: JobOwner, nowMs: number): boolean {
    const allowance = this.allowances.get(ownerKey(owner));
    if (!allowance || allowance.left === 0 || nowMs - allowance.countedAtMs >= COUNT_GOOD_FOR_MS) return false;
    allowance.left -= 1;
    return true;
  }

  /**
   * After a count far below the limit. One that began before the last was granted does not know what that one let in, and grants
   * nothing: else each of many counts at once would grant anew.
   *
   * @param countedAtMs when the count was asked for.
   */
  grant(owner: JobOwner, countedAtMs: number, nowMs: number): void {
    const key = ownerKey(owner);
    const known = this.allowances.get(key);
    if (known && countedAtMs < known.grantedAtMs) return;
    this.allowances.delete(key);
    this.allowances.set(key, { left: CREATIONS_PER_COUNT, countedAtMs, grantedAtMs: nowMs });
    if (this.allowances.size <= MAX_OWNERS) return;
    const [oldest] = this.allowances.keys();
    if (oldest !== undefined) this.allowances.delete(oldest);
  }
}
