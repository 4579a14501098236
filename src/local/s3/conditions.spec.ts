import type { StoredObject } from './bucket';
import { evaluateRead, parseRange } from './conditions';

const object: StoredObject = {
  kind: 'object',
  key: 'k',
  versionId: '0'.repeat(32),
  lastModified: new Date('2026-05-01T12:00:00Z'),
  size: 10,
  etag: '"abc"',
  headers: {},
};
const BEFORE = 'Fri, 01 May 2026 11:59:59 GMT';
const SAME = 'Fri, 01 May 2026 12:00:00 GMT';

describe('a conditional read', () => {
  it.each<[string, Record<string, string>]>([
    ['nothing asked', {}],
    ['its ETag', { 'if-match': '"abc"' }],
    ['its ETag without quotes', { 'if-match': 'abc' }],
    ['its ETag among others', { 'if-match': '"x", "abc"' }],
    ['any', { 'if-match': '*' }],
    ['another ETag to differ from', { 'if-none-match': '"x"' }],
    ['a change since', { 'if-modified-since': BEFORE }],
    ['no change since', { 'if-unmodified-since': SAME }],
    ['If-Match before If-Unmodified-Since', { 'if-match': '"abc"', 'if-unmodified-since': BEFORE }],
    ['If-None-Match before If-Modified-Since', { 'if-none-match': '"x"', 'if-modified-since': SAME }],
    ['a date that is none', { 'if-modified-since': 'nonsense' }],
  ])('sends for %s', (_, headers) => {
    expect(evaluateRead(new Map(Object.entries(headers)), object)).toBe('send');
  });

  it.each<[string, Record<string, string>]>([
    ['the same ETag', { 'if-none-match': '"abc"' }],
    ['the same ETag, weak', { 'if-none-match': 'W/"abc"' }],
    ['no change', { 'if-modified-since': SAME }],
  ])('is not modified for %s', (_, headers) => {
    expect(evaluateRead(new Map(Object.entries(headers)), object)).toBe('not_modified');
  });

  it.each<[string, Record<string, string>]>([
    ['another ETag', { 'if-match': '"x"' }],
    ['a change since', { 'if-unmodified-since': BEFORE }],
  ])('fails for %s', (_, headers) => {
    expect(() => evaluateRead(new Map(Object.entries(headers)), object)).toThrow(
      expect.objectContaining({ code: 'PreconditionFailed' }),
    );
  });
});

describe('a range', () => {
  it.each([
    ['bytes=0-0', { start: 0, end: 0 }],
    ['bytes=3-', { start: 3, end: 9 }],
    ['bytes=-3', { start: 7, end: 9 }],
    ['bytes=-30', { start: 0, end: 9 }],
    ['bytes=5-500', { start: 5, end: 9 }],
  ])('%s of ten bytes', (header, expected) => {
    expect(parseRange(header, 10)).toEqual(expected);
  });

  it.each([undefined, '', 'bytes=-', 'bytes=5-3', 'bytes=0-1,3-4', 'lines=1-2', 'bytes=a-b'])(
    '%s is the whole object',
    (header) => {
      expect(parseRange(header, 10)).toBeUndefined();
    },
  );

  it.each([
    ['bytes=10-', 10],
    ['bytes=-0', 10],
    ['bytes=0-', 0],
    ['bytes=-5', 0],
  ])('%s of %d bytes cannot be satisfied', (header, size) => {
    expect(() => parseRange(header, size)).toThrow(expect.objectContaining({ code: 'InvalidRange' }));
  });
});
