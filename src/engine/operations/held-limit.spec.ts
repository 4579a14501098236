import { runProject, type ProjectRun } from '../../../test/support/bundle';

const count = 3_000;
const table = `id,name,kind,score\n${Array.from({ length: count }, (_, i) => `${i},student ${i},k${i % 3},${i % 700}\n`).join('')}`;

/** A bundle that does one operation on the input, as its second. */
function run(operation: string, maxHeldBytes: number, more = ''): Promise<ProjectRun> {
  const project = `version: 2
sources: {main: {file: main.csv}, other: {file: other.csv}}
transformations:
  ${more || 'unused: {source: $sources.other, operations: []}'}
  t:
    source: $sources.main
    operations:
      - operation: debug
      - ${operation}
destinations: {t: {source: $transformations.t, extension: jsonl}}
`;
  const files = { 'earthmover.yaml': project, 'main.csv': table, 'other.csv': table.replaceAll('student', 'pupil') };
  return runProject(files, { limits: { maxHeldBytes } });
}

const join = (type: string): string =>
  `{operation: join, sources: [$sources.other], join_type: ${type}, left_key: id, right_key: id}`;

const cases: [string, string, number][] = [
  ['sort_rows', '{operation: sort_rows, columns: [name]}', count],
  ['limit_rows', '{operation: limit_rows, count: 2900}', 2_900],
  ['distinct_rows', '{operation: distinct_rows, columns: [name]}', count],
  ['distinct_rows', '{operation: distinct_rows}', count],
  ['group_by', '{operation: group_by, group_by_columns: [id], create_columns: {n: count()}}', count],
  ['group_by', '{operation: group_by, group_by_columns: [id], create_columns: {a: max(score), b: str_min(name)}}', count],
  ['group_by', '{operation: group_by, group_by_columns: [kind], create_columns: {a: "agg(name,;)"}}', 3],
  ['group_by', '{operation: group_by, group_by_columns: [kind], create_columns: {a: json_array_agg(name)}}', 3],
  ['group_by', '{operation: group_by, group_by_columns: [kind], create_columns: {a: mean(score), b: sum(id)}}', 3],
  ['group_by_with_rank', '{operation: group_by_with_rank, group_by_columns: [name], rank_column: r}', count],
  ['melt', '{operation: melt, id_vars: [id], value_vars: [name, score]}', 2 * count],
  ['pivot', '{operation: pivot, rows_by: id, cols_by: kind, values: name}', count],
  ['pivot', '{operation: pivot, rows_by: kind, cols_by: id, values: score}', 3],
  ['map_values', '{operation: map_values, column: kind, mapping: {k0: 1, k1: 2, k2: null}}', count],
  ['join', join('inner'), count],
  ['join', join('left'), count],
  ['join', join('right'), count],
  ['join', join('outer'), count],
  ['union', '{operation: union, sources: [$sources.other]}', 2 * count],
];

describe('an operation that has to hold rows', () => {
  it.each(cases)('%s fails with a clear error past the limit: %s', async (name, operation) => {
    await expect(run(operation, 10_000)).rejects.toMatchObject({
      ...{ code: 'too_much_to_hold', file: 'earthmover.yaml', line: 9, node: '$transformations.t', operation: `${name} (2)` },
      detail: expect.stringMatching(/may hold 0\.0 MB .* alone holds [1-9][\d,]* (rows|keys).*split the input/),
    });
  });

  it.each(cases)('%s does its work below the limit: %s', async (_, operation, rows) => {
    expect((await run(operation, 5_000_000)).rowsWritten).toBe(rows);
  });

  it('counts rows that wait until a table is complete', async () => {
    // Each of the two tables reads the other's source, so one has to wait.
    const first = `first:
    source: $sources.other
    operations: [${join('inner').replace('$sources.other', '$sources.main')}]`;
    await expect(run(join('inner').replace('$sources.other', '$transformations.first'), 300_000, first)).rejects.toMatchObject({
      code: 'too_much_to_hold',
    });
  });

  it('needs no memory for rows that a function is done with', async () => {
    const functions = 'create_columns: {n: count(), a: max(score), b: min(score), c: str_max(name)}';
    const { rowsWritten } = await run(`{operation: group_by, group_by_columns: [kind], ${functions}}`, 10_000);
    expect(rowsWritten).toBe(3);
  });

  it('gives back what it held when its rows have gone on', async () => {
    const sorts = Array.from({ length: 12 }, () => '{operation: sort_rows, columns: [name]}').join('\n      - ');
    expect((await run(sorts, 1_500_000)).rowsWritten).toBe(count);
  });
});
