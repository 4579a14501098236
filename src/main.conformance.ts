import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { BundleError, outputFiles, runBundle } from './engine';
import { compareOutputs, printDifference, printTable, type OutputComparison } from './engine/command';

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
      outputs: z.array(z.object({ name: z.string(), sha256: z.string() })),
    }),
  ),
});

type Variant = z.infer<typeof manifestSchema>['variants'][number];

/** The worst of a variant's outputs. */
type Comparison =
  | { readonly kind: 'equal' }
  | { readonly kind: 'equal_as_set' | 'equal_but_lists'; readonly outputs: string[] }
  | { readonly kind: 'differs'; readonly outputs: string[]; readonly details: string }
  | { readonly kind: 'fails'; readonly details: string };

const results: Readonly<Record<Comparison['kind'], string>> = {
  equal: 'equal',
  equal_as_set: 'equal as a set',
  equal_but_lists: 'equal but for the order in lists',
  differs: 'DIFFERS',
  fails: 'FAILS',
};

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
  const lines: string[][] = [];
  const details: string[] = [];
  for (const variant of variants) {
    const started = performance.now();
    const comparison = await runVariant(variant, bundles, expected);
    const seconds = ((performance.now() - started) / 1000).toFixed(2);
    lines.push([variant.tag, results[comparison.kind], seconds, 'outputs' in comparison ? comparison.outputs.join(', ') : '']);
    if ('details' in comparison) {
      details.push(`${variant.tag}: ${comparison.details}`);
    }
  }
  console.log(printTable(['variant', 'result', 'seconds', 'outputs'], lines, { maxCellWidth: 90 }));
  details.forEach((text) => console.log(`\n${text}`));
  console.log(`\n${variants.length - details.length} of ${variants.length} variants are equal`);
  return details.length === 0 && variants.length > 0 ? 0 : 1;
}

async function runVariant(variant: Variant, bundles: string, expected: string): Promise<Comparison> {
  const outputDirectory = mkdtempSync(path.join(tmpdir(), 'conformance-'));
  try {
    const directory = path.join(bundles, variant.bundle);
    await runBundle({
      directory,
      params: { OUTPUT_DIR: './output', STATE_FILE: './runs.csv', TMP_DIR: './tmp', ...variant.params },
      inputs: Object.fromEntries(Object.entries(variant.files).map(([name, file]) => [name, path.join(directory, 'data', file)])),
      openOutputs: outputFiles(outputDirectory),
      packagesDirectory: bundles,
    });
    return compare(variant, outputDirectory, path.join(expected, variant.tag));
  } catch (error) {
    return {
      kind: 'fails',
      details:
        error instanceof BundleError ? `${error.code}: ${error.message}` : String(error instanceof Error ? error.stack : error),
    };
  } finally {
    rmSync(outputDirectory, { recursive: true });
  }
}

function compare(variant: Variant, actualDirectory: string, expectedDirectory: string): Comparison {
  const outputs: Record<OutputComparison['kind'], string[]> = { equal: [], equal_as_set: [], equal_but_lists: [], differs: [] };
  let details = '';
  for (const { name, sha256 } of variant.outputs) {
    const file = path.join(actualDirectory, name);
    const actual = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
    // The texts are only needed where the bytes are others.
    const comparison: OutputComparison =
      createHash('sha256').update(actual).digest('hex') === sha256
        ? { kind: 'equal' }
        : compareOutputs(readExpected(path.join(expectedDirectory, `${name}.gz`)), actual.toString('utf8'));
    outputs[comparison.kind].push(name);
    if (comparison.kind === 'differs') {
      details ||= `${name}, ${printDifference(comparison.difference)}`;
    }
  }
  const unexpected = readdirSync(actualDirectory).filter((file) => !variant.outputs.some(({ name }) => name === file));
  if (unexpected.length > 0) {
    outputs.differs.push(...unexpected);
    details ||= `the reference does not write ${unexpected.join(', ')}`;
  }
  if (outputs.differs.length > 0) {
    return { kind: 'differs', outputs: outputs.differs, details };
  }
  if (outputs.equal_but_lists.length > 0) {
    return { kind: 'equal_but_lists', outputs: outputs.equal_but_lists };
  }
  return outputs.equal_as_set.length > 0 ? { kind: 'equal_as_set', outputs: outputs.equal_as_set } : { kind: 'equal' };
}

/** @throws Error if the expected output, which the manifest names, is not there: then nothing could be compared */
function readExpected(zipped: string): string {
  return gunzipSync(readFileSync(zipped)).toString('utf8');
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
