import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { withBundle } from '../../../test/support/bundle';
import { parseCommand, type BundleCommand } from './options';
import { printProgress, printTable } from './print';
import { runCommand } from './run-command';

describe('parseCommand', () => {
  it('reads all options', () => {
    const args = [
      ...['b', '-p', 'A=1', '--param', 'B=x=y', '--input', 'INPUT_FILE=i.csv', '--out', 'o', '--packages', 'r'],
      ...['--set', 'sources.s.file=x', '-s', 'a*,b', '--profile', '--progress', '-r', 'f'],
    ];
    expect(parseCommand(args)).toEqual({
      kind: 'command',
      command: {
        kind: 'run',
        bundle: {
          directory: 'b',
          params: { A: '1', B: 'x=y' },
          inputs: { INPUT_FILE: 'i.csv' },
          packagesDirectory: 'r',
          overrides: { 'sources.s.file': 'x' },
        },
        outputDirectory: 'o',
        selector: 'a*,b',
        show: [],
        showRows: 10,
        profile: true,
        progress: true,
        resultsFile: 'f',
      },
    });
  });

  it('helps', () => {
    expect(parseCommand(['--help'])).toEqual({ kind: 'help' });
  });

  it.each([
    ['no bundle', []],
    ['two bundles', ['a', 'b']],
    ['an unknown option', ['a', '--fly']],
    ['an option without its value', ['a', '--out']],
    ['a parameter without a value', ['a', '-p', 'A']],
    ['a number of rows that is none', ['a', '--show', 'x', '--rows', '0']],
    ['two things at once', ['a', '--show', 'x', '--check']],
  ])('refuses %s', (_, args) => {
    expect(parseCommand(args)).toMatchObject({ kind: 'usage_error', detail: expect.stringMatching(/.{10}/) as string });
  });
});

describe('printTable', () => {
  it('aligns texts to the left and numbers to the right, and shows what would break it', () => {
    expect(
      printTable(
        ['name', 'n'],
        [
          ['a\nb', '1'],
          ['\u001b[2J', '100'],
          ['x'.repeat(50), ''],
        ],
      ),
    ).toBe(
      [
        'name                                        n',
        '----------------------------------------  ---',
        'a\\nb                                        1',
        '\ufffd[2J                                      100',
        `${'x'.repeat(39)}…`,
      ].join('\n'),
    );
  });
});

describe('printProgress', () => {
  it('says rows, megabytes and speed', () => {
    expect(printProgress({ rowsRead: 5_000, bytesRead: 1_234_567 }, 2)).toBe('5000 rows, 1.2 MB, 2500 rows/s');
  });
});

describe('runCommand', () => {
  const files = {
    'earthmover.yaml': `version: 2
sources: {main: {file: s.csv}, second: {file: s.csv}}
transformations:
  t:
    source: $sources.main
    operations: [{operation: add_columns, columns: {b: x}}]
  unused: {source: $transformations.t, operations: [{operation: limit_rows, count: 1}]}
destinations:
  one: {source: $transformations.t, extension: jsonl}
  two: {source: $sources.second, extension: jsonl}
`,
    's.csv': 'a\n1\n2\n3\n',
  };

  interface Outcome {
    readonly code: number;
    readonly out: string;
    readonly error: string;
    readonly outputs: Record<string, string>;
  }

  const run = (change: Partial<BundleCommand>, overrides = {}): Promise<Outcome> =>
    withBundle(files, async ({ directory, outputDirectory }) => {
      const [out, error]: [string[], string[]] = [[], []];
      const command: BundleCommand = {
        kind: 'run',
        bundle: { directory, params: {}, inputs: {}, overrides },
        outputDirectory: path.join(outputDirectory, 'new'),
        selector: undefined,
        show: [],
        showRows: 2,
        profile: false,
        progress: false,
        resultsFile: undefined,
        ...change,
      };
      const terminal = {
        isTerminal: false,
        out: (line: string) => out.push(line),
        error: (line: string) => error.push(line),
        overwrite: (text: string) => error.push(text),
      };
      const code = await runCommand(command, terminal);
      const written = ['one.jsonl', 'two.jsonl', 'one.txt'].map(
        (name) => [name, path.join(command.outputDirectory, name)] as const,
      );
      const outputs = written.filter(([, file]) => existsSync(file)).map(([name, file]) => [name, readFileSync(file, 'utf8')]);
      return {
        code,
        out: out.join('\n'),
        error: error.join('\n'),
        outputs: Object.fromEntries(outputs) as Record<string, string>,
      };
    });

  it('writes the outputs, says what there is and warns', async () => {
    const { code, out, error, outputs } = await run({});
    expect(code).toBe(0);
    expect(Object.keys(outputs)).toEqual(['one.jsonl', 'two.jsonl']);
    expect(out).toMatch(/one\.jsonl +3 +\d+\n/);
    expect(out).toMatch(/6 rows read, 6 written in \d/);
    expect(error).toBe(
      'earthmover.yaml:7: warning: the node is not run, since it leads to no destination ($transformations.unused)',
    );
  });

  it('writes what it has done to a file', async () => {
    await withBundle(files, async ({ outputDirectory }) => {
      const resultsFile = path.join(outputDirectory, 'results.json');
      await run({ resultsFile, selector: 'one' });
      expect(JSON.parse(readFileSync(resultsFile, 'utf8'))).toMatchObject({
        rowsRead: 3,
        rowsWritten: 3,
        outputs: [{ name: 'one.jsonl', records: 3 }],
      });
    });
    expect(await run({ resultsFile: '/nowhere/x' })).toMatchObject({ code: 1 });
  });

  it('writes only what a selector leads to', async () => {
    expect(Object.keys((await run({ selector: 'sources.main' })).outputs)).toEqual(['one.jsonl']);
    expect(Object.keys((await run({ selector: 't*o, transf' })).outputs)).toEqual(['one.jsonl', 'two.jsonl']);
  });

  it('fails for a selector that selects nothing', async () => {
    expect(await run({ selector: 'nobody' })).toMatchObject({ code: 1, outputs: {} });
  });

  it('changes settings', async () => {
    const { outputs } = await run(
      { selector: 'one' },
      { 'destinations.one.extension': 'txt', 'transformations.t.operations': 'x' },
    );
    expect(outputs).toEqual({});
    const changed = await run({ selector: 'one' }, { 'destinations.one.extension': 'txt', 'destinations.one.header': 'Yes' });
    expect(changed.error).toContain('`header` must be a text');
    expect((await run({ selector: 'one' }, { 'destinations.one.header': '[' })).outputs['one.jsonl']).toMatch(/^\[\{/);
  });

  it('shows the first rows of a node, also of one that leads nowhere, and writes nothing', async () => {
    const { code, out, outputs } = await run({ kind: 'show', show: ['t', 'unused', '$destinations.two'] });
    expect(code).toBe(0);
    expect(out).toBe(
      [
        ...['$transformations.t', '   a  b', '-  -  -', '1  1  x', '2  2  x'],
        ...['$transformations.unused', '   a  b', '-  -  -', '1  1  x'],
        ...['$sources.second', '   a', '-  -', '1  1', '2  2'],
      ].join('\n'),
    );
    expect(outputs).toEqual({});
  });

  it('names the nodes there are if one is not', async () => {
    const { code, error } = await run({ kind: 'show', show: ['nobody'] });
    expect(code).toBe(1);
    expect(error).toContain('$transformations.unused');
  });

  it('prints the rows and the time of each node', async () => {
    const { out } = await run({ profile: true });
    expect(out).toMatch(/\$transformations\.t +3 +\d\.\d{3}/);
    expect(out).toMatch(/\$destinations\.one +3 +\d\.\d{3}/);
    expect(out).toMatch(/\$sources\.main +3 +\d\.\d{3}/);
  });

  it('checks', async () => {
    expect(await run({ kind: 'check' })).toMatchObject({ code: 0, out: '0 problems, 0 warnings' });
    const broken = await run({ kind: 'check' }, { 'transformations.t.source': '$sources.nobody' });
    expect(broken.code).toBe(1);
    expect(broken.out).toMatch(/^earthmover\.yaml:5: bundle_invalid: there is no node.*\(\$transformations\.t\)\n1 problem/);
  });

  it('prints one line, and no stack, for what is wrong with the bundle', async () => {
    const { code, error } = await run({}, { 'sources.main.file': 'gone.csv' });
    expect(code).toBe(1);
    expect(error).toBe('earthmover.yaml:2: file_unavailable: the file `gone.csv` is not there ($sources.main)');
  });
});
