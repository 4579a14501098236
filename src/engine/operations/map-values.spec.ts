import { runOperations } from '../../../test/support/bundle';
import { runProject } from '../../../test/support/bundle';

const mapped = async (mapping: string, table: string): Promise<string[]> =>
  (await runOperations(`- operation: map_values\n  column: a\n  mapping: ${mapping}`, table, {}, ['a'])).map(
    (row) => row['a'] as string,
  );

describe('map_values', () => {
  it.each<[string, string, string, string[]]>([
    ['replaces whole values at once and leaves others', '{x: y, y: z}', 'a\nx\ny\nxy\n', ['y', 'z', 'xy']],
    ['tells texts from numbers', '{1: one, "2": two}', 'a\n1\n2\n', ['1', 'two']],
    ['makes a column of only numbers one of integers', '{"1": 10, "2": 20}', 'a\n1\n2\n', ['10', '20']],
    ['makes floats of integers among missing values', '{"1": 10, "2": null}', 'a\n1\n2\n', ['10.0', 'nan']],
    ['makes floats of integers among floats', '{"1": 10, "2": 0.5}', 'a\n1\n2\n', ['10.0', '0.5']],
    ['keeps numbers among texts', '{"1": 10, "2": null}', 'a\n1\n2\nx\n', ['10', 'None', 'x']],
    ['keeps a null among booleans', '{"1": true, "2": null}', 'a\n1\n2\n', ['True', 'None']],
  ])('%s', async (_, mapping, table, expected) => {
    expect(await mapped(mapping, table)).toEqual(expected);
  });

  const withFile = async (map: string, name = 'map.csv'): Promise<string[]> => {
    const project = `version: 2
sources: {main: {file: main.csv}}
transformations:
  t:
    source: $sources.main
    operations:
      - operation: map_values
        column: a
        map_file: ./${name}
destinations: {out: {source: $transformations.t, template: t.jsont}}
`;
    const run = await runProject({ 'earthmover.yaml': project, 'main.csv': 'a\nx\ny\n', [name]: map, 't.jsont': '{{ a }}' });
    return (run.texts['out'] ?? '').trim().split('\n');
  };

  it('reads a file with a header, the last of equal values counting', async () => {
    expect(await withFile('from,to\nx,1\nx,"2,3"\n')).toEqual(['2,3', 'y']);
    expect(await withFile('from\tto\nx\t1\n', 'map.tsv')).toEqual(['1', 'y']);
  });

  it.each(['from,to\nx\n', 'from,to\n\nx,1\n', 'from,to\nx,1,2\n'])('refuses the file %j', async (map) => {
    await expect(withFile(map)).rejects.toMatchObject({ code: 'bundle_invalid', line: 9 });
  });
});
