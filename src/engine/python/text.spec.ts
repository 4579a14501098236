import {
  compareText,
  length,
  replaceText,
  sliceText,
  splitLines,
  splitOnFromRight,
  splitSpace,
  splitSpaceFromRight,
  strip,
} from './text';

describe('text', () => {
  it('counts and cuts by code points', () => {
    expect(length('a😀b')).toBe(3);
    expect(sliceText('a😀b', 1, 3, 1)).toBe('😀b');
    expect(sliceText('a😀b', 2, -1, -1)).toBe('b😀a');
  });

  it('sorts by code points', () => {
    expect(compareText('\uffff', '😀')).toBeLessThan(0);
    expect(compareText('b', 'a')).toBeGreaterThan(0);
    expect(compareText('a', 'ab')).toBeLessThan(0);
    expect(compareText('😀', '😀')).toBe(0);
  });

  it('knows Python white space', () => {
    const space = '\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000';
    expect(strip(`${space}a${space}`)).toBe('a');
    expect(strip('\ufeffa\u200b')).toBe('\ufeffa\u200b');
  });

  it('strips sets of characters', () => {
    expect(strip('😀ab😀', '😀')).toBe('ab');
    expect(strip('xyx', 'xy')).toBe('');
  });

  it('strips long runs of blanks in linear time', () => {
    const text = `${' '.repeat(200_000)}a${' '.repeat(200_000)}b`;
    const start = performance.now();
    expect(strip(text)).toHaveLength(200_002);
    // In quadratic time it would be a minute.
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it('splits at white space from both ends', () => {
    expect(splitSpace('  a  b c  ', -1)).toEqual(['a', 'b', 'c']);
    expect(splitSpace(' a  b c ', 1)).toEqual(['a', 'b c ']);
    expect(splitSpaceFromRight(' a  b c ', 1)).toEqual([' a  b', 'c']);
    expect(splitSpace('   ', -1)).toEqual([]);
    expect(splitOnFromRight('a,b,c', ',', 1)).toEqual(['a,b', 'c']);
  });

  it('ends lines where Python does', () => {
    expect(splitLines('a\r\nb\u2028c\x1cd\n')).toEqual(['a', 'b', 'c', 'd']);
    expect(splitLines('a\n\nb', true)).toEqual(['a\n', '\n', 'b']);
  });

  it('replaces at most as often as asked', () => {
    expect(replaceText('aaa', 'a', 'b', 2)).toBe('bba');
    expect(replaceText('ab', '', '-', -1)).toBe('-a-b-');
    expect(replaceText('ab', '', '-', 1)).toBe('-ab');
    expect(replaceText('ab', 'a', 'x', 0)).toBe('ab');
  });
});
