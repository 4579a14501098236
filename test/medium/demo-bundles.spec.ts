import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { load } from 'js-yaml';
import { runBundle } from '../../src/engine';

interface Variant {
  tag: string;
  bundle: string;
  params: Record<string, string>;
  /** By env_var, relative to the bundle's `data/`. */
  files: Record<string, string>;
  outputs: { name: string; rows: number; sha256: string }[];
}

const BUNDLES = join(__dirname, '../../bundles');
const CONFORMANCE = join(__dirname, '../conformance');

const { variants } = JSON.parse(readFileSync(join(CONFORMANCE, 'manifest.json'), 'utf8')) as { variants: Variant[] };
const registry = JSON.parse(readFileSync(join(BUNDLES, 'registry.json'), 'utf8')) as { assessments: { path: string }[] };

describe('the demo bundles', () => {
  let outputDirectory: string;
  beforeEach(() => (outputDirectory = mkdtempSync(join(tmpdir(), 'slipway-test-'))));
  afterEach(() => rmSync(outputDirectory, { recursive: true, force: true }));

  it.each(variants.map((variant) => [variant.tag, variant] as const))(
    'give what the reference gives: %s',
    async (tag, variant) => {
      const directory = join(BUNDLES, variant.bundle);
      const inputs = Object.fromEntries(
        Object.entries(variant.files).map(([name, file]) => [name, join(directory, 'data', file)]),
      );
      const result = await runBundle({ directory, params: variant.params, inputs, outputDirectory });
      expect(result.warnings).toEqual([]);
      expect(result.outputs.map(({ name, records }) => [name, records]).sort()).toEqual(
        variant.outputs.map(({ name, rows }) => [name, rows]),
      );
      for (const { name, sha256 } of variant.outputs) {
        const expected = gunzipSync(readFileSync(join(CONFORMANCE, tag, `${name}.gz`)));
        expect(createHash('sha256').update(expected).digest('hex')).toBe(sha256);
        const actual = readFileSync(join(outputDirectory, name));
        // Lines first, because a difference in a line can be read.
        if (!actual.equals(expected)) expect(actual.toString().split('\n')).toEqual(expected.toString().split('\n'));
        expect(actual.equals(expected)).toBe(true);
      }
    },
  );

  it('are each covered, and say the same in their metadata as in the registry', () => {
    expect(new Set(variants.map(({ bundle }) => bundle))).toEqual(new Set(registry.assessments.map(({ path }) => path)));
    for (const entry of registry.assessments)
      expect(load(readFileSync(join(BUNDLES, entry.path, '_metadata.yaml'), 'utf8'))).toEqual(entry);
  });
});
