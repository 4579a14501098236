import { runOperations } from '../../../test/support/bundle';

const join = (type: string, more = ''): string =>
  `- operation: join\n  sources: [$sources.other]\n  join_type: ${type}\n  left_key: k\n  right_key: k\n${more}`;

const left = 'k,a\nb,1\na,2\nb,3\nz,4\n';
const right = 'k,x\na,10\nb,20\nb,21\nq,30\n';

const joined = async (
  operations: string,
  others: Record<string, string> = { other: right },
  show: string[] = [],
): Promise<string[]> => (await runOperations(operations, left, others, show)).map((row) => Object.values(row).join());

describe('join', () => {
  it('inner: in the order of the left rows, matches in that of the right', async () => {
    expect(await joined(join('inner'))).toEqual(['b,1,20', 'b,1,21', 'a,2,10', 'b,3,20', 'b,3,21']);
  });

  it('left: with missing values for what does not match', async () => {
    expect(await joined(join('left'), { other: 'k,x\na,10\n' }, ['x'])).toEqual(['b,1,nan', 'a,2,10', 'b,3,nan', 'z,4,nan']);
  });

  it('right: in the order of the right rows', async () => {
    expect(await joined(join('right'), undefined, ['a'])).toEqual(['a,2,10', 'b,1,20', 'b,3,20', 'b,1,21', 'b,3,21', 'q,nan,30']);
  });

  it('outer: in the order of the keys', async () => {
    expect(await joined(join('outer'), undefined, ['a', 'x'])).toEqual([
      'a,2,10',
      'b,1,20',
      'b,1,21',
      'b,3,20',
      'b,3,21',
      'q,nan,30',
      'z,4,nan',
    ]);
  });

  it('matches the empty text with itself', async () => {
    expect(await runOperations(join('inner'), 'k,a\n"",1\n', { other: 'k,x\n"",2\n' })).toEqual([{ k: '', a: '1', x: '2' }]);
  });

  it('keeps both keys if they are named differently, and marks other names that both sides have', async () => {
    const operations = '- operation: join\n  sources: [$sources.other]\n  join_type: inner\n  left_keys: [k]\n  right_keys: [id]';
    expect(await runOperations(operations, 'k,v\n1,a\n', { other: 'id,v,k\n1,b,c\n' })).toEqual([
      { k_x: '1', v_x: 'a', id: '1', v_y: 'b', k_y: 'c' },
    ]);
  });

  it('joins on several keys without mixing them up', async () => {
    const operations =
      '- operation: join\n  sources: [$sources.other]\n  join_type: left\n  left_keys: [a, b]\n  right_keys: [a, b]';
    expect(await runOperations(operations, 'a,b\nx,yz\nxy,z\n', { other: 'a,b,v\nxy,z,1\n' })).toEqual([
      { a: 'x', b: 'yz', v: '' },
      { a: 'xy', b: 'z', v: '1' },
    ]);
  });

  it('joins several tables in turn', async () => {
    const operations =
      '- operation: join\n  sources: [$sources.one, $sources.two]\n  join_type: inner\n  left_key: k\n  right_key: k';
    expect(await joined(operations, { one: 'k,x\nb,5\n', two: 'k,y\nb,6\n' })).toEqual(['b,1,5,6', 'b,3,5,6']);
  });

  it('keeps and drops columns, keys always staying', async () => {
    expect(
      await joined(join('inner', '  right_keep_columns: [x]\n  left_drop_columns: [a]'), { other: 'k,w,x\na,1,2\n' }),
    ).toEqual(['a,2']);
  });

  it('makes floats of an integer column that gains missing values, in every row', async () => {
    const operations = `
- operation: add_columns
  columns: {n: 5}
- operation: keep_columns
  columns: [k, n]
- operation: join
  sources: [$sources.other]
  join_type: right
  left_key: k
  right_key: k
- operation: add_columns
  columns: {printed: "{{ n }}"}
`;
    const rows = await runOperations(operations, 'k\na\n', { other: right });
    expect(rows.map((row) => row['printed'])).toEqual(['5.0', 'nan', 'nan', 'nan']);
  });

  it('refuses to match a text with a number', async () => {
    await expect(
      runOperations(`- operation: add_columns\n  columns: {k: 1}\n${join('inner')}`, left, { other: right }),
    ).rejects.toMatchObject({
      code: 'operation_failed',
    });
  });

  it.each([
    [
      'a key that is missing',
      '- operation: join\n  sources: [$sources.other]\n  join_type: inner\n  left_key: nope\n  right_key: k',
      'column_missing',
    ],
    ['an unknown type', join('cross'), 'bundle_invalid'],
    ['both forms of a key', join('inner', '  left_keys: [k]'), 'bundle_invalid'],
    ['a dropped key', join('inner', '  right_drop_columns: [k]'), 'bundle_invalid'],
    ['a kept column that is missing', join('inner', '  left_keep_columns: [nope]'), 'column_missing'],
    ['a table that is missing', join('inner').replace('other', 'nobody'), 'bundle_invalid'],
  ])('refuses %s', async (_, operations, code) => {
    await expect(joined(operations)).rejects.toMatchObject({ code });
  });
});

describe('union', () => {
  const union = (more = ''): string => `- operation: union\n  sources: [$sources.other]\n${more}`;

  it('appends rows, columns by name', async () => {
    expect(await runOperations(union(), 'a,b\n1,2\n', { other: 'b,a\n4,3\n' })).toEqual([
      { a: '1', b: '2' },
      { a: '3', b: '4' },
    ]);
  });

  it('needs the same columns', async () => {
    await expect(runOperations(union(), 'a,b\n1,2\n', { other: 'a,c\n3,4\n' })).rejects.toMatchObject({
      code: 'column_missing',
      detail: expect.stringContaining('it lacks `b`, it adds `c`') as string,
    });
  });

  it('fills missing columns on either side', async () => {
    expect(await runOperations(union('  fill_missing_columns: true'), 'a,b\n1,2\n', { other: 'a,c\n3,4\n' }, ['b', 'c'])).toEqual(
      [
        { a: '1', b: '2', c: 'nan' },
        { a: '3', b: 'nan', c: '4' },
      ],
    );
  });

  it('can append a table to itself', async () => {
    const operations =
      '- operation: union\n  sources: [$sources.main]\n- operation: modify_columns\n  columns: {a: "{{ value }}x"}';
    expect(await runOperations(operations, 'a\n1\n')).toEqual([{ a: '1x' }, { a: '1x' }]);
  });

  it('makes an integer column that other rows lack one of floats', async () => {
    const operations = `- operation: add_columns\n  columns: {n: 5}\n${union('  fill_missing_columns: true')}`;
    expect((await runOperations(operations, 'a\n1\n', { other: 'a\n2\n' })).map((row) => row['n'])).toEqual(['5.0', '']);
  });
});
