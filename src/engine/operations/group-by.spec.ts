import { runOperations } from '../../../test/support/bundle';

const group = (functions: string, by = '[k]'): string =>
  `- operation: group_by\n  group_by_columns: ${by}\n  create_columns: {${functions}}`;

const table = 'k,n,s\nb,1,x\na,2,y\nb,3,é/z\nb,,w\n';

async function grouped(functions: string, text = table): Promise<Record<string, string>[]> {
  const name = functions.split(':')[0] as string;
  return runOperations(group(functions), text, {}, [name]);
}

describe('group_by', () => {
  it('sorts groups by their keys and leaves the other columns out', async () => {
    expect(await runOperations(group('c: count()', '[k, s]'), 'k,s,n\nb,2,x\na,1,x\nb,10,x\nb,2,y\n')).toEqual([
      { k: 'a', s: '1', c: '1' },
      { k: 'b', s: '10', c: '1' },
      { k: 'b', s: '2', c: '2' },
    ]);
  });

  it.each([
    ['agg(s,; )', ['y', 'x; é/z; w']],
    ['agg(s,)', ['y', 'xé/zw']],
    ['"agg(s,,)"', ['y', 'x,é/z,w']],
    ['json_array_agg(n)', ['[2]', '[1,3,]']],
    ['"json_array_agg(s,str)"', ['["y"]', '["x","\\u00e9\\/z","w"]']],
    ['count()', ['1', '3']],
    ['size()', ['1', '3']],
    ['sum(n)', ['2.0', '4.0']],
    ['max(n)', ['2.0', '3.0']],
    ['min(n)', ['2.0', '1.0']],
    ['mean(n)', ['2.0', '1.3333333333333333']],
    ['std(n)', ['nan', '1.4142135623730951']],
    ['var(n)', ['nan', '2.0']],
    ['str_min(s)', ['y', 'w']],
    ['str_max(s)', ['y', 'é/z']],
  ])('%s', async (functionText, expected) => {
    const rows = await grouped(`r: ${functionText.startsWith('"') ? functionText : JSON.stringify(functionText)}`);
    expect(rows.map((row) => row['r'])).toEqual(expected);
  });

  it('keeps integers where no group has a float', async () => {
    expect((await grouped('r: sum(n)', 'k,n\na,1\na,2\nb,12345678901\n')).map((row) => row['r'])).toEqual(['3', '12345678901']);
  });

  it('leaves out groups without a key', async () => {
    const operations = `- operation: map_values\n  column: k\n  mapping: {b: null}\n${group('c: count()')}`;
    expect(await runOperations(operations, table)).toEqual([{ k: 'a', c: '1' }]);
  });

  it.each([
    ['a text that is no number', 'r: sum(s)', 'operation_failed'],
    ['a column that is missing', 'r: max(nope)', 'column_missing'],
    ['a function without a column', 'r: max()', 'bundle_invalid'],
    ['an unknown function', 'r: median(n)', 'bundle_invalid'],
  ])('refuses %s', async (_, functions, code) => {
    await expect(grouped(functions)).rejects.toMatchObject({ code });
  });
});

describe('group_by_with_rank', () => {
  const rank = '- operation: group_by_with_rank\n  group_by_columns: [k]\n  rank_column: r';

  it('numbers the rows of each group from 0', async () => {
    expect((await runOperations(rank, 'k\na\nb\na\na\n')).map((row) => row['r'])).toEqual(['0', '0', '1', '2']);
  });

  it('puts numbers to rows by the labels they had before rows were left out', async () => {
    const operations = `- operation: filter_rows\n  query: v != "x"\n  behavior: include\n${rank}`;
    const rows = await runOperations(operations, 'k,v\na,x\na,1\na,2\nb,3\n', {}, ['r']);
    // Three rows are left, labelled 1, 2 and 3; the numbers 0, 1, 0 belong to the labels 0, 1 and 2.
    expect(rows.map((row) => row['r'])).toEqual(['1.0', '0.0', 'nan']);
  });
});
