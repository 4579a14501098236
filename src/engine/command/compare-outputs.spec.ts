import { compareOutputs, printDifference } from './compare-outputs';

describe('compareOutputs', () => {
  it.each([
    ['equal', 'a\nb\n', 'a\nb\n'],
    ['equal', '', ''],
    ['equal_as_set', 'a\nb\n', 'b\na\n'],
    ['equal_but_lists', '{"x":[1,2]}\n{"y":[{"z":["b","a"]}]}\n', '{"y":[{"z":["a","b"]}]}\n{"x":[2,1]}\n'],
    ['differs', 'a\na\nb\n', 'a\nb\nb\n'],
    ['differs', '{"x":1,"y":2}\n', '{"y":2,"x":1}\n'],
    ['differs', 'a\n', 'a'],
    ['differs', 'not json [1, 2]\n', 'not json [2, 1]\n'],
  ])('%s: %j and %j', (kind, expected, actual) => {
    expect(compareOutputs(expected, actual).kind).toBe(kind);
  });

  it.each([
    ['a\nbcd\n', 'a\nbXd\n', { line: 2, column: 2, expected: 'bcd', actual: 'bXd' }],
    ['a\n', 'a\nb', { line: 2, column: 1, expected: '', actual: 'b' }],
    ['a\nb\nc', 'a', { line: 2, column: 1, expected: 'b', actual: undefined }],
    ['ab', 'a', { line: 1, column: 2, expected: 'ab', actual: 'a' }],
  ])('finds where %j and %j differ first', (expected, actual, difference) => {
    expect(compareOutputs(expected, actual)).toEqual({ kind: 'differs', difference });
  });
});

describe('printDifference', () => {
  it('shows both lines side by side from a little before where they differ', () => {
    const start = 'x'.repeat(100);
    const text = printDifference({ line: 3, column: 101, expected: `${start}1 of it`, actual: `${start}2` });
    expect(text.split('\n')).toEqual([
      'line 3, column 101',
      `${'expected'.padEnd(72)} | actual`,
      `${`${'x'.repeat(28)}1 of it`.padEnd(72)} | ${'x'.repeat(28)}2`,
      `${`${' '.repeat(28)}^`.padEnd(72)} | ${' '.repeat(28)}^`,
    ]);
  });

  it('says where a side has no more lines', () => {
    expect(printDifference({ line: 2, column: 1, expected: 'a', actual: undefined })).toContain('| (no more lines)');
  });
});
