import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { lines, runProject, type ProjectRun } from '../../test/support/bundle';
import { runBundle } from './run';

type Files = Record<string, string | Buffer>;

/** A project that writes one source by a template. */
function project(source: string, destination = 'template: t.jsont', config = ''): string {
  return `version: 2
${config}
sources:
  main:
${source.replace(/^/gm, '    ')}
destinations:
  out:
    source: $sources.main
    extension: txt
${destination.replace(/^/gm, '    ')}
`;
}

const rowsOf = async (source: string, template: string, files: Files, inputs: Record<string, string> = {}): Promise<string[]> => {
  const run = await runProject({ 'earthmover.yaml': project(source), 't.jsont': template, ...files }, { inputs });
  return lines(run.texts['out.txt'] ?? '');
};

describe('parameters and macros', () => {
  const config = `config:
  parameter_defaults:
    YEAR: 0.50
    NOTHING:
    FLAG: yes
  macros: >
    {% macro shout(x) %}{{ x | upper }}!{% endmacro %}`;
  const yaml = project('file: ${INPUT_FILE}', 'template: t.jsont', config);
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
    expect(await rowsOf('file: s.csv', '${HOME} ${PATH}', { 's.csv': 'a\n1\n' })).toEqual(['${HOME} ${PATH}']);
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

describe('delimited sources', () => {
  const print = '{% for k, v in __row_data__.items() if k != "__row_data__" %}{{ k }}={{ v }};{% endfor %}';

  it.each<[string, string, string | Buffer, string[]]>([
    ['fills short rows', 'file: s.csv', 'a,b,c\n1\n2,3\n', ['a=1;b=;c=;', 'a=2;b=3;c=;']],
    ['drops a byte order mark', 'file: s.csv', '\ufeffa\n1\n', ['a=1;']],
    ['keeps everything a text', 'file: s.csv', 'a,b\n007,NA\n', ['a=007;b=NA;']],
    [
      'shifts all rows if the first one is longer than the header',
      'file: s.csv',
      'a,b\nx,1,2\ny,3,4\n',
      ['a=1;b=2;', 'a=3;b=4;'],
    ],
    ['takes a later header', 'file: s.csv\nheader_rows: "3"', 'title\n,,\na,b\n1,2\n', ['a=1;b=2;']],
    [
      'joins several header rows',
      'file: s.csv\nheader_rows: [0, 1]\nfill_sparse_headers: true',
      'X,,Y\na,b,\n1,2,3\n',
      ['X__a=1;X__b=2;Y__b=3;'],
    ],
    ['reads tabs', 'file: s.csv\ntype: tsv', 'a\tb\n1\t"x\ty"\n', ['a=1;b=x\ty;']],
    ['renames by position', 'file: s.csv\nrename_cols: true\ncolumns: [x, y]', 'a,b\n1,2\n', ['x=1;y=2;']],
    ['selects columns', 'file: s.csv\ncolumns: [b]', 'a,b\n1,2\n', ['b=2;']],
    ['adds optional fields', 'file: s.csv\noptional_fields: [a, z]', 'a\n1\n', ['a=1;z=;']],
    ['decodes', 'file: s.csv\nencoding: latin-1', Buffer.from([0x61, 10, 0xe9, 10]), ['a=é;']],
    ['makes an absent optional file an empty table', 'file: ${INPUT_FILE}\noptional: true\ncolumns: [a]', '', []],
    ['makes an optional source without a name an empty table', 'file: ""\noptional: true\ncolumns: [a]', '', []],
  ])('%s', async (_, source, text, expected) => {
    expect(await rowsOf(source, print, { 's.csv': text })).toEqual(expected);
  });

  it('joins an absent optional file with None', async () => {
    const yaml = `version: 2
sources:
  main: {file: s.csv}
  gone: {file: "\${INPUT_FILE_GONE}", optional: true, columns: [a, x]}
transformations:
  t:
    source: $sources.main
    operations:
      - {operation: join, sources: [$sources.gone], join_type: left, left_key: a, right_key: a}
      - operation: modify_columns
        columns: {x: "{% raw %}{{ value }}{% endraw %}"}
destinations: {out.txt: {source: $transformations.t, template: t.jsont}}
`;
    const run = await runProject({ 'earthmover.yaml': yaml, 't.jsont': '{{ a }}{{ x }}', 's.csv': 'a\n1\n' });
    expect(run.texts['out.txt']).toBe('1None\n');
  });

  it.each<[string, string, string | Buffer, object]>([
    ['a row that is too long', 'file: s.csv', 'a,b\n1,2\n1,2,3\n', { code: 'input_invalid', row: 2 }],
    ['a quote that is not closed', 'file: s.csv', 'a\n1\n"x\n', { code: 'input_invalid', line: 3 }],
    ['a byte that does not decode', 'file: s.csv', Buffer.from([0x61, 10, 0xe9, 10]), { code: 'input_invalid' }],
    ['an empty file', 'file: s.csv', '', { code: 'input_invalid' }],
    ['a header row that is not there', 'file: s.csv\nheader_rows: 5', 'a\n1\n', { code: 'input_invalid' }],
    ['header names that collide', 'file: s.csv\nheader_rows: [0, 1]', 'a,a\nb,b\n', { code: 'input_invalid' }],
    ['a selected column that is missing', 'file: s.csv\ncolumns: [z]', 'a\n1\n', { code: 'column_missing', file: 's.csv' }],
    ['another number of columns than named', 'file: s.csv\nrename_cols: true\ncolumns: [x]', 'a,b\n', { code: 'input_invalid' }],
    ['an unknown encoding', 'file: s.csv\nencoding: klingon', 'a\n', { code: 'not_supported' }],
    ['an optional source without columns', 'file: s.csv\noptional: true', 'a\n', { code: 'bundle_invalid' }],
    ['a format that is not read', 'file: s.csv\ntype: parquet', 'a\n', { code: 'not_supported' }],
    ['an address', 'file: "https://example.org/x.csv"', '', { code: 'not_supported' }],
    ['a database', 'connection: x\nquery: y', '', { code: 'not_supported' }],
    ['a file that is not there', 'file: nope.csv', '', { code: 'file_unavailable' }],
  ])('refuses %s', async (_, source, text, error) => {
    await expect(rowsOf(source, print, { 's.csv': text })).rejects.toMatchObject({ node: '$sources.main', ...error });
  });

  it('names an input by its parameter and never shows its path', async () => {
    const failing = rowsOf(
      'file: ${INPUT_FILE}\ncolumns: [student_id]',
      print,
      { 'inputs/x.csv': 'a\n1\n' },
      { INPUT_FILE: 'x.csv' },
    );
    await expect(failing).rejects.toMatchObject({ message: 'INPUT_FILE, $sources.main: column `student_id` is missing' });
  });

  it('stops at a line that is too long', async () => {
    const files = { 'earthmover.yaml': project('file: s.csv'), 't.jsont': '', 's.csv': `a\n"${'x'.repeat(3000)}\n` };
    await expect(runProject(files, { limits: { maxLineBytes: 1000 } })).rejects.toMatchObject({
      code: 'limit_exceeded',
      line: 2,
    });
  });
});

describe('other sources', () => {
  const print = '{% for k, v in __row_data__.items() if k != "__row_data__" %}{{ k }}={{ v }};{% endfor %}';

  it('reads fixed widths from a file of places', async () => {
    const source = 'file: s.txt\ncolspec_file: spec.csv\ncolspec_headers: {name: field, start: from, end: to}';
    const files = { 's.txt': 'ab  12\n      \nc   NA\n', 'spec.csv': 'field,start_index,end_index\nx,0,4\ny,4,6\n' };
    expect(await rowsOf(source, print, files)).toEqual(['x=ab;y=12;', 'x=c;y=;']);
  });

  it('reads fixed widths from widths, leaving out the header line', async () => {
    const source = 'file: s.txt\nheader_rows: 0\ncolspec_file: spec.csv\ncolspec_headers: {name: field, width: w}';
    const files = { 's.txt': 'xx yyy\nab 123\n', 'spec.csv': 'field,w\nx,3\ny,3\n' };
    expect(await rowsOf(source, print, files)).toEqual(['x=ab;y=123;']);
  });

  it('reads fixed widths from settings', async () => {
    expect(await rowsOf('file: s.txt\ncolumns: [x]\ncolspecs: [[1, 3]]', print, { 's.txt': 'abcd\n' })).toEqual(['x=bc;']);
  });

  it('reads JSON lines, guessing types as pandas does', async () => {
    const text = '{"a": "1", "b": 1, "c": {"d": [1]}}\n\n{"a": "2.5", "b": null}\n';
    expect(await rowsOf('file: s.jsonl', print, { 's.jsonl': text })).toEqual(["a=1.0;b=1.0;c={'d': [1]};", 'a=2.5;b=;c=;']);
  });

  it.each([
    ['[{"a": 1}, {"a": 2}]', ''],
    ['{"a": {"0": 1, "1": 2}}', ''],
    ['{"x": {"a": 1}, "y": {"a": 2}}', 'orientation: index'],
  ])('reads the JSON table %s', async (text, settings) => {
    expect(await rowsOf(`file: s.json\n${settings}`, print, { 's.json': text })).toEqual(['a=1;', 'a=2;']);
  });

  it('says on which line JSON is wrong', async () => {
    await expect(rowsOf('file: s.jsonl', print, { 's.jsonl': '{}\n{"a": }\n' })).rejects.toMatchObject({
      code: 'input_invalid',
      file: 's.jsonl',
      line: 2,
    });
  });
});

describe('destinations', () => {
  const output = async (destination: string, template = '{{ a }}', table = 'a,b\n1,2\n3,4\n'): Promise<string | undefined> =>
    (await runProject({ 'earthmover.yaml': project('file: s.csv', destination), 't.jsont': template, 's.csv': table })).texts[
      'out.txt'
    ];

  it('makes white space of the template one blank, and leaves that of the data', async () => {
    expect(await output('template: t.jsont', '{\n  "a":\t"{{ a }}"\n}\n', 'a\n"x\n  y"\n')).toBe('{ "a": "x\n  y" } \n');
  });

  it('leaves the template as it is without linearize', async () => {
    expect(await output('template: t.jsont\nlinearize: false', '{\n  {{ a }}\n}\n')).toBe('{\n  1\n}\n{\n  3\n}\n');
  });

  it('writes whole rows as JSON without a template', async () => {
    expect(await output('linearize: true', '', 'a,b\n<é\'"&>,\n')).toBe(
      '{ "a": "\\u003c\\u00e9\\u0027\\"\\u0026\\u003e", "b": "" }\n',
    );
  });

  it('writes header and footer as they are, or with the first row', async () => {
    expect(await output('template: t.jsont\nheader: "["\nfooter: "]"')).toBe('[1\n3\n]');
    expect(await output('template: t.jsont\nheader: "{% raw %}{{ a }},{{ __row_data__.b }}{% endraw %}"')).toBe('1,2\n1\n3\n');
    expect(await output('template: t.jsont\nfooter: "{% raw %}<{{ a }}>{% endraw %}"', '{{ a }}', 'a\n')).toBe('<>\n');
  });

  it.each(['../out', 'a/b'])('refuses the output name %s', async (name) => {
    const yaml = `version: 2\nsources: {main: {file: s.csv}}\ndestinations: {"${name}": {source: $sources.main}}\n`;
    await expect(runProject({ 'earthmover.yaml': yaml, 's.csv': 'a\n' })).rejects.toMatchObject({ code: 'bundle_invalid' });
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
    const run = rowsOf(`file: s.csv\n${setting}`, '{{ a }}', { 's.csv': table });
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

describe('packages', () => {
  const packageFile = `version: 2
config:
  parameter_defaults: {WHO: package, ONLY: p}
  macros: "{% macro name() %}package{% endmacro %}"
sources:
  extra: {file: ./data/extra.csv}
transformations:
  t:
    source: $sources.main
    operations: [{operation: map_values, column: a, map_file: map.csv}]
destinations:
  out.txt: {source: $transformations.t, template: ./t.jsont}
`;
  const files = {
    'earthmover.yaml': `version: 2
config:
  parameter_defaults: {WHO: root}
packages:
  p: {local: lib/p}
sources:
  main: {file: s.csv}
destinations:
  extra.txt: {source: $sources.extra}
`,
    's.csv': 'a\n1\n',
    'lib/p/earthmover.yaml': packageFile,
    'lib/p/data/extra.csv': 'x\n5\n',
    'lib/p/map.csv': 'from,to\n1,one\n',
    'lib/p/t.jsont': '{{ a }} {{ name() }} ${WHO} ${ONLY}',
  };

  it('merges a local package, whose files and defaults are its own', async () => {
    expect((await runProject(files)).texts).toEqual({ 'out.txt': 'one package root p\n', 'extra.txt': '{ "x": "5" }\n' });
  });

  it('says that a package is missing', async () => {
    const missing = { ...files, 'earthmover.yaml': files['earthmover.yaml'].replace('lib/p', 'lib/q') };
    await expect(runProject(missing)).rejects.toMatchObject({ code: 'file_unavailable', line: 5 });
  });

  it('does not fetch packages from git', async () => {
    const git = {
      ...files,
      'earthmover.yaml': files['earthmover.yaml'].replace('local: lib/p', 'git: "https://example.org/x.git"'),
    };
    await expect(runProject(git)).rejects.toMatchObject({ code: 'not_supported' });
  });

  it('does not follow packages in a circle', async () => {
    const circle = { ...files, 'lib/p/earthmover.yaml': `${packageFile}packages: {again: {local: .}}\n` };
    await expect(runProject(circle)).rejects.toMatchObject({ code: 'bundle_invalid' });
  });
});

describe('files outside the bundle', () => {
  it.each([
    ['a source by ..', { 'earthmover.yaml': project('file: ../inputs/secret.csv'), 'inputs/secret.csv': 'a\nsecret\n' }],
    ['a source by an absolute path', { 'earthmover.yaml': project('file: /etc/passwd\ntype: csv') }],
    ['a template', { 'earthmover.yaml': project('file: s.csv', 'template: ../../x.jsont'), 's.csv': 'a\n1\n' }],
    ['a package', { 'earthmover.yaml': `${project('file: s.csv')}packages: {p: {local: ../..}}\n`, 's.csv': 'a\n1\n' }],
    ['an input that was not given', { 'earthmover.yaml': project('file: ../inputs/other.csv'), 'inputs/other.csv': 'a\n1\n' }],
  ])('refuses %s', async (_, files) => {
    await expect(runProject({ 't.jsont': '{{ a }}', ...files })).rejects.toMatchObject({ code: 'file_unavailable' });
  });

  it('refuses an include by ..', async () => {
    const files = {
      'earthmover.yaml': project('file: s.csv'),
      's.csv': 'a\n1\n',
      't.jsont': '{% include "../inputs/x" %}',
      'inputs/x': 'secret',
    };
    await expect(runProject(files)).rejects.toMatchObject({ code: 'template_failed', file: 't.jsont' });
  });

  it('refuses a symbolic link that leads out', async () => {
    const root = mkdtempSync(path.join(tmpdir(), 'bundle-'));
    try {
      const directory = path.join(root, 'bundle');
      mkdirSync(directory);
      writeFileSync(path.join(root, 'secret.csv'), 'a\nsecret\n');
      writeFileSync(path.join(directory, 'earthmover.yaml'), project('file: s.csv'));
      writeFileSync(path.join(directory, 't.jsont'), '{{ a }}');
      symlinkSync(path.join(root, 'secret.csv'), path.join(directory, 's.csv'));
      const run = runBundle({ directory, params: {}, inputs: {}, outputDirectory: root });
      await expect(run).rejects.toMatchObject({
        code: 'file_unavailable',
        detail: '`s.csv` lies outside the bundle and may not be read',
      });
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});

describe('a long input', () => {
  const table = `id,group\n${Array.from({ length: 5_000 }, (_, i) => `${i},${i % 7}`).join('\n')}\n`;

  it('goes through in order, whatever the batches', async () => {
    const run = await runProject({
      'earthmover.yaml': project('file: s.csv'),
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
    const files = { 'earthmover.yaml': project('file: s.csv'), 't.jsont': '{{ id }}', 's.csv': table };
    await expect(runProject(files, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('reports progress', async () => {
    const seen: number[] = [];
    const files = { 'earthmover.yaml': project('file: s.csv'), 't.jsont': '{{ id }}', 's.csv': table };
    await runProject(files, { onProgress: ({ rowsRead }) => seen.push(rowsRead) });
    expect(seen[0]).toBeGreaterThan(0);
  });
});
