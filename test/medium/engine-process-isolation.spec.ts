import { Logger } from '@nestjs/common';
import { mkdtemp, realpath, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import type { RunError } from '../../src/jobs/run-report';
import { EngineProcess, type EngineOutcome } from '../../src/runner/engine-process';
import { sourceProject, withBundle, type BundleFolders } from '../support/bundle';
import { buildTestPrograms } from '../support/programs';
import { ReceivedOutputs } from '../support/received-outputs';
import { workbookFiles, zip } from '../support/workbook';

/** Hostile bundles and broken inputs against the engine as it is shipped, in its process. */

const LIMITS = { concurrency: 1, runTimeoutSeconds: 60, runMemoryMb: 128, maxLineBytes: 1024 ** 2 };
const SECRET = 'top secret';

interface Attack {
  files?: Record<string, string | Buffer>;
  params?: Record<string, string>;
  /** Does what texts cannot: links, large files. */
  prepare?: (folders: BundleFolders) => Promise<void>;
  limits?: Partial<typeof LIMITS>;
}

let entry: string;
/** A folder outside of every bundle, with files that a bundle would like to read. */
let outside: string;

beforeAll(async () => {
  // Its errors are what is tested.
  Logger.overrideLogger(false);
  entry = path.join(await buildTestPrograms(), 'shipped/main.engine-child.js');
  outside = await realpath(await mkdtemp(path.join(tmpdir(), 'slipway-outside-')));
  for (const name of ['secret.csv', 'secret.jsont', 'secret.txt']) await writeFile(path.join(outside, name), `id\n${SECRET}\n`);
});

afterAll(() => rm(outside, { recursive: true, force: true }));

const GOOD = { 'earthmover.yaml': sourceProject('file: ${INPUT_FILE}'), 't.jsont': '{{ id }}', 'inputs/a.csv': 'id\n1\n' };

interface Attempt {
  readonly outcome: EngineOutcome;
  /** What was written, if the run succeeded. */
  readonly text: string | null;
}

/** Runs the good bundle, with what the attack changes of it. */
function attempt({ files = {}, params = {}, prepare, limits = {} }: Attack): Promise<Attempt> {
  return withBundle({ ...GOOD, ...files }, async (folders) => {
    await prepare?.(folders);
    const { directory, inputsDirectory } = folders;
    const received = new ReceivedOutputs();
    const settings = { ...LIMITS, ...limits };
    const inputs: Record<string, string> = 'INPUT_FILE' in params ? {} : { INPUT_FILE: path.join(inputsDirectory, 'a.csv') };
    const outcome = await new EngineProcess({ entry }, settings).run(
      { directory, params, inputs, limits: { maxLineBytes: settings.maxLineBytes } },
      {
        signal: new AbortController().signal,
        openOutput: received.open,
        onProgress: () => undefined,
        onTransformed: () => undefined,
        readable: [directory, inputsDirectory],
      },
    );
    // Nothing tells where on the machine it ran.
    expect(JSON.stringify(outcome)).not.toContain(path.dirname(directory));
    return { outcome, text: outcome.kind === 'succeeded' ? (received.text('out.txt') ?? null) : null };
  });
}

/** Runs an attack, which has to fail, and then the good bundle, which must not suffer from it. */
async function failureOf(attack: Attack): Promise<RunError> {
  const { outcome } = await attempt(attack);
  expect((await attempt({})).text).toBe('1\n');
  expect(JSON.stringify(outcome)).not.toContain(SECRET);
  if (outcome.kind !== 'failed') throw new Error(`the attack ended as ${JSON.stringify(outcome)}`);
  return outcome.error;
}

const template = (text: string): Attack => ({ files: { 't.jsont': text } });
const source = (settings: string): Attack => ({ files: { 'earthmover.yaml': sourceProject(settings) } });

describe('a bundle', () => {
  it('whose template never ends is stopped', async () => {
    const endless = template('{% for a in range(99999) %}{% for b in range(99999) %}{% set c = a * b %}{% endfor %}{% endfor %}');
    expect(await failureOf({ ...endless, limits: { runTimeoutSeconds: 3 } })).toMatchObject({ code: 'run_timed_out' });
  });

  it('whose template fills the memory is stopped', async () => {
    const bomb = template(
      '{% set held = [] %}{% for a in range(99999) %}{% for b in range(99999) %}{{ held.append([a, b]) }}{% endfor %}{% endfor %}',
    );
    expect(await failureOf({ ...bomb, limits: { runMemoryMb: 64 } })).toMatchObject({ code: 'run_out_of_memory' });
  });

  it.each([
    ["{{ ''.__class__.__mro__ }}"],
    ["{{ ''.constructor.constructor('return process')() }}"],
    ["{{ {}['__proto__']['polluted'] }}"],
    ['{{ [].constructor.prototype.push(1) }}'],
    ['{{ cycler.__init__.__globals__.os }}'],
    ['{{ self.constructor.name }}'],
    ['{{ process.env.HOME }}'],
  ])('gets no host object by %s', async (text) => {
    expect(await failureOf(template(text))).toMatchObject({ code: 'template_failed', file: 't.jsont', line: 1 });
  });

  it.each([["{{ ('x' * 999999999) * 999999999 }}"], ['{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}']])(
    'fails in order when its template asks for more than there can be: %s',
    async (text) => {
      expect(await failureOf(template(text))).toMatchObject({ code: 'template_failed', file: 't.jsont', line: 1 });
    },
  );

  it.each([
    ["{{ ''.__class__ }}"],
    ['{{ id.__proto__ }}'],
    ['{{ id.constructor }}{{ constructor }}{{ __proto__ }}{{ globalThis }}'],
  ])('sees nothing at all in %s', async (text) => {
    expect((await attempt(template(text))).text).toBe('\n');
  });

  it.each<[string, () => Attack]>([
    ['an absolute include', () => template(`{% include '${outside}/secret.jsont' %}`)],
    ['an include above it', () => template(`{% include '../../${path.basename(outside)}/secret.jsont' %}`)],
    ['an absolute source', () => source(`file: ${outside}/secret.csv`)],
    ['a source above it', () => source(`file: ../../${path.basename(outside)}/secret.csv`)],
    ['a parameter as the source', () => ({ params: { INPUT_FILE: `${outside}/secret.csv` } })],
    [
      "a parameter in the source's path",
      () => ({ ...source('file: ./${FOLDER}/secret.csv'), params: { FOLDER: `../../${path.basename(outside)}` } }),
    ],
    [
      'a template elsewhere',
      () => ({ files: { 'earthmover.yaml': sourceProject('file: ${INPUT_FILE}', `template: ${outside}/secret.jsont`) } }),
    ],
    [
      'a symbolic link as the source',
      () => ({
        ...source('file: link.csv'),
        prepare: ({ directory }) => symlink(`${outside}/secret.csv`, `${directory}/link.csv`),
      }),
    ],
    [
      'a symbolic link as an include',
      () => ({
        ...template("{% include 'link.jsont' %}"),
        prepare: ({ directory }) => symlink(`${outside}/secret.jsont`, `${directory}/link.jsont`),
      }),
    ],
    [
      'a symbolic link to a folder',
      () => ({ ...source('file: link/secret.csv'), prepare: ({ directory }) => symlink(outside, `${directory}/link`) }),
    ],
  ])('cannot read outside of it by %s', async (_, attack) => {
    expect((await failureOf(attack())).code).toMatch(/^(file_unavailable|template_failed)$/);
  });
});

describe('an input', () => {
  const GIGABYTE = 1024 ** 3;
  it.each([
    ['a line', 'id\n'],
    ['a quoted field', 'id\n"'],
    ['a header', ''],
  ])('with %s of a gigabyte is refused', async (_, start) => {
    const file = ({ inputsDirectory }: BundleFolders): string => path.join(inputsDirectory, 'a.csv');
    const attack: Attack = {
      files: { 'inputs/a.csv': start },
      // Sparse: it takes no room on the disk.
      prepare: (folders) => truncate(file(folders), GIGABYTE),
    };
    expect(await failureOf(attack)).toMatchObject({ code: 'limit_exceeded', file: 'INPUT_FILE' });
  });

  const workbookOf = (sheetBytes: number, claimedSize?: number): Buffer =>
    zip({ ...workbookFiles({ A: '' }), 'xl/worksheets/sheet1.xml': Buffer.alloc(sheetBytes, ' ') }, claimedSize);
  it.each<[string, Buffer, string]>([
    ['says that it unpacks to gigabytes', workbookOf(1, 3 * GIGABYTE), 'limit_exceeded'],
    ['unpacks to hundreds of megabytes', workbookOf(300 * 1024 ** 2), 'limit_exceeded'],
    ['says that it is small and is not', workbookOf(300 * 1024 ** 2, 1_000), 'input_invalid'],
  ])('that is a workbook and %s is refused', async (_, content, code) => {
    const attack = {
      files: { 'earthmover.yaml': sourceProject('file: ${INPUT_FILE}\ntype: excel'), 'inputs/a.csv': content },
      limits: { runTimeoutSeconds: 20 },
    };
    expect(await failureOf(attack)).toMatchObject({ code, file: 'INPUT_FILE' });
  });

  it.each<[string, Buffer, string]>([
    ['bytes that are no UTF-8', Buffer.from('id\nJos\xe9\n', 'latin1'), 'input_invalid'],
    ['UTF-16', Buffer.from('\ufeffid\n1\n', 'utf16le'), 'input_invalid'],
    ['a quote that is not closed', Buffer.from('id\n"1\n2\n'), 'input_invalid'],
    ['more fields than columns', Buffer.from('id,score\n1,2\n1,2,3\n'), 'input_invalid'],
    ['nothing in it', Buffer.alloc(0), 'input_invalid'],
  ])('with %s is refused', async (_, content, code) => {
    expect(await failureOf({ files: { 'inputs/a.csv': content } })).toMatchObject({ code, file: 'INPUT_FILE' });
  });
});

describe('more rows than the memory takes', () => {
  const rows = `id,name,kind\n${Array.from({ length: 700_000 }, (_, i) => `${i},name of ${i * 7},${i % 3}\n`).join('')}`;
  const project = (operation: string): string => `version: 2
sources: {main: {file: "\${INPUT_FILE}", type: csv}, again: {file: "\${INPUT_FILE}", type: csv}}
transformations:
  result:
    source: $sources.main
    operations:
      - ${operation}
destinations: {out: {source: $transformations.result, extension: txt, template: t.jsont}}
`;

  it.each([
    '{operation: sort_rows, columns: [name]}',
    '{operation: distinct_rows, columns: [name]}',
    '{operation: group_by, group_by_columns: [id], create_columns: {names: json_array_agg(name)}}',
    '{operation: pivot, rows_by: id, cols_by: kind, values: name}',
    '{operation: join, sources: [$sources.again], join_type: outer, left_key: id, right_key: id}',
  ])('fail with the step that would hold them, before the process dies: %s', async (operation) => {
    const files = { 'earthmover.yaml': project(operation), 'inputs/a.csv': rows };
    expect(await failureOf({ files, limits: { runMemoryMb: 64 } })).toMatchObject({
      ...{ code: 'too_much_to_hold', file: 'earthmover.yaml', line: 7 },
      detail: expect.stringMatching(/^\$transformations\.result, \w+ \(1\): .* holds [\d,]+ (rows|keys).*RUN_MEMORY_MB/),
    });
  });
});
