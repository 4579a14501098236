import { runOperations } from '../../../test/support/bundle';

describe('melt', () => {
  it('gives all rows of the first column first', async () => {
    const rows = await runOperations('- operation: melt\n  id_vars: id', 'id,a,b\n1,x,y\n2,z,\n');
    expect(rows.map((row) => Object.values(row).join())).toEqual(['1,a,x', '2,a,z', '1,b,y', '2,b,']);
    expect(Object.keys(rows[0] ?? {})).toEqual(['id', 'melt_variable', 'melt_value']);
  });

  it('takes the given columns and names, dropping the others', async () => {
    const operations = '- operation: melt\n  id_vars: [id]\n  value_vars: [b]\n  var_name: n\n  value_name: v';
    expect(await runOperations(operations, 'id,a,b\n1,x,y\n')).toEqual([{ id: '1', n: 'b', v: 'y' }]);
  });

  it('needs its columns', async () => {
    await expect(runOperations('- operation: melt\n  id_vars: nope', 'a\n1\n')).rejects.toMatchObject({ code: 'column_missing' });
  });
});

describe('names that collide', () => {
  it.each([
    ['- operation: melt\n  id_vars: id\n  value_name: id', 'id,a\n1,2\n'],
    ['- operation: flatten\n  flatten_column: a\n  value_column: id', 'id,a\n1,2\n'],
    ['- operation: group_by\n  group_by_columns: [id]\n  create_columns: {id: count()}', 'id,a\n1,2\n'],
    ['- operation: pivot\n  rows_by: id\n  cols_by: a\n  values: v', 'id,a,v\n1,id,2\n'],
  ])('are refused: %s', async (operations, table) => {
    await expect(runOperations(operations, table)).rejects.toMatchObject({ code: 'operation_failed' });
  });
});

describe('pivot', () => {
  const pivot = (rows: string): string => `- operation: pivot\n  rows_by: ${rows}\n  cols_by: c\n  values: v`;

  it('sorts rows by key and columns by name; absent texts are None', async () => {
    const rows = await runOperations(pivot('id'), 'id,c,v,other\n2,b,x,-\n1,a,y,-\n2,a,z,-\n', {}, ['b']);
    expect(rows.map((row) => Object.entries(row).flat().join())).toEqual(['id,1,a,y,b,None', 'id,2,a,z,b,x']);
  });

  it('passes several keys through one text', async () => {
    const rows = await runOperations(pivot('[p, q]'), 'p,q,c,v\nx,2,a,1\nx,10,a,2\n');
    expect(rows).toEqual([
      { p: 'x', q: '10', a: '2' },
      { p: 'x', q: '2', a: '1' },
    ]);
  });

  it('takes equal floats for one key, and leaves out rows without one', async () => {
    const numbered = `- operation: map_values\n  column: id\n  mapping: {"1": 1, "": null}\n${pivot('id')}`;
    expect(await runOperations(numbered, 'id,c,v\n1,a,x\n"",a,z\n1,b,y\n')).toEqual([{ id: '1.0', a: 'x', b: 'y' }]);
  });

  it('refuses rows that are equal in all keys', async () => {
    await expect(runOperations(pivot('id'), 'id,c,v\n1,a,x\n1,a,y\n')).rejects.toMatchObject({ code: 'operation_failed' });
  });
});
