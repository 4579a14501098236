import { TokenBuckets } from './token-buckets';

const MINUTE = 60_000;
const buckets = (capacity: number, refillPerMinute: number, maxBuckets = 100) =>
  new TokenBuckets({ capacity, refillPerMinute }, maxBuckets);
const draws = (from: TokenBuckets, times: number, nowMs: number, key = 'a') =>
  Array.from({ length: times }, () => from.take(key, nowMs).taken);

it('lets a burst of its capacity pass, and nothing more', () => {
  const full = buckets(200, 60);
  expect(draws(full, 200, 0)).toEqual(Array(200).fill(true));
  expect(full.take('a', 0)).toEqual({ taken: false, remaining: 0, secondsToNext: 1 });
});

it('fills again at its rate, however often an empty one is asked', () => {
  const bucket = buckets(10, 60);
  draws(bucket, 10, 0);
  let passed = 0;
  for (let nowMs = 100; nowMs <= 10_000; nowMs += 100) if (bucket.take('a', nowMs).taken) passed++;
  expect(passed).toBe(10);
});

it('never holds more than its capacity', () => {
  const bucket = buckets(5, 600);
  draws(bucket, 5, 0);
  expect(draws(bucket, 6, 24 * 60 * MINUTE)).toEqual([true, true, true, true, true, false]);
});

it('says how many are left, and when there is one more', () => {
  const bucket = buckets(3, 6);
  expect(bucket.take('a', 0)).toEqual({ taken: true, remaining: 2, secondsToNext: 10 });
  expect(bucket.take('a', 4_000)).toEqual({ taken: true, remaining: 1, secondsToNext: 6 });
  expect(bucket.take('a', 4_000)).toEqual({ taken: true, remaining: 0, secondsToNext: 6 });
  expect(bucket.take('a', 9_500)).toEqual({ taken: false, remaining: 0, secondsToNext: 1 });
  expect(bucket.take('a', 10_000)).toEqual({ taken: true, remaining: 0, secondsToNext: 10 });
});

it('lets whoever waited as long as it said pass', () => {
  const bucket = buckets(1, 7);
  bucket.take('a', 0);
  const { taken, secondsToNext } = bucket.take('a', 1);
  expect(taken).toBe(false);
  expect(bucket.take('a', 1 + secondsToNext * 1000).taken).toBe(true);
});

it('has a bucket for each key', () => {
  const each = buckets(1, 1);
  expect([each.take('a', 0), each.take('b', 0), each.take('a', 0), each.take('b', 0)].map(({ taken }) => taken)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

it('forgets the bucket that was used longest ago where there are too many', () => {
  const few = buckets(1, 1, 3);
  for (const key of ['a', 'b', 'c', 'a', 'd']) few.take(key, 0);
  expect(few.count).toBe(3);
  expect(few.take('a', 0).taken).toBe(false);
  expect(few.take('d', 0).taken).toBe(false);
  expect(few.take('b', 0).taken).toBe(true);
});
