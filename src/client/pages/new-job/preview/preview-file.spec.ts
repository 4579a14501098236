import { previewFile } from './preview-file';

const fileOf = (name: string, ...parts: string[]) => new File(parts, name);

describe('a file that is looked at before it is uploaded', () => {
  it('shows its first rows', async () => {
    expect(await previewFile(fileOf('Results.CSV', 'id,score\n1,5\n'))).toEqual({
      ...{ kind: 'table', delimiter: ',', oddities: [] },
      rows: [
        ['id', 'score'],
        ['1', '5'],
      ],
    });
  });

  it('is read no further than its start, however large it is', async () => {
    const file = fileOf('a.csv', 'id,score\n', '1,5\n'.repeat(200_000));
    const sliced = jest.spyOn(file, 'slice');
    const preview = await previewFile(file);
    expect(preview).toMatchObject({ kind: 'table', oddities: [] });
    expect(sliced.mock.calls).toEqual([[0, 256 * 1024]]);
  });

  it.each([
    ['a.csv', 'id;score\n1;5\n', ['unusual_delimiter']],
    ['a.tsv', 'id,score\n1,5\n', ['unusual_delimiter']],
    ['a.tsv', 'id\tscore\n1\t5\n', []],
    ['a.txt', 'id|score\n1|5\n', []],
    ['a.csv', 'id\n1\n', []],
    ['a.csv', '\ufeffid;score\n1;5\n', ['byte_order_mark', 'unusual_delimiter']],
  ])('says what is odd about %s with %j', async (name, text, oddities) => {
    expect(await previewFile(fileOf(name, text))).toMatchObject({ kind: 'table', oddities });
  });

  it('is not shown as rows where it is a workbook under another name, or of a type without rows', async () => {
    expect(await previewFile(fileOf('a.csv', 'PK\x03\x04'))).toEqual({ kind: 'unreadable', oddities: ['zip'] });
    expect(await previewFile(fileOf('a.json', '[]'))).toEqual({ kind: 'no_table' });
    expect(await previewFile(fileOf('a', 'id'))).toEqual({ kind: 'no_table' });
  });

  it('is unreadable where the browser may not read it any more', async () => {
    const file = fileOf('a.csv', 'id');
    jest.spyOn(file, 'slice').mockImplementation(() => {
      throw new DOMException('gone', 'NotFoundError');
    });
    expect(await previewFile(file)).toEqual({ kind: 'unreadable', oddities: [] });
  });
});
