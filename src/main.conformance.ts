import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { BundleError, runBundle } from './engine';

const usage = `Runs the variants of a manifest and compares every output with the reference's.

  npm run conformance -- --bundles CHECKOUT --expected DIRECTORY [--only TEXT]

  --bundles   a checkout of the registry that the manifest's bundles are in
  --expected  the folder of manifest.json and of a folder of gzipped outputs for each variant
  --only      runs the variants whose tag contains the text`;

const manifestSchema = z.object({
  variants: z.array(
    z.object({
      tag: z.string(),
      bundle: z.string(),
      params: z.record(z.string(), z.string()),
      files: z.record(z.string(), z.string()),
      outputs: z.array(z.object({ name: z.string(), sha256: z.string(), sorted_sha256: z.string() })),
    }),
  ),
});

type Variant = z.infer<typeof manifestSchema>['variants'][number];

type Comparison =
  | { kind: 'equal' }
  | { kind: 'equal_as_set'; outputs: string[] }
  /** Equal but for the order of lists inside the JSON of a line, which the reference does not fix after a union. */
  | { kind: 'equal_but_lists'; outputs: string[] }
  | { kind: 'differs'; outputs: string[]; line: string }
  | { kind: 'fails'; error: string };

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { bundles: { type: 'string' }, expected: { type: 'string' }, only: { type: 'string', default: '' } },
  });
  const { bundles, expected, only } = values;
  if (bundles === undefined || expected === undefined) {
    console.log(usage);
    return 2;
  }
  const manifest = manifestSchema.parse(JSON.parse(readFileSync(path.join(expected, 'manifest.json'), 'utf8')));
  const variants = manifest.variants.filter((variant) => variant.tag.includes(only));
  let failures = 0;
  for (const variant of variants) {
    const started = performance.now();
    const comparison = await runVariant(variant, bundles, expected);
    const seconds = ((performance.now() - started) / 1000).toFixed(2);
    console.log(`${variant.tag.padEnd(84)} ${seconds.padStart(6)} s  ${describe(comparison)}`);
    failures += comparison.kind === 'differs' || comparison.kind === 'fails' ? 1 : 0;
  }
  console.log(`${variants.length - failures} of ${variants.length} variants are equal`);
  return failures === 0 ? 0 : 1;
}

async function runVariant(variant: Variant, bundles: string, expected: string): Promise<Comparison> {
  const outputDirectory = mkdtempSync(path.join(tmpdir(), 'conformance-'));
  try {
    const directory = path.join(bundles, variant.bundle);
    await runBundle({
      directory,
      params: { OUTPUT_DIR: './output', STATE_FILE: './runs.csv', TMP_DIR: './tmp', ...variant.params },
      inputs: Object.fromEntries(Object.entries(variant.files).map(([name, file]) => [name, path.join(directory, 'data', file)])),
      outputDirectory,
      packagesDirectory: bundles,
    });
    return compare(variant, outputDirectory, path.join(expected, variant.tag));
  } catch (error) {
    return {
      kind: 'fails',
      error:
        error instanceof BundleError ? `${error.code}: ${error.message}` : String(error instanceof Error ? error.stack : error),
    };
  } finally {
    rmSync(outputDirectory, { recursive: true });
  }
}

function compare(variant: Variant, actualDirectory: string, expectedDirectory: string): Comparison {
  const reordered: string[] = [];
  const listsReordered: string[] = [];
  const different: string[] = [];
  let line = '';
  for (const output of variant.outputs) {
    const file = path.join(actualDirectory, output.name);
    const actual = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
    if (sha256(actual) === output.sha256) {
      continue;
    }
    if (sha256(Buffer.from(sortedLines(actual.toString('utf8')))) === output.sorted_sha256) {
      reordered.push(output.name);
      continue;
    }
    const zipped = path.join(expectedDirectory, `${output.name}.gz`);
    const expected = existsSync(zipped) ? gunzipSync(readFileSync(zipped)).toString('utf8') : '';
    if (withSortedLists(expected) === withSortedLists(actual.toString('utf8'))) {
      listsReordered.push(output.name);
      continue;
    }
    different.push(output.name);
    line ||= firstDifference(expected, actual.toString('utf8'));
  }
  if (different.length > 0) {
    return { kind: 'differs', outputs: different, line };
  }
  if (listsReordered.length > 0) {
    return { kind: 'equal_but_lists', outputs: listsReordered };
  }
  return reordered.length > 0 ? { kind: 'equal_as_set', outputs: reordered } : { kind: 'equal' };
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The lines, each with its end, in the order of their bytes. */
function sortedLines(text: string): string {
  const lines = text.split(/(?<=\n)/).map((line) => Buffer.from(line));
  return Buffer.concat(lines.sort((a, b) => a.compare(b))).toString('utf8');
}

/** The lines in order, and within the JSON of each the items of every list; a text that is not JSON stays. */
function withSortedLists(text: string): string {
  try {
    const canonical = text.split('\n').map((line) => (line === '' ? '' : JSON.stringify(sortLists(JSON.parse(line)))));
    return canonical.sort().join('\n');
  } catch {
    return text;
  }
}

function sortLists(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => JSON.stringify(sortLists(item))).sort();
  }
  if (value !== null && typeof value === 'object') {
    return Object.entries(value).map(([key, item]) => [key, sortLists(item)]);
  }
  return value;
}

/** The first lines that differ, from a little before where they do. */
function firstDifference(expected: string, actual: string): string {
  const [wanted, found] = [expected.split('\n'), actual.split('\n')];
  const index = wanted.findIndex((line, i) => line !== found[i]);
  const at = index === -1 ? wanted.length : index;
  const [left, right] = [wanted[at] ?? '(no more lines)', found[at] ?? '(no more lines)'];
  let column = 0;
  while (column < left.length && left[column] === right[column]) {
    column++;
  }
  const excerpt = (line: string): string => line.slice(Math.max(0, column - 60), column + 100);
  return `line ${at + 1}, column ${column + 1}\n    expected …${excerpt(left)}\n    actual   …${excerpt(right)}`;
}

function describe(comparison: Comparison): string {
  switch (comparison.kind) {
    case 'equal':
      return 'equal';
    case 'equal_as_set':
      return `equal as a set of lines: ${comparison.outputs.join(', ')}`;
    case 'equal_but_lists':
      return `equal but for the order in lists: ${comparison.outputs.join(', ')}`;
    case 'differs':
      return `DIFFERS: ${comparison.outputs.join(', ')}, ${comparison.line}`;
    case 'fails':
      return `FAILS: ${comparison.error}`;
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
