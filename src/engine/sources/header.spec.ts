import { multipleHeader, singleHeader } from './header';

describe('singleHeader', () => {
  it.each([
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
    [
      ['a', 'a', 'a'],
      ['a', 'a.1', 'a.2'],
    ],
    [
      ['a', 'a', 'a.1'],
      ['a', 'a.2', 'a.1'],
    ],
    [
      ['', 'x', ''],
      ['Unnamed: 0', 'x', 'Unnamed: 2'],
    ],
    [
      ['', 'Unnamed: 0'],
      ['Unnamed: 0.1', 'Unnamed: 0'],
    ],
  ])('%j becomes %j', (record, names) => {
    expect(singleHeader(record)).toEqual(names);
  });
});

describe('multipleHeader', () => {
  const rows = [
    ['', '', 'X', '', 'Y', ''],
    ['a', 'b', 'a', 'b', 'a', 'b'],
  ];

  it('joins the parts, without the separator at the ends', () => {
    expect(multipleHeader(rows, false)).toEqual(['a', 'b', 'X__a', 'b', 'Y__a', 'b']);
  });

  it('fills empty parts from the left', () => {
    expect(multipleHeader(rows, true)).toEqual(['a', 'b', 'X__a', 'X__b', 'Y__a', 'Y__b']);
  });

  it('takes what looks like a name of pandas for an empty part', () => {
    expect(multipleHeader([['Unnamed: 3'], ['a']], false)).toEqual(['a']);
  });
});
