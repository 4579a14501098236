import { formatBytes, formatDay, formatDuration, formatRelative } from './format';

const NOW = Date.parse('2026-01-12T12:00:00Z');
const ago = (ms: number) => formatRelative(new Date(NOW - ms).toISOString(), NOW);
const MINUTE = 60_000;

describe('a time', () => {
  it.each([
    [20_000, 'now'],
    [MINUTE, '1 minute ago'],
    [59.9 * MINUTE, '1 hour ago'],
    [100 * MINUTE, '2 hours ago'],
    [25 * 60 * MINUTE, 'yesterday'],
    [-10 * MINUTE, 'in 10 minutes'],
  ])('that was %d ms ago is told as %s', (ms, words) => {
    expect(ago(ms)).toBe(words);
  });

  it('that is far away is told by its date alone', () => {
    expect(ago(8 * 24 * 60 * MINUTE)).toBeNull();
  });

  it('that is a day of the calendar is that day in every zone', () => {
    expect(formatDay('2026-01-31')).toBe('January 31, 2026');
    expect(formatDay('2026-01-01', 'short')).toBe('Jan 1');
  });
});

describe('a size', () => {
  it.each([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1000, '1 kB'],
    [4_821_134, '4.8 MB'],
    [5e15, '5,000 TB'],
  ])('of %d bytes is %s', (bytes, words) => {
    expect(formatBytes(bytes)).toBe(words);
  });
});

describe('a time span', () => {
  it.each([
    [-5, '0 sec'],
    [900, '1 sec'],
    [200_000, '3 min 20 sec'],
    [3_600_000, '1 hr 0 min'],
  ])('of %d ms is %s', (ms, words) => {
    expect(formatDuration(ms)).toBe(words);
  });
});
