import { CsvError, CsvParser } from './csv-parser';

interface Options {
  separator?: string;
  skipLines?: number;
  maxLineLength?: number;
  batchSize?: number;
}

function parse(text: string, pieceLength: number, options: Options = {}): string[][] {
  const parser = new CsvParser({ separator: ',', maxLineLength: 1000, ...options });
  const records: string[][] = [];
  for (let i = 0; i < text.length; i += pieceLength) {
    records.push(...[...parser.push(text.slice(i, i + pieceLength))].flat());
  }
  return [...records, ...[...parser.finish()].flat()];
}

describe('CsvParser', () => {
  it.each<[string, string, string[][], Options?]>([
    [
      'plain records',
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['a last line without an end', 'a\nb', [['a'], ['b']]],
    [
      'empty fields',
      'a,,\n,,\n',
      [
        ['a', '', ''],
        ['', '', ''],
      ],
    ],
    ['all line ends', 'a\r\nb\rc\nd\r', [['a'], ['b'], ['c'], ['d']]],
    ['quotes', '"a,b","c""d","e\nf"\r\n', [['a,b', 'c"d', 'e\nf']]],
    ['an empty quoted field', '"",""\n', [['', '']]],
    ['a quote inside a field is text', 'a"b,5" x\n', [['a"b', '5" x']]],
    ['text after a closing quote is appended', '"ab"c"d,"x" ,y\n', [['abc"d', 'x ', 'y']]],
    ['a quote after a blank is text', 'a, "b"\n', [['a', ' "b"']]],
    ['empty and blank lines are left out', '\n  \n\t\na\n\r\n \nb\n', [['a'], ['b']]],
    ['blanks around fields stay', ' a , b \n', [[' a ', ' b ']]],
    ['a line of separators is a record', ',,\n', [['', '', '']]],
    [
      'tabs',
      'a\tb\n\t\n',
      [
        ['a', 'b'],
        ['', ''],
      ],
      { separator: '\t' },
    ],
    ['lines to skip, blank ones counted', 'x\n\n"y\nz"\na\n', [['a']], { skipLines: 3 }],
    ['a quote that closes at the end', '"a"', [['a']]],
    ['a NUL is data', 'a\0b\n', [['a\0b']]],
    ['blank line at the end', 'a\n  ', [['a']]],
  ])('%s', (_, text, expected, options = {}) => {
    for (const pieceLength of [1, 2, 3, 7, 1000]) {
      expect(parse(text, pieceLength, options)).toEqual(expected);
    }
  });

  it('says where a quote is not closed', () => {
    expect(() => parse('a\n"b\nc\n', 1000)).toThrow(expect.objectContaining({ fault: 'quote_not_closed', line: 2 }));
  });

  it('stops at a line that is too long', () => {
    expect(() => parse(`a\n${'x'.repeat(60)}`, 10, { maxLineLength: 50 })).toThrow(CsvError);
  });

  it('counts physical lines, inside quotes too', () => {
    const parser = new CsvParser({ separator: ',', maxLineLength: 1000 });
    expect([...parser.push('a\n\n"b\nc"\nd\n')]).toHaveLength(1);
    expect(parser.line).toBe(5);
  });

  it('reads text beyond Latin-1', () => {
    for (const pieceLength of [1, 2, 1000]) {
      expect(parse('a,"ł, \u{1f600}"\nñ,"x""ł"\n', pieceLength)).toEqual([
        ['a', 'ł, \u{1f600}'],
        ['ñ', 'x"ł'],
      ]);
    }
  });

  it('gives records in batches', () => {
    const parser = new CsvParser({ separator: ',', maxLineLength: 1000, batchSize: 2 });
    expect([...parser.push('a\nb\nc\nd\ne\n')].map((batch) => batch.length)).toEqual([2, 2, 1]);
  });

  it('leaves the fields empty that nobody needs', () => {
    const parser = new CsvParser({ separator: ',', maxLineLength: 1000, batchSize: 1 });
    const batches = parser.push('a,b,c\n1,2,3\n"x","y\nz",w,v\n');
    expect(batches.next().value).toEqual([['a', 'b', 'c']]);
    parser.needed = Uint8Array.of(0, 1, 0);
    expect([...batches].flat()).toEqual([
      ['', '2', ''],
      ['', 'y\nz', '', ''],
    ]);
    expect(parser.line).toBe(4);
  });
});
