import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Vite's manifest, as far as it is of interest: a chunk by its source, with the chunks that it cannot run without. */
type Manifest = Record<string, { file: string; imports?: string[] }>;

const MAX_BYTES = 250 * 1000;
const page = join(__dirname, '..', '..', 'dist', 'client');

/** What a browser loads before a page of this entry shows. */
function chunksOf(manifest: Manifest, entry: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[entry];
  if (!chunk) throw new Error(`the built page has no ${entry}`);
  if (seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const name of chunk.imports ?? []) chunksOf(manifest, name, seen);
  return seen;
}

describe('the built page', () => {
  const file = join(page, '.vite', 'manifest.json');
  if (!existsSync(file)) throw new Error('there is no built page: npm run build');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;

  it(`loads less than ${MAX_BYTES / 1000} KB of compressed JavaScript on a first visit of the jobs`, () => {
    const chunks = [...chunksOf(manifest, 'pages/jobs/jobs-page.tsx', chunksOf(manifest, 'index.html'))];
    const sizes = chunks.map((chunk) => statSync(join(page, `${chunk}.gz`)).size);
    expect(chunks.length).toBeGreaterThan(1);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MAX_BYTES);
  });
});
