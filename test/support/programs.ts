import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import * as path from 'node:path';
import webpack, { type Configuration } from 'webpack';

const ROOT = path.resolve(__dirname, '../..');
/** Below node_modules, so that the programs find their packages as the built ones do. */
const CACHE = path.join(ROOT, 'node_modules/.cache/slipway-test-programs');
const KEPT_MS = 24 * 3_600_000;

/**
 * Builds the worker as it is shipped, but with a scripted engine as its child (see scripted-engine.ts), for tests that need
 * processes of their own. Once for a state of the sources; then it is found.
 *
 * @returns the folder with `main.worker.js` and `main.engine-child.js`; the same worker with the child as it is shipped is in `shipped/`.
 */
export async function buildTestPrograms(): Promise<string> {
  const sources = [...(await listSources(path.join(ROOT, 'src'))), ...(await listSources(path.join(ROOT, 'migrations')))];
  const digest = createHash('sha256');
  for (const file of [...sources, path.join(__dirname, 'scripted-engine.ts'), path.join(ROOT, 'webpack.config.js')]) {
    digest.update(`${file}:${(await stat(file)).mtimeMs}\n`);
  }
  const directory = path.join(CACHE, digest.digest('hex').slice(0, 16));
  if (existsSync(directory)) return directory;

  await mkdir(CACHE, { recursive: true });
  await removeOld();
  // Several test files may build at once; the first one to be done gives it its name.
  const building = await mkdtemp(path.join(CACHE, 'building-'));
  await build(building);
  // A worker starts the child beside it.
  await copyFile(path.join(building, 'main.worker.js'), path.join(building, 'shipped/main.worker.js'));
  await rename(building, directory).catch(() => rm(building, { recursive: true, force: true }));
  return directory;
}

async function listSources(directory: string): Promise<string[]> {
  const names = await readdir(directory, { recursive: true });
  return names
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
    .sort()
    .map((name) => path.join(directory, name));
}

async function build(output: string): Promise<void> {
  const { externals, externalsPresets, resolve, optimization, node } = await productConfiguration();
  const compiler = webpack({
    ...{ mode: 'none', target: 'node', devtool: false, externals, externalsPresets, resolve, optimization, node },
    context: ROOT,
    entry: {
      'main.worker': './src/main.worker.ts',
      'main.engine-child': './test/support/scripted-engine.ts',
      'shipped/main.engine-child': './src/main.engine-child.ts',
    },
    output: { path: output, filename: '[name].js', libraryTarget: 'commonjs2' },
    module: { rules: [{ test: /\.ts$/, loader: 'ts-loader', options: { transpileOnly: true } }] },
    ignoreWarnings: [/./],
  });
  await new Promise<void>((done, fail) =>
    compiler.run((error, stats) => {
      if (error) fail(error);
      else if (stats?.hasErrors()) fail(new Error(stats.toString({ all: false, errors: true })));
      else compiler.close(() => done());
    }),
  );
}

/** It is JavaScript without types, so it is taken as what webpack makes of it. */
async function productConfiguration(): Promise<Configuration> {
  const file = path.join(ROOT, 'webpack.config.js');
  const { default: configuration } = (await import(file)) as { default: () => Configuration };
  return configuration();
}

async function removeOld(): Promise<void> {
  for (const name of await readdir(CACHE)) {
    const directory = path.join(CACHE, name);
    const found = await stat(directory).catch(() => null);
    if (found && Date.now() - found.mtimeMs > KEPT_MS) await rm(directory, { recursive: true, force: true });
  }
}
