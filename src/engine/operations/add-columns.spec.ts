import { runOperations } from '../../../test/support/bundle';

describe('add_columns', () => {
  it('gives constants of their YAML type and renders templates, later ones seeing earlier ones', async () => {
    const operations = `
- operation: add_columns
  columns:
    text: plain
    number: 5
    float: 0.50
    flag: yes
    nothing: null
    braces: "{ {x} }"
    first: "{{ a }}-{{ number + 1 }}"
    second: "{{ first }}!{{ flag }}{{ nothing }}"
`;
    expect(await runOperations(operations, 'a,b\n1,2\n')).toEqual([
      {
        a: '1',
        b: '2',
        text: 'plain',
        number: '5',
        float: '0.5',
        flag: 'True',
        nothing: '',
        braces: '{ {x} }',
        first: '1-6',
        second: '1-6!TrueNone',
      },
    ]);
  });

  it('overwrites a column in its place', async () => {
    const rows = await runOperations('- operation: add_columns\n  columns: {a: "{{ a }}{{ b }}"}', 'a,b\n1,2\n');
    expect(rows.map((row) => Object.entries(row))).toEqual([
      [
        ['a', '12'],
        ['b', '2'],
      ],
    ]);
  });

  it('reaches columns that are no names by __row_data__, which has no entry of itself', async () => {
    const operations = `
- operation: add_columns
  columns: {x: "{{ __row_data__['a b'] }}{{ __row_data__ | length }}"}
`;
    expect((await runOperations(operations, 'a b,c\n1,2\n'))[0]?.['x']).toBe('12');
  });

  it('shows a table of only ints and floats as floats', async () => {
    const operations = `
- operation: add_columns
  columns: {n: 5, f: 1.5}
- operation: keep_columns
  columns: [n, f]
- operation: add_columns
  columns: {x: "{{ n }}"}
`;
    expect(await runOperations(operations, 'a\nx\n')).toEqual([{ n: '5', f: '1.5', x: '5.0' }]);
  });

  it('names the column and the row of a template that fails', async () => {
    const failing = runOperations('- operation: add_columns\n  columns: {x: "{{ md5(nobody) }}"}', 'a\n1\n');
    await expect(failing).rejects.toMatchObject({
      code: 'template_failed',
      file: 'earthmover.yaml',
      node: '$transformations.result',
      operation: 'add_columns (1)',
      column: 'x',
      row: 1,
    });
  });
});

describe('modify_columns', () => {
  it('sees the present value, expands patterns and skips what matches nothing', async () => {
    const operations = `
- operation: modify_columns
  columns: {"s_*": "<{{ value }}>", "nothing*": "x", b: fixed}
`;
    expect(await runOperations(operations, 's_1,b,s_2\n1,2,3\n')).toEqual([{ s_1: '<1>', b: 'fixed', s_2: '<3>' }]);
  });

  it('refuses to hide a column named value', async () => {
    await expect(
      runOperations('- operation: modify_columns\n  columns: {a: "{{ value }}"}', 'a,value\n1,2\n'),
    ).rejects.toMatchObject({
      code: 'bundle_invalid',
    });
  });
});
