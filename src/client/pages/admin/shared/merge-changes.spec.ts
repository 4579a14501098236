import { mergeChanges } from './merge-changes';

const merge = (before: string, mine: string, newest: string): string =>
  mergeChanges([...before], [...mine], [...newest], (item) => item).join('');

describe('two changes of one list', () => {
  it.each([
    ['abc', 'abc', 'abcd', 'abcd', 'the other one put something in'],
    ['abc', 'abcx', 'abc', 'abcx', 'the reader did'],
    ['abc', 'abcx', 'abcd', 'abcdx', 'both did'],
    ['abc', 'ab', 'abcd', 'abd', 'the reader took away what the other one kept'],
    ['abc', 'abcx', 'bc', 'bcx', 'the other one took something away'],
    ['abc', 'ab', 'ab', 'ab', 'both took the same away'],
    ['abc', 'abcx', 'abcx', 'abcx', 'both put the same in'],
    ['', 'x', 'y', 'yx', 'there was nothing'],
    ['a', '', '', '', 'nothing is left'],
  ])('%s, changed to %s here and to %s there, becomes %s: %s', (before, mine, newest, merged) => {
    expect(merge(before, mine, newest)).toBe(merged);
  });
});
