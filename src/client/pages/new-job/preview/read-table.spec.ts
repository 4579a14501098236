import { PREVIEW_ROWS, readTable } from './read-table';

describe('the first rows of a text', () => {
  it.each([
    [',', 'comma'],
    ['\t', 'tab'],
    [';', 'semicolon'],
    ['|', 'pipe'],
  ])('are found at each %j (%s)', (delimiter) => {
    const lines = [
      ['id', 'name', 'score'],
      ['1', 'Ada', '5'],
      ['2', 'Bo', '7'],
    ];
    expect(readTable(lines.map((line) => line.join(delimiter)).join('\r\n'), true)).toEqual({ rows: lines, delimiter });
  });

  it('keep what is in quotes together', () => {
    expect(readTable('id,note\n1,"a, ""b""\nand c"\n', true).rows).toEqual([
      ['id', 'note'],
      ['1', 'a, "b"\nand c'],
    ]);
  });

  it('have no delimiter where there is one column', () => {
    expect(readTable('id\n1\n2\n', true)).toEqual({ rows: [['id'], ['1'], ['2']], delimiter: null });
  });

  it('leave blank lines out, and a last one that may be cut', () => {
    expect(readTable('\nid,a\n\n1,2\n3,4', false).rows).toEqual([
      ['id', 'a'],
      ['1', '2'],
    ]);
    expect(readTable('id,a\n1,2\n3,4', true).rows).toHaveLength(3);
  });

  it('are a line that is longer than what was read', () => {
    expect(readTable('id,a,b', false).rows).toEqual([['id', 'a', 'b']]);
  });

  it('are as many as are shown', () => {
    expect(readTable('id,a\n' + '1,2\n'.repeat(100), true).rows).toHaveLength(PREVIEW_ROWS);
  });

  it('are none of an empty text', () => {
    expect(readTable('', true)).toEqual({ rows: [], delimiter: null });
  });
});
