/** How many a bucket holds, and how fast an empty one fills. */
export interface BucketSize {
  readonly capacity: number;
  readonly refillPerMinute: number;
}

export interface Draw {
  /** False: the bucket was empty, and nothing was taken. */
  readonly taken: boolean;
  /** Whole tokens that are left. */
  readonly remaining: number;
  /** Whole seconds until there is one more, at least 1. */
  readonly secondsToNext: number;
}

interface Bucket {
  /** In parts of a token, so that filling is a multiplication and loses nothing to rounding. */
  parts: number;
  filledAtMs: number;
}

/** So many that `refillPerMinute` of them come with each millisecond. */
const PARTS_PER_TOKEN = 60_000;

/**
 * Token buckets by key, all of one size, each full when it is first asked for. At most `maxBuckets` are remembered: past that the
 * one that was used longest ago is forgotten, which has filled up by then and so is no loss, unless that many keys are in use
 * at once.
 */
export class TokenBuckets {
  /** In the order of their last use, the oldest first. */
  private readonly buckets = new Map<string, Bucket>();

  constructor(
    private readonly size: BucketSize,
    private readonly maxBuckets: number,
  ) {}

  get count(): number {
    return this.buckets.size;
  }

  /** Takes one token. @param nowMs of a clock that only ever grows. */
  take(key: string, nowMs: number): Draw {
    const bucket = this.buckets.get(key) ?? { parts: this.size.capacity * PARTS_PER_TOKEN, filledAtMs: nowMs };
    this.fill(bucket, nowMs);
    this.remember(key, bucket);
    const taken = bucket.parts >= PARTS_PER_TOKEN;
    if (taken) bucket.parts -= PARTS_PER_TOKEN;
    const remaining = Math.floor(bucket.parts / PARTS_PER_TOKEN);
    const missing = (remaining + 1) * PARTS_PER_TOKEN - bucket.parts;
    const secondsToNext = Math.max(1, Math.ceil(missing / this.size.refillPerMinute / 1000));
    return { taken, remaining, secondsToNext };
  }

  private fill(bucket: Bucket, nowMs: number): void {
    const { capacity, refillPerMinute } = this.size;
    const gained = (nowMs - bucket.filledAtMs) * refillPerMinute;
    bucket.parts = Math.min(capacity * PARTS_PER_TOKEN, bucket.parts + gained);
    bucket.filledAtMs = nowMs;
  }

  private remember(key: string, bucket: Bucket): void {
    this.buckets.delete(key);
    this.buckets.set(key, bucket);
    if (this.buckets.size <= this.maxBuckets) return;
    const [oldest] = this.buckets.keys();
    if (oldest !== undefined) this.buckets.delete(oldest);
  }
}
