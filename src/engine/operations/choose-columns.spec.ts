import { runOperations } from '../../../test/support/bundle';

const names = async (operations: string, header: string): Promise<string[]> =>
  Object.keys((await runOperations(operations, `${header}\n${header}\n`))[0] ?? {});

describe('choosing columns', () => {
  it('keeps in the order of the patterns, each column once', async () => {
    expect(await names('- operation: keep_columns\n  columns: ["b*", a, b1]', 'a,b1,c,b2')).toEqual(['b1', 'b2', 'a']);
  });

  it('needs each kept pattern to match', async () => {
    await expect(names('- operation: keep_columns\n  columns: [a, x]', 'a,b')).rejects.toMatchObject({ code: 'column_missing' });
  });

  it('drops what matches and nothing else', async () => {
    expect(await names('- operation: drop_columns\n  columns: ["b*", nothing]', 'a,b1,c,b2')).toEqual(['a', 'c']);
  });

  it('renames all at once', async () => {
    expect(await names('- operation: rename_columns\n  columns: {a: x, c: z}', 'a,b,c')).toEqual(['x', 'b', 'z']);
  });

  it.each([
    ['a missing column', '{x: y}', 'column_missing'],
    ['a name that is taken', '{a: b}', 'bundle_invalid'],
    ['two columns with one new name', '{a: x, b: x}', 'bundle_invalid'],
  ])('refuses to rename %s', async (_, columns, code) => {
    await expect(names(`- operation: rename_columns\n  columns: ${columns}`, 'a,b')).rejects.toMatchObject({ code, line: 10 });
  });

  it('duplicates in turn, overwriting', async () => {
    const rows = await runOperations('- operation: duplicate_columns\n  columns: {a: b, b: c}', 'a,b\n1,2\n');
    expect(rows).toEqual([{ a: '1', b: '1', c: '1' }]);
  });

  it.each([
    [
      'snake_case_columns',
      'camelCase,HTTPServer,_Lead,Trail_,A  B#c,x1Y',
      ['camel_case', 'http_server', 'lead', 'trail_', 'a_b_c', 'x1_y'],
    ],
    ['lowercase_columns', 'Ab C,D', ['ab c', 'd']],
    ['uppercase_columns', 'Ab c,d', ['AB C', 'D']],
  ])('%s', async (operation, header, expected) => {
    expect(await names(`- operation: ${operation}`, header)).toEqual(expected);
  });

  it('refuses two columns that become one', async () => {
    await expect(names('- operation: lowercase_columns', 'a,A')).rejects.toMatchObject({ code: 'operation_failed' });
  });

  it('joins texts in the order of the patterns', async () => {
    const rows = await runOperations(
      "- operation: combine_columns\n  columns: [c, 'a*']\n  new_column: x\n  separator: '-'",
      'a1,a2,c\n1,2,3\n',
    );
    expect(rows[0]?.['x']).toBe('3-1-2');
  });

  it('refuses to join a number', async () => {
    const operations =
      '- operation: add_columns\n  columns: {n: 1}\n- operation: combine_columns\n  columns: [a, n]\n  new_column: x';
    await expect(runOperations(operations, 'a\n1\n')).rejects.toMatchObject({ code: 'operation_failed', column: 'n', row: 1 });
  });
});
