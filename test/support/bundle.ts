import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { outputFiles, runBundle, type BundleResult, type RunBundleOptions } from '../../src/engine';

export interface ProjectRun extends BundleResult {
  /** The outputs' texts by name. */
  readonly texts: Readonly<Record<string, string>>;
}

/**
 * Writes a bundle to a temporary folder, runs it and removes it.
 *
 * @param files texts by path; `earthmover.yaml` is the project, what is under `inputs/` lies outside the bundle
 * @param inputs names of parameters by file under `inputs/`
 */
export async function runProject(
  files: Readonly<Record<string, string | Buffer>>,
  options: Partial<Omit<RunBundleOptions, 'inputs'>> & { readonly inputs?: Readonly<Record<string, string>> } = {},
): Promise<ProjectRun> {
  return withBundle(files, async ({ directory, outputDirectory, inputsDirectory }) => {
    const inputs = Object.fromEntries(
      Object.entries(options.inputs ?? {}).map(([name, file]) => [name, path.join(inputsDirectory, file)]),
    );
    const result = await runBundle({ directory, openOutputs: outputFiles(outputDirectory), params: {}, ...options, inputs });
    return {
      ...result,
      texts: Object.fromEntries(result.outputs.map(({ name }) => [name, readFileSync(path.join(outputDirectory, name), 'utf8')])),
    };
  });
}

export interface BundleFolders {
  readonly directory: string;
  /** Exists and is empty. */
  readonly outputDirectory: string;
  readonly inputsDirectory: string;
}

/** Writes a bundle to a temporary folder, as `runProject`, and removes it after what is done with it. */
export async function withBundle<T>(
  files: Readonly<Record<string, string | Buffer>>,
  run: (folders: BundleFolders) => Promise<T>,
): Promise<T> {
  const root = mkdtempSync(path.join(tmpdir(), 'bundle-'));
  try {
    const [directory, outputDirectory] = [path.join(root, 'bundle'), path.join(root, 'output')];
    mkdirSync(outputDirectory);
    for (const [name, content] of Object.entries(files)) {
      const file = path.join(name.startsWith('inputs/') ? root : directory, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    return await run({ directory, outputDirectory, inputsDirectory: path.join(root, 'inputs') });
  } finally {
    rmSync(root, { recursive: true });
  }
}

/**
 * The rows that operations make of a table, by column. As in every output missing values are empty texts and numbers are texts; a column
 * in `show` is printed by an operation's template before, where a missing value is `nan` or `None`.
 *
 * @param operations the YAML of the list of operations
 * @param table a CSV text
 * @param others more tables by source name
 */
export async function runOperations(
  operations: string,
  table: string,
  others: Readonly<Record<string, string>> = {},
  show: readonly string[] = [],
): Promise<Record<string, string>[]> {
  const sources = { main: table, ...others };
  const shown = show.map((name) => `          ${JSON.stringify(name)}: "{{ value }}"\n`).join('');
  const modify = shown === '' ? '' : `      - operation: modify_columns\n        columns:\n${shown}`;
  const project = [
    'version: 2\nsources:',
    ...Object.keys(sources).map((name) => `  ${name}:\n    file: ${name}.csv`),
    'transformations:\n  result:\n    source: $sources.main\n    operations:',
    operations.replace(/^\n+/, '').replace(/^/gm, '      ').trimEnd(),
    `${modify}destinations:\n  result:\n    source: $transformations.result\n    extension: jsonl\n`,
  ].join('\n');
  // Braces in operations are for rows, not for the rendering of the project file.
  const files = Object.fromEntries(Object.entries(sources).map(([name, text]) => [`${name}.csv`, text]));
  const run = await runProject({ 'earthmover.yaml': `{% raw %}${project}{% endraw %}`, ...files });
  return lines(run.texts['result.jsonl'] ?? '').map((line) => JSON.parse(line) as Record<string, string>);
}

/** A project that writes its one source, given by its settings, to `out.txt` by the template `t.jsont`. */
export function sourceProject(source: string, destination = 'template: t.jsont', config = ''): string {
  const indent = (text: string): string => text.replace(/^/gm, '    ');
  return [
    `version: 2\n${config}\nsources:\n  main:`,
    indent(source),
    'destinations:\n  out:\n    source: $sources.main\n    extension: txt',
    indent(destination),
  ].join('\n');
}

/** The lines that a template makes of a source, which is given by its settings. */
export async function sourceRows(
  source: string,
  template: string,
  files: Readonly<Record<string, string | Buffer>>,
  inputs: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const run = await runProject({ 'earthmover.yaml': sourceProject(source), 't.jsont': template, ...files }, { inputs });
  return lines(run.texts['out.txt'] ?? '');
}

export function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
