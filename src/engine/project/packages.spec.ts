import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { runProject, sourceProject } from '../../../test/support/bundle';
import { outputFiles } from '../destinations/output-files';
import { runBundle } from '../run';

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
    ['a source by ..', { 'earthmover.yaml': sourceProject('file: ../inputs/secret.csv'), 'inputs/secret.csv': 'a\nsecret\n' }],
    ['a source by an absolute path', { 'earthmover.yaml': sourceProject('file: /etc/passwd\ntype: csv') }],
    ['a template', { 'earthmover.yaml': sourceProject('file: s.csv', 'template: ../../x.jsont'), 's.csv': 'a\n1\n' }],
    ['a package', { 'earthmover.yaml': `${sourceProject('file: s.csv')}\npackages: {p: {local: ../..}}\n`, 's.csv': 'a\n1\n' }],
    [
      'an input that was not given',
      { 'earthmover.yaml': sourceProject('file: ../inputs/other.csv'), 'inputs/other.csv': 'a\n1\n' },
    ],
  ])('refuses %s', async (_, files) => {
    await expect(runProject({ 't.jsont': '{{ a }}', ...files })).rejects.toMatchObject({ code: 'file_unavailable' });
  });

  it('refuses an include by ..', async () => {
    const files = {
      'earthmover.yaml': sourceProject('file: s.csv'),
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
      writeFileSync(path.join(directory, 'earthmover.yaml'), sourceProject('file: s.csv'));
      writeFileSync(path.join(directory, 't.jsont'), '{{ a }}');
      symlinkSync(path.join(root, 'secret.csv'), path.join(directory, 's.csv'));
      const run = runBundle({ directory, params: {}, inputs: {}, openOutputs: outputFiles(root) });
      await expect(run).rejects.toMatchObject({
        code: 'file_unavailable',
        detail: '`s.csv` lies outside the bundle and may not be read',
      });
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});
