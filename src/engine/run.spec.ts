import { lines, runProject, sourceProject, sourceRows, type ProjectRun } from '../../test/support/bundle';
import type { BundleProgress } from './run';

describe('parameters and macros', () => {
  const config = `config:
  parameter_defaults:
    YEAR: 0.50
    NOTHING:
    FLAG: yes
  macros: >
    {% macro shout(x) %}{{ x | upper }}!{% endmacro %}`;
  const yaml = sourceProject('file: ${INPUT_FILE}', 'template: t.jsont', config);
  const template = '{{ shout(a) }} ${YEAR} ${NOTHING} ${FLAG} ${OTHER} {{ INPUT_FILE }}';

  const run = (params: Record<string, string>): Promise<ProjectRun> =>
    runProject(
      { 'earthmover.yaml': yaml, 't.jsont': template, 'inputs/x.csv': 'a\nb\n' },
      { params, inputs: { INPUT_FILE: 'x.csv' } },
    );

  it('puts defaults, as Python prints them, for what is not given', async () => {
    expect((await run({})).texts['out.txt']).toBe('B! 0.5 None True ${OTHER} \n');
  });

  it('prefers what is given', async () => {
    expect((await run({ YEAR: '2025', OTHER: '$YEAR' })).texts['out.txt']).toBe('B! 2025 None True $YEAR \n');
  });

  it('does not read the environment', async () => {
    expect(await sourceRows('file: s.csv', '${HOME} ${PATH}', { 's.csv': 'a\n1\n' })).toEqual(['${HOME} ${PATH}']);
  });

  it('renders the project file before it reads it', async () => {
    const looped = `version: 2
{% set names = ['x', 'y'] %}
sources:
  {% for name in names %}
  {{ name }}: {file: s.csv}
  {% endfor %}
destinations:
  {% for name in names %}
  {{ name }}.txt: {source: "$sources.{{ name }}", template: t.jsont}
  {% endfor %}
`;
    const result = await runProject({ 'earthmover.yaml': looped, 't.jsont': '{{ a }}', 's.csv': 'a\n1\n' });
    expect(result.texts).toEqual({ 'x.txt': '1\n', 'y.txt': '1\n' });
  });
});

describe('the plan', () => {
  const nodes = (transformations: string, source = '$transformations.t'): Promise<ProjectRun> =>
    runProject({
      'earthmover.yaml': `version: 2\nsources: {main: {file: s.csv}, unused: {file: nope.csv}}\ntransformations:\n${transformations}\ndestinations: {out.txt: {source: ${source}, template: t.jsont}}\n`,
      's.csv': 'a\n1\n',
      't.jsont': '{{ a }}',
    });

  it('runs only what leads to a destination, with a warning', async () => {
    const run = await nodes('  t: {source: $sources.main, operations: []}');
    expect(run.texts['out.txt']).toBe('1\n');
    expect(run.warnings).toEqual([expect.objectContaining({ node: '$sources.unused', line: 2 })]);
  });

  it('gives readers of one table rows of their own', async () => {
    const yaml = `version: 2
sources: {main: {file: s.csv}}
transformations:
  shared: {source: $sources.main, operations: []}
  one:
    source: $transformations.shared
    operations: [{operation: add_columns, columns: {a: one}}]
  two:
    source: $transformations.shared
    operations: [{operation: join, sources: [$transformations.one, $sources.main], join_type: left, left_key: b, right_key: b}]
destinations:
  one.txt: {source: $transformations.one}
  two.txt: {source: $transformations.two}
  main.txt: {source: $sources.main}
`;
    const run = await runProject({ 'earthmover.yaml': yaml, 's.csv': 'a,b\n1,2\n' });
    expect(run.texts).toEqual({
      'one.txt': '{ "a": "one", "b": "2" }\n',
      'two.txt': '{ "a_x": "1", "b": "2", "a_y": "one", "a": "1" }\n',
      'main.txt': '{ "a": "1", "b": "2" }\n',
    });
  });

  it.each<[string, string, object]>([
    ['an unknown operation', '  t: {source: $sources.main, operations: [{operation: fly}]}', { operation: 'fly (1)', line: 4 }],
    ['an unknown source', '  t: {source: $sources.nobody, operations: []}', { node: '$transformations.t' }],
    ['a circle', '  t: {source: $transformations.u, operations: []}\n  u: {source: $transformations.t, operations: []}', {}],
    ['a setting of the wrong type', '  t: {source: $sources.main, operations: {}}', { line: 4 }],
    ['a node that is no mapping', '  t: 5', { node: '$transformations.t' }],
  ])('refuses %s', async (_, transformations, error) => {
    await expect(nodes(transformations)).rejects.toMatchObject({ code: 'bundle_invalid', file: 'earthmover.yaml', ...error });
  });

  it('warns of settings that it does not know', async () => {
    const run = await nodes('  t: {source: $sources.main, operations: [], colour: red}');
    expect(run.warnings).toContainEqual(
      expect.objectContaining({ detail: 'the setting `colour` is not known', node: '$transformations.t' }),
    );
  });

  it.each<[string, string, boolean]>([
    ['expect: ["a == \'1\'"]', 'a\n1\n', true],
    ['expect: ["a == \'1\'"]', 'a\n1\n2\n', false],
    ['expect: ["a"]', 'a\n\n""\n', true],
    ['require_rows: 2', 'a\n1\n2\n', true],
    ['require_rows: 2', 'a\n1\n', false],
    ['require_rows: true', 'a\n', false],
  ])('checks %s on %j', async (setting, table, passes) => {
    const run = sourceRows(`file: s.csv\n${setting}`, '{{ a }}', { 's.csv': table });
    await (passes
      ? expect(run).resolves.toBeDefined()
      : expect(run).rejects.toMatchObject({ code: 'expectation_failed', node: '$sources.main' }));
  });

  it.each([
    ['no version', 'sources: {}\ndestinations: {}\n'],
    ['no mapping', '- 1\n'],
    ['no destinations', 'version: 2\nsources: {}\n'],
    ['broken YAML', 'version: 2\nsources: [\n'],
  ])('refuses a project file with %s', async (_, yaml) => {
    await expect(runProject({ 'earthmover.yaml': yaml })).rejects.toMatchObject({
      code: 'bundle_invalid',
      file: 'earthmover.yaml',
    });
  });

  it('refuses a folder without a project file', async () => {
    await expect(runProject({ 'x.txt': '' })).rejects.toMatchObject({ code: 'file_unavailable' });
  });
});

describe('a long input', () => {
  const table = `id,group\n${Array.from({ length: 5_000 }, (_, i) => `${i},${i % 7}`).join('\n')}\n`;

  it('goes through in order, whatever the batches', async () => {
    const run = await runProject({
      'earthmover.yaml': sourceProject('file: s.csv'),
      't.jsont': '{{ id }}:{{ group }}',
      's.csv': table,
    });
    expect(lines(run.texts['out.txt'] ?? '')).toEqual(Array.from({ length: 5_000 }, (_, i) => `${i}:${i % 7}`));
    expect(run).toMatchObject({
      rowsRead: 5_000,
      rowsWritten: 5_000,
      outputs: [{ records: 5_000, bytes: Buffer.byteLength(run.texts['out.txt'] ?? '') }],
    });
  });

  it('stops when it is cancelled', async () => {
    const files = { 'earthmover.yaml': sourceProject('file: s.csv'), 't.jsont': '{{ id }}', 's.csv': table };
    await expect(runProject(files, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('reports progress', async () => {
    const seen: BundleProgress[] = [];
    const files = { 'earthmover.yaml': sourceProject('file: s.csv'), 't.jsont': '{{ id }}', 's.csv': table };
    await runProject(files, { onProgress: (progress) => seen.push(progress) });
    const [{ rowsRead, ...first }] = seen as [BundleProgress];
    expect(rowsRead).toBeGreaterThan(0);
    expect(first).toMatchObject({
      bytesTotal: table.length,
      sources: [{ file: 's.csv', rows: rowsRead }],
      outputs: [{ name: 'out.txt', records: rowsRead }],
      warnings: [],
    });
    expect(first.bytesRead).toBeLessThanOrEqual(table.length);
  });
});

describe('the rows of an input that go no further', () => {
  const project = (operations: string): Promise<ProjectRun> =>
    runProject(
      {
        'earthmover.yaml': `version: 2
sources: {main: {file: "\${INPUT_FILE}"}, known: {file: known.csv}}
transformations:
  seeds: {source: $sources.known, operations: [{operation: filter_rows, query: "k == '1'", behavior: include}]}
  rows: {source: $sources.main, operations: [${operations}]}
destinations: {out.txt: {source: $transformations.rows, template: t.jsont}, seeds.txt: {source: $transformations.seeds, template: t.jsont}}
`,
        'inputs/x.csv': 'k,b\n1,a\n1,a\n2,a\n3,b\n',
        'known.csv': 'k\n1\n1\n2\n',
        't.jsont': '{{ k }}',
      },
      { inputs: { INPUT_FILE: 'x.csv' } },
    );
  const node = '$transformations.rows';

  it.each([
    [`{operation: filter_rows, query: "b == 'a'", behavior: include}`, { reason: 'filtered', detail: "keeps b == 'a'", rows: 1 }],
    [
      `{operation: filter_rows, query: "b == 'a'", behavior: exclude}`,
      { reason: 'filtered', detail: "leaves out b == 'a'", rows: 3 },
    ],
    ['{operation: distinct_rows}', { reason: 'repeated', detail: undefined, rows: 1 }],
    ['{operation: distinct_rows, columns: [b]}', { reason: 'repeated', detail: 'b', rows: 2 }],
    ['{operation: limit_rows, count: 1, offset: 1}', { reason: 'limited', detail: undefined, rows: 3 }],
    // The two rows with `1` match two each; that rows are more then takes nothing from the count.
    [
      '{operation: join, sources: [$sources.known], join_type: inner, left_key: k, right_key: k}',
      { reason: 'unmatched', detail: 'k', rows: 1 },
    ],
  ])('are counted for %s', async (operation, skipped) => {
    expect((await project(operation)).skipped).toEqual([{ node, ...skipped }]);
  });

  it('are counted step by step, in the order of the bundle, and none where all go on', async () => {
    const steps = await project(`{operation: distinct_rows}, {operation: filter_rows, query: "k != '3'", behavior: include}`);
    expect(steps.skipped.map(({ reason, rows }) => [reason, rows])).toEqual([
      ['repeated', 1],
      ['filtered', 1],
    ]);
    expect(
      (await project('{operation: join, sources: [$sources.known], join_type: left, left_key: k, right_key: k}')).skipped,
    ).toEqual([]);
  });
});
