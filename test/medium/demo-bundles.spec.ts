import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';

const BUNDLES = join(__dirname, '../../bundles');

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
const { variants } = readJson(join(__dirname, '../conformance/manifest.json')) as { variants: { bundle: string }[] };
const registry = readJson(join(BUNDLES, 'registry.json')) as { assessments: { path: string }[] };

// What they give is compared by `npm run conformance`.
describe('the demo bundles', () => {
  it('each have expected outputs', () => {
    expect(new Set(variants.map(({ bundle }) => bundle))).toEqual(new Set(registry.assessments.map(({ path }) => path)));
  });

  it('say the same in their metadata as in the registry', () => {
    for (const entry of registry.assessments)
      expect(load(readFileSync(join(BUNDLES, entry.path, '_metadata.yaml'), 'utf8'))).toEqual(entry);
  });
});
