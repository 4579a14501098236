/**
 * How long is waited after each failed attempt, in seconds: the first retries are for a hiccup, the last for an outage that
 * somebody has to mend. Twelve attempts over a day (23 h 51 min); then the delivery has failed.
 */
export const RETRY_WAITS_SECONDS: readonly number[] = [
  ...[5, 60, 5 * 60, 15 * 60, 30 * 60],
  ...[1, 2, 4, 4, 6, 6].map((hours) => hours * 3600),
];

/** Each wait is up to so much longer or shorter, so that what failed together does not come again together. */
const JITTER = 0.1;
/** A receiver cannot hold its messages for longer than our own longest wait. */
const MAX_RETRY_AFTER_SECONDS = 6 * 3600;

/**
 * @param attempts how many there have been.
 * @param retryAfterSeconds what the receiver asked for; see `parseRetryAfter`.
 * @param random from 0 to 1.
 * @returns seconds until the next attempt, or null where there will be none.
 */
export function waitBeforeRetry(attempts: number, retryAfterSeconds: number | null, random: number): number | null {
  const wait = RETRY_WAITS_SECONDS[attempts - 1];
  if (wait === undefined) return null;
  return Math.max(wait * (1 + JITTER * (2 * random - 1)), retryAfterSeconds ?? 0);
}

/** Seconds of a `Retry-After` (RFC 9110 §10.2.3: a number or a date), at most six hours; null for none, or none that is understood. */
export function parseRetryAfter(value: string | undefined, now: number): number | null {
  if (value === undefined) return null;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - now) / 1000;
  return Number.isNaN(seconds) ? null : Math.min(Math.max(seconds, 0), MAX_RETRY_AFTER_SECONDS);
}
