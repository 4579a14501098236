import { runOperations } from '../../../test/support/bundle';

const column = async (operations: string, table: string, name = 'a'): Promise<string[]> =>
  (await runOperations(operations, table)).map((row) => row[name] as string);

describe('filter_rows', () => {
  it('includes or excludes, in order', async () => {
    const table = 'a\n1\n\n2\n1\n';
    expect(await column("- operation: filter_rows\n  query: a == '1'\n  behavior: include", table)).toEqual(['1', '1']);
    expect(await column("- operation: filter_rows\n  query: a == '1'\n  behavior: exclude", table)).toEqual(['2']);
  });

  it('needs a behavior it knows', async () => {
    await expect(column("- operation: filter_rows\n  query: a == '1'\n  behavior: keep", 'a\n1\n')).rejects.toMatchObject({
      line: 11,
    });
  });
});

describe('distinct_rows', () => {
  it('keeps the first of equal rows', async () => {
    expect(await column('- operation: distinct_rows', 'a,b\n1,2\n12,\n1,2\n1,3\n')).toEqual(['1', '12', '1']);
  });

  it('looks at some columns only', async () => {
    expect(await runOperations('- operation: distinct_rows\n  columns: [a]', 'a,b\n1,2\n1,3\n')).toEqual([{ a: '1', b: '2' }]);
  });
});

describe('sort_rows', () => {
  it('sorts by code points, equal rows in their order', async () => {
    expect(await runOperations('- operation: sort_rows\n  columns: [a]', 'a,b\nb,1\nB,2\nb,3\n10,4\n9,5\n')).toEqual(
      ['10,4', '9,5', 'B,2', 'b,1', 'b,3'].map((line) => ({ a: line.split(',')[0], b: line.split(',')[1] })),
    );
  });

  it('sorts each column up or down', async () => {
    expect(await column('- operation: sort_rows\n  columns: [-a, +b]', 'a,b\n1,2\n2,2\n2,1\n', 'b')).toEqual(['1', '2', '2']);
  });

  it('sorts all of them down, missing values last', async () => {
    const operations =
      '- operation: map_values\n  column: a\n  mapping: {x: null}\n- operation: sort_rows\n  columns: [a]\n  descending: true';
    expect(await column(operations, 'a\n1\nx\n2\n')).toEqual(['2', '1', '']);
  });
});

describe('limit_rows', () => {
  it.each([
    ['count: 2', ['1', '2']],
    ['count: 2\n  offset: 1', ['2', '3']],
    ['count: 9', ['1', '2', '3', '4']],
    ['count: 3\n  offset: 3', ['2', '3', '4']],
  ])('%s', async (settings, expected) => {
    expect(await column(`- operation: limit_rows\n  ${settings}`, 'a\n1\n2\n3\n4\n')).toEqual(expected);
  });

  it.each(['count: 0', 'offset: 1', 'count: 1\n  offset: -1'])('refuses %s', async (settings) => {
    await expect(column(`- operation: limit_rows\n  ${settings}`, 'a\n1\n')).rejects.toMatchObject({ code: 'bundle_invalid' });
  });
});

describe('flatten', () => {
  const flatten = (more = ''): string => `- operation: flatten\n  flatten_column: a\n  value_column: v\n${more}`;

  it('makes a row of each part, the new column last', async () => {
    const rows = await runOperations(flatten(), 'a,b\n"[1, \'2\' ,""x""]",k\n,l\n');
    expect(rows.map((row) => Object.entries(row).flat().join())).toEqual(['b,k,v,1', 'b,k,v,2', 'b,k,v,x', 'b,l,v,']);
  });

  it('strips wrapper characters, not texts, and takes a long separator for a regular expression', async () => {
    const rows = await runOperations(
      flatten('  left_wrapper: "(<"\n  right_wrapper: ")>"\n  separator: "[;,]+"'),
      'a\n<(1;;2)>\n',
    );
    expect(rows.map((row) => row['v'])).toEqual(['1', '2']);
  });
});

describe('debug', () => {
  it('changes nothing', async () => {
    expect(await column('- operation: debug\n  function: describe', 'a\n1\n')).toEqual(['1']);
  });

  it('knows its functions', async () => {
    await expect(column('- operation: debug\n  function: dump', 'a\n1\n')).rejects.toMatchObject({ code: 'bundle_invalid' });
  });
});
