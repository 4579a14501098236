import { parseRetryAfter, RETRY_WAITS_SECONDS, waitBeforeRetry } from './retry-schedule';

describe('the retries of a webhook', () => {
  it('go on for about a day, with waits that never get shorter', () => {
    const hours = RETRY_WAITS_SECONDS.reduce((sum, wait) => sum + wait, 0) / 3600;
    expect(hours).toBeGreaterThan(23.5);
    expect(hours).toBeLessThan(24);
    expect([...RETRY_WAITS_SECONDS].sort((a, b) => a - b)).toEqual(RETRY_WAITS_SECONDS);
  });

  it('vary by a tenth, and end', () => {
    expect([0, 0.5, 1].map((random) => waitBeforeRetry(2, null, random))).toEqual([54, 60, 66]);
    expect(waitBeforeRetry(RETRY_WAITS_SECONDS.length, null, 0.5)).toBe(6 * 3600);
    expect(waitBeforeRetry(RETRY_WAITS_SECONDS.length + 1, null, 0.5)).toBeNull();
    expect(waitBeforeRetry(RETRY_WAITS_SECONDS.length + 1, 60, 0.5)).toBeNull();
  });

  it('wait longer, but not shorter, where the receiver asks for it', () => {
    expect(waitBeforeRetry(2, 3600, 0.5)).toBe(3600);
    expect(waitBeforeRetry(2, 1, 0.5)).toBe(60);
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-01-12T09:30:00Z');
  it.each([
    [undefined, null],
    ['', null],
    ['soon', null],
    ['0', 0],
    ['120', 120],
    ['99999999999999999999', 21_600],
    ['Mon, 12 Jan 2026 09:32:00 GMT', 120],
    ['Mon, 12 Jan 2026 09:00:00 GMT', 0],
    ['Mon, 12 Jan 2099 09:00:00 GMT', 21_600],
  ])('%j is %j seconds', (value, seconds) => expect(parseRetryAfter(value, now)).toBe(seconds));
});
