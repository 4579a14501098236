import { fnmatch } from './fnmatch';

describe('fnmatch', () => {
  it.each([
    ['score_math', 'score_*', true],
    ['Score_math', 'score_*', false],
    ['a.b', 'a?b', true],
    ['ab', 'a?b', false],
    ['raw_9', 'raw_[89]', true],
    ['raw_7', 'raw_[89]', false],
    ['raw_7', 'raw_[!89]', true],
    ['b', '[a-c]', true],
    ['b', '[c-a]', false],
    [']', '[]]', true],
    ['-', '[a-]', true],
    ['a [x]', 'a [x]', false],
    ['a x', 'a [x]', true],
    ['a[', 'a[', true],
    ['1+1 (a|b)^$', '1+1 (a|b)^$', true],
    ['line\nbreak', 'line*break', true],
    ['Grade-Level/x', 'Grade-Level/?', true],
  ])('%j against %j: %s', (name, pattern, expected) => {
    expect(fnmatch(name, pattern)).toBe(expected);
  });
});
