import { sourceRows } from '../../../test/support/bundle';
import { workbook, workbookFiles, zip } from '../../../test/support/workbook';

const print = '{% for k, v in __row_data__.items() if k != "__row_data__" %}{{ k }}={{ v }};{% endfor %}';
const read = (book: Buffer, settings = ''): Promise<string[]> =>
  sourceRows(`file: s.xlsx\n${settings}`, print, { 's.xlsx': book });

describe('excel sources', () => {
  it.each<[string, Buffer, string, string[]]>([
    [
      'prints numbers, booleans and dates as Python does',
      workbook({
        A: [
          ['n', 'f', 'b', 'd'],
          [1, 2.5, true, { serial: 45296 }],
          [2, 3, false, { serial: 45296.5445 }],
        ],
      }),
      '',
      ['n=1;f=2.5;b=True;d=2024-01-05 00:00:00;', 'n=2;f=3.0;b=False;d=2024-01-05 13:04:04.800000;'],
    ],
    [
      'takes texts of digits for numbers if the whole column is numbers',
      workbook({
        A: [
          ['a', 'b', 'c'],
          ['001', '001', '2.0'],
          ['2', 'x', '3'],
        ],
      }),
      '',
      ['a=1;b=001;c=2.0;', 'a=2;b=x;c=3.0;'],
    ],
    [
      'keeps a column as it is if a cell is empty',
      workbook({
        A: [
          ['a', 'b'],
          ['001', 'x'],
          [null, 'y'],
          [3, 'NA'],
        ],
      }),
      '',
      ['a=001;b=x;', 'a=;b=y;', 'a=3;b=NA;'],
    ],
    ['takes whole floats for integers', workbook({ A: [['a'], [3.0], [1e3]] }), '', ['a=3;', 'a=1000;']],
    ['shows a part of a day as a time', workbook({ A: [['a'], [{ serial: 0.4375 }]] }), '', ['a=10:30:00;']],
    [
      'names columns as pandas does',
      workbook({
        A: [
          ['id', null, 'id'],
          [1, 2, 3],
        ],
      }),
      '',
      ['id=1;Unnamed: 1=2;id.1=3;'],
    ],
    ['keeps empty rows between others', workbook({ A: [['a'], [1], [], [2]] }), '', ['a=1;', 'a=;', 'a=2;']],
    ['takes a later header', workbook({ A: [['title'], ['a'], [1]] }), 'header_rows: 2', ['a=1;']],
    [
      'spreads the titles of merged cells over several header rows',
      workbook({
        A: [
          ['X', null, 'Y', null],
          ['a', 'b', 'a', 'b'],
          [1, 2, 3, 4],
        ],
      }),
      'header_rows: [0, 1]',
      ['X__a=1;X__b=2;Y__a=3;Y__b=4;'],
    ],
    ['reads a sheet by its name', workbook({ A: [['a'], [1]], B: [['b'], [2]] }), 'sheet: B', ['b=2;']],
    ['reads a sheet by its number', workbook({ A: [['a'], [1]], B: [['b'], [2]] }), 'sheet: 1', ['b=2;']],
  ])('%s', async (_, book, settings, expected) => {
    expect(await read(book, settings)).toEqual(expected);
  });

  const bomb = zip({ ...workbookFiles({ A: '' }), 'xl/worksheets/sheet1.xml': Buffer.alloc(300 * 1024 * 1024, ' ') });

  it.each<[string, Buffer, string, object]>([
    ['what is no archive', Buffer.from('a,b\n1,2\n'), '', { code: 'input_invalid' }],
    ['an empty file', Buffer.alloc(0), '', { code: 'input_invalid' }],
    ['half an archive', workbook({ A: [['a'], [1]] }).subarray(0, 400), '', { code: 'input_invalid' }],
    ['an archive that is no workbook', zip({ 'x.xml': '<x/>' }), '', { code: 'input_invalid' }],
    ['broken XML', zip({ ...workbookFiles({ A: '<row r="1"><c r="A1"><v>1' }) }), '', { code: 'input_invalid' }],
    ['a sheet that is not there', workbook({ A: [['a']] }), 'sheet: B', { code: 'input_invalid' }],
    ['an empty sheet', workbook({ A: [] }), '', { code: 'input_invalid' }],
    ['a sheet setting that is neither', workbook({ A: [['a']] }), 'sheet: [1]', { code: 'bundle_invalid', line: 6 }],
    ['an archive that unpacks to more than is allowed', bomb, '', { code: 'limit_exceeded' }],
    ['an archive that says it is smaller than it is', zip(workbookFiles({ A: '' }), 10), '', { code: 'input_invalid' }],
    [
      'a row far down',
      zip(workbookFiles({ A: '<row r="999999999"><c r="A999999999"><v>1</v></c></row>' })),
      '',
      { code: 'limit_exceeded' },
    ],
    [
      'a number of a row that is no number',
      zip(workbookFiles({ A: '<row r="1e9"><c r="A1"><v>1</v></c></row>' })),
      '',
      { code: 'limit_exceeded' },
    ],
    [
      'a rectangle of two cells that is too large',
      zip(workbookFiles({ A: '<row r="1"><c r="XFD1"><v>1</v></c></row><row r="100000"><c r="A100000"><v>1</v></c></row>' })),
      '',
      { code: 'limit_exceeded' },
    ],
  ])('refuses %s', async (_, book, settings, error) => {
    await expect(read(book, settings)).rejects.toMatchObject({ node: '$sources.main', ...error });
  });
});
