import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import ts from 'typescript';

/**
 * Who may import whom. A module's area is its folder under `src`; the arrows go down only, and there is no list of exceptions.
 * Moving an arrow is a decision, so it is made here.
 */
const ALLOWED: Record<string, readonly string[]> = {
  'external-api': ['jobs', 'webhooks', 'bundles', 'files', 'tenancy', 'platform'],
  web: ['jobs', 'webhooks', 'bundles', 'files', 'tenancy', 'ods', 'platform'],
  jobs: ['webhooks', 'bundles', 'files', 'tenancy', 'platform'],
  webhooks: ['platform'],
  bundles: ['files', 'platform'],
  files: ['platform'],
  tenancy: ['platform'],
  // A plain client of somebody else's API.
  ods: [],
  // The page: it runs in the browser, and knows the API by its document alone.
  client: [],
  runner: ['jobs', 'bundles', 'files', 'tenancy', 'engine', 'platform'],
  engine: [],
  platform: [],
  // Everything is put together at the top: the programs, what they consist of, and local mode, which runs them.
  '': ['external-api', 'web', 'jobs', 'webhooks', 'bundles', 'files', 'tenancy', 'ods', 'runner', 'engine', 'platform'],
  // Nothing imports it: production never loads it.
  local: ['', 'external-api', 'web', 'jobs', 'webhooks', 'bundles', 'files', 'tenancy', 'runner', 'platform'],
};

const root = join(__dirname, '..');
const src = join(root, 'src');

function filesUnder(directory: string): string[] {
  return readdirSync(directory).flatMap((name) => {
    const file = join(directory, name);
    return statSync(file).isDirectory() ? filesUnder(file) : /\.tsx?$/.test(name) && !/\.spec\.tsx?$/.test(name) ? [file] : [];
  });
}

const importsOf = (file: string): string[] =>
  ts.preProcessFile(readFileSync(file, 'utf8'), true, true).importedFiles.map(({ fileName }) => fileName);

/** The folder under `src`. What starts local mode belongs to it. */
function areaOf(file: string): string {
  const parts = relative(src, file).split(sep);
  if (parts.length > 1) return parts[0] ?? '';
  return /^main\.(local|demo)\.ts$/.test(parts[0] ?? '') ? 'local' : '';
}

interface Arrow {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly target: string;
}

const arrows: Arrow[] = filesUnder(src).flatMap((file) =>
  importsOf(file)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => resolve(dirname(file), specifier))
    .filter((target) => target.startsWith(src + sep))
    .map((target) => ({
      file: relative(root, file),
      from: areaOf(file),
      to: areaOf(`${target}.ts`),
      target: relative(src, target),
    })),
);

describe('the architecture', () => {
  it('knows every area', () => {
    const areas = new Set(filesUnder(src).map(areaOf));
    expect([...areas].filter((area) => !(area in ALLOWED))).toEqual([]);
  });

  it('has arrows to look at', () => {
    expect(arrows.length).toBeGreaterThan(100);
  });

  it('has no arrow that goes up or across', () => {
    const wrong = arrows.filter(({ from, to }) => from !== to && !ALLOWED[from]?.includes(to));
    expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([]);
  });

  it('keeps frameworks out of the engine, and Node out of all of it but its edges', () => {
    const outside = filesUnder(join(src, 'engine')).flatMap((file) =>
      importsOf(file)
        .filter((specifier) => !specifier.startsWith('.'))
        .map((specifier) => ({ file: relative(join(src, 'engine'), file), specifier })),
    );
    const wrong = outside.filter(({ file, specifier }) =>
      specifier.startsWith('node:')
        ? !/^(sources|destinations|project|command)[\\/]/.test(file)
        : !['js-yaml', 'iconv-lite', 'read-excel-file/universal'].includes(specifier),
    );
    expect(wrong.map(({ file, specifier }) => `${file} → ${specifier}`)).toEqual([]);
  });

  it('reads the environment in the configuration and the programs alone', () => {
    const readers = filesUnder(src).filter((file) => /process\.env\b/.test(readFileSync(file, 'utf8')));
    const wrong = readers
      .map((file) => relative(src, file))
      .filter((file) => !/^(main(\.[\w-]+)?\.ts|platform[\\/]config[\\/].*)$/.test(file));
    expect(wrong).toEqual([]);
  });
});
