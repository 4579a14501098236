import type { Response } from 'express';
import { Problem } from '../problem/problem';
import { TokenBuckets } from './token-buckets';

/** Each may send this many at once however low its rate is, so that what belongs together is never a burst too many. */
const MIN_BURST = 200;
/** Some 200 bytes each. */
const MAX_BUCKETS = 10_000;

interface RateLimitOptions {
  /** The policy's name in the headers: what there is one bucket for. */
  readonly policy: string;
  /** Who sends too much, at the beginning of a sentence. */
  readonly sender: string;
  /** 0: no limit. */
  readonly perMinute: number;
}

/** A bucket for each key, and its size in numbers that a sender can go by. It is of one process. */
export class RateLimit {
  private readonly buckets: TokenBuckets | null;
  /** As many requests as a full bucket has, and the seconds in which an empty one fills: their ratio is the rate. */
  private readonly quota: number;
  private readonly windowSeconds: number;

  constructor(private readonly options: RateLimitOptions) {
    const { perMinute } = options;
    this.quota = Math.max(MIN_BURST, perMinute);
    this.windowSeconds = Math.ceil((this.quota * 60) / perMinute);
    this.buckets = perMinute === 0 ? null : new TokenBuckets({ capacity: this.quota, refillPerMinute: perMinute }, MAX_BUCKETS);
  }

  /**
   * Counts a request, and says on its answer how much is left.
   *
   * @throws Problem `rate_limited` where nothing was.
   */
  count(key: string, response: Response): void {
    if (!this.buckets) return;
    // A wall clock that jumps would fill or freeze the buckets.
    const { taken, remaining, secondsToNext } = this.buckets.take(key, performance.now());
    const { policy, sender } = this.options;
    // draft-ietf-httpapi-ratelimit-headers-10, §3 and §4: `t` is when more becomes available, not when all of it is back.
    response.setHeader('RateLimit-Policy', `"${policy}";q=${this.quota};w=${this.windowSeconds}`);
    response.setHeader('RateLimit', `"${policy}";r=${remaining};t=${secondsToNext}`);
    if (taken) return;
    throw new Problem('rate_limited', `${sender} sends too many requests. Wait ${secondsToNext} s, then send them slower.`, {
      headers: { 'Retry-After': String(secondsToNext) },
    });
  }
}
