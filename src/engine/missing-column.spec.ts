import { runProject } from '../../test/support/bundle';

const project = (operations: string): string => `version: 2
sources:
  results: { file: "\${INPUT_FILE}", header_rows: 1 }
  levels: { file: ./levels.csv, header_rows: 1 }
transformations:
  first:
    source: $sources.results
    operations:
      - operation: add_columns
        columns: { made: x }
  second:
    source: $transformations.first
    operations:
${operations}
destinations:
  out: { source: $transformations.second, extension: jsonl }
`;

const errorOf = (operations: string) =>
  runProject(
    { 'earthmover.yaml': project(operations), 'levels.csv': 'level,code\n1,A\n', 'inputs/results.csv': 'id,level\n7,1\n' },
    { inputs: { INPUT_FILE: 'results.csv' } },
  ).then(
    () => null,
    (error: unknown) => error,
  );

describe('a column that is missing', () => {
  it.each([
    ['by a query', '      - { operation: filter_rows, query: "score > 1", behavior: include }', 'filter_rows (1)'],
    ['by a renaming', '      - { operation: rename_columns, columns: { score: points } }', 'rename_columns (1)'],
    [
      'by a join',
      '      - { operation: join, sources: [$sources.levels], join_type: left, left_key: score, right_key: level }',
      'join (1)',
    ],
  ])('in the input is said of the input, wherever it is noticed: %s', async (_name, operations, operation) => {
    expect(await errorOf(operations)).toMatchObject({
      code: 'column_missing',
      file: 'INPUT_FILE',
      line: undefined,
      detail: `column \`score\` is missing (needed by $transformations.second, ${operation})`,
    });
  });

  it.each([
    [
      'because the bundle dropped it',
      '      - { operation: drop_columns, columns: [id] }\n      - { operation: rename_columns, columns: { id: key } }',
    ],
    [
      'on the other side of a join',
      '      - { operation: join, sources: [$sources.levels], join_type: left, left_key: level, right_key: score }',
    ],
  ])('%s is said of the bundle', async (_name, operations) => {
    expect(await errorOf(operations)).toMatchObject({
      code: 'column_missing',
      file: 'earthmover.yaml',
      line: expect.any(Number),
    });
  });
});
