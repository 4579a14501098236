import type { Clock } from 'pg-boss';

/**
 * The time for pg-boss's own timers: it starts at the wall clock's and never jumps. With the wall clock itself, one that is put
 * back by an hour stops the polling and the search for lost workers in this process for an hour. What has to agree between
 * processes is compared in SQL, by the database's clock.
 */
export const monotonicClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  setTimeout: (fn, ms) => setTimeout(fn, ms),
  clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout),
  setInterval: (fn, ms) => setInterval(fn, ms),
  clearInterval: (handle) => clearInterval(handle as NodeJS.Timeout),
};
