import { withBundle } from '../../test/support/bundle';
import { checkBundle, type BundleCheck } from './check';

const check = (files: Record<string, string>, inputs: Record<string, string> = {}): Promise<BundleCheck> =>
  withBundle(files, ({ directory }) => checkBundle({ directory, params: {}, inputs }));

/** Places as editors print them. */
const places = ({ problems }: BundleCheck): string[] =>
  problems.map(({ file, line, code }) => `${file ?? ''}:${line ?? ''} ${code}`);

const project = (transformations: string, destinations = '  out: {source: $transformations.t}'): string =>
  `version: 2\nsources:\n  main: {file: s.csv}\ntransformations:\n${transformations}\ndestinations:\n${destinations}\n`;

describe('checkBundle', () => {
  it('finds nothing wrong with a bundle that runs', async () => {
    const yaml = project('  t: {source: $sources.main, operations: [{operation: rename_columns, columns: {a: b}}]}');
    expect(await check({ 'earthmover.yaml': yaml, 's.csv': 'a\n1\n' })).toEqual({ problems: [], warnings: [] });
  });

  it('reports every problem with its file and line, in order', async () => {
    const yaml = `version: 2
sources:
  main: {file: s.csv}
  bad: {file: x.unknown}
transformations:
  t:
    source: $sources.main
    operations:
      - operation: add_columns
        columns:
          x: "{% raw %}{{ a | nofilter }}{% endraw %}"
          y: "{% raw %}{% if a %}{% endraw %}"
      - operation: fly
      - operation: filter_rows
        query: a ==
        behavior: include
  u:
    source: $sources.main
    operations:
      - {operation: rename_columns, columns: {nope: b}}
  v: {source: $transformations.gone, operations: []}
destinations:
  out: {source: $transformations.t, template: t.jsont, header: "{% raw %}{{ }}{% endraw %}"}
  out2: {source: $transformations.u, template: none.jsont}
`;
    const found = await check({ 'earthmover.yaml': yaml, 's.csv': 'a\n1\n', 't.jsont': '{\n{{ a b }}' });
    expect(places(found)).toEqual([
      'earthmover.yaml:4 bundle_invalid',
      'earthmover.yaml:11 template_failed',
      'earthmover.yaml:12 template_failed',
      'earthmover.yaml:13 bundle_invalid',
      'earthmover.yaml:15 bundle_invalid',
      'earthmover.yaml:20 column_missing',
      'earthmover.yaml:21 bundle_invalid',
      'earthmover.yaml:23 template_failed',
      'earthmover.yaml:24 file_unavailable',
      't.jsont:2 template_failed',
    ]);
  });

  it('reports a project file that cannot be read', async () => {
    expect(places(await check({ 'earthmover.yaml': 'version: 2\nsources: [' }))).toEqual(['earthmover.yaml:2 bundle_invalid']);
  });

  it('names the lines that the author sees, whatever loops make of them', async () => {
    const yaml = `version: 2
{% set names = ['x', 'y', 'z'] %}
sources:
  {%- for name in names %}
  {{ name }}:
    file: s.csv
  {%- endfor %}
transformations: {}
destinations:
  {% for name in names %}
  {{ name }}:
    source: $sources.{{ name }}
    header: 5
  {% endfor %}
  last: {source: $sources.nobody}
`;
    const found = await check({ 'earthmover.yaml': yaml, 's.csv': 'a\n' });
    expect(places(found)).toEqual([
      ...['x', 'y', 'z'].map(() => 'earthmover.yaml:13 bundle_invalid'),
      'earthmover.yaml:15 bundle_invalid',
    ]);
  });

  it('names the line inside a text of several lines', async () => {
    const yaml = project(
      `  t:
    source: $sources.main
    expect:
      - a ==
    operations:
      - operation: add_columns
        columns:
          b: |
            {% raw %}{# one #}
            {{ a b }}{% endraw %}
          c:
            "{% raw %}{{ a b }}{% endraw %}"
      - operation: modify_columns
        columns:
          a: |-
            {% raw %}{{ a b }}{% endraw %}`,
      `  out:
    source: $transformations.t
    header: >

      {% raw %}{{ a b }}{% endraw %}`,
    );
    expect(places(await check({ 'earthmover.yaml': yaml, 's.csv': 'a\n' }))).toEqual(
      [7, 14, 16, 20, 26].map((line) => `earthmover.yaml:${line} template_failed`),
    );
  });

  it('names the line inside macros', async () => {
    const yaml = project('  t: {source: $sources.main, operations: []}').replace(
      'version: 2\n',
      'version: 2\nconfig:\n  macros: >\n\n    {% macro one() %}\n      x\n    {% endmacro %}\n\n    {% macro two() %}\n      {{ a b }}\n    {% endmacro %}\n',
    );
    expect(places(await check({ 'earthmover.yaml': yaml, 's.csv': 'a\n' }))).toEqual(['earthmover.yaml:10 template_failed']);
  });

  it('needs no input, and finds what does not depend on it', async () => {
    const yaml = project(
      '  t: {source: $sources.main, operations: [{operation: filter_rows, behavior: include, query: "a =="}]}\n' +
        '  u: {source: $sources.main, operations: [{operation: rename_columns, columns: {nope: b}}]}',
    ).replace('s.csv', '"${INPUT_FILE}"');
    expect(places(await check({ 'earthmover.yaml': yaml }))).toEqual(['earthmover.yaml:5 bundle_invalid']);
  });

  it('looks at joins, and behind what needs all rows', async () => {
    const yaml = project(`  t:
    source: $sources.main
    operations:
      - {operation: sort_rows, columns: [a]}
      - {operation: join, sources: [$sources.main], join_type: left, left_key: a, right_key: z}`);
    expect(places(await check({ 'earthmover.yaml': yaml, 's.csv': 'a\n1\n' }))).toEqual(['earthmover.yaml:9 column_missing']);
  });

  it('does not guess what columns a pivot gives', async () => {
    const yaml = project(`  t:
    source: $sources.main
    operations:
      - {operation: pivot, rows_by: a, cols_by: b, values: c}
      - {operation: rename_columns, columns: {x: y}}`);
    expect(places(await check({ 'earthmover.yaml': yaml, 's.csv': 'a,b,c\n1,x,2\n' }))).toEqual([]);
  });

  it('reports nodes that read each other', async () => {
    const yaml = project('  t: {source: $transformations.u, operations: []}\n  u: {source: $transformations.t, operations: []}');
    expect(places(await check({ 'earthmover.yaml': yaml, 's.csv': 'a\n' }))).toEqual(['earthmover.yaml:5 bundle_invalid']);
  });

  it('gives warnings too', async () => {
    const yaml = project('  t: {source: $sources.main, colour: red, operations: []}');
    const { warnings } = await check({ 'earthmover.yaml': yaml, 's.csv': 'a\n' });
    expect(warnings).toEqual([expect.objectContaining({ detail: 'the setting `colour` is not known', line: 5 })]);
  });
});
