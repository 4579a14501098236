import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import os, { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Logger } from '@nestjs/common';
import { BundleRegistryService } from '../../src/bundles/bundle-registry.service';
import { unpackBundle } from '../../src/bundles/bundle-archive';
import { waitFor } from '../support/wait';

const entry = (path: string, more: object = {}): object => ({
  display_name: path,
  path,
  input_files: [{ display_name: 'Results', env_var: 'INPUT_FILE', is_required: true, file_type: ['csv'] }],
  ...more,
});

let scratch: string;
let directory: string;
const started: BundleRegistryService[] = [];

function registryAt(source: string, refreshSeconds = 3600): BundleRegistryService {
  const registry = new BundleRegistryService({ registry: source, refreshSeconds });
  started.push(registry);
  return registry;
}

async function put(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(directory, path)), { recursive: true });
  await writeFile(join(directory, path), content);
}
const putRegistry = (...assessments: object[]): Promise<void> => put('registry.json', JSON.stringify({ assessments }));

const versions = (registry: BundleRegistryService): Record<string, string> =>
  Object.fromEntries(registry.list().map(({ path, version }) => [path, version]));

beforeAll(() => Logger.overrideLogger(false));

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'slipway-test-'));
  directory = join(scratch, 'registry');
  await put('assessments/A/earthmover.yaml', 'version: 2\n');
  await put('assessments/A/data/sample.csv', 'x\n');
  await put('assessments/B/earthmover.yaml', 'version: 2\n');
  await put('packages/shared/earthmover.yaml', 'version: 2\n');
  await putRegistry(entry('assessments/B'), entry('assessments/A'));
});

afterEach(async () => {
  await Promise.all(started.splice(0).map((registry) => registry.onModuleDestroy()));
  await rm(scratch, { recursive: true, force: true });
});

describe('a registry in a directory', () => {
  it('is read in the background at start, and lists its bundles in its order', async () => {
    const registry = registryAt(directory);
    expect(registry.state()).toMatchObject({ status: 'loading', version: null });
    expect(registry.isLoaded()).toBe(false);
    registry.onModuleInit();
    expect(await registry.whenReady({ timeoutMs: 60_000 })).toBe(true);
    expect(registry.list().map(({ path }) => path)).toEqual(['assessments/B', 'assessments/A']);
    expect(registry.find('assessments/A')).toMatchObject({
      displayName: 'assessments/A',
      acceptsStudentIdName: false,
      params: [],
    });
    expect(registry.find('assessments/a')).toBeUndefined();
    expect(registry.find('__proto__')).toBeUndefined();
    expect(registry.state()).toMatchObject({ source: directory, status: 'ready', problem: null });
  });

  it('is read again on its own', async () => {
    const registry = registryAt(directory, 1);
    registry.onModuleInit();
    await registry.whenReady({ timeoutMs: 60_000 });
    await putRegistry(entry('assessments/A'));
    await waitFor(() => registry.list().length === 1);
  });

  it('packs what a run needs: the bundle without its sample data, the packages, and its own metadata', async () => {
    await put('assessments/A/output/studentAssessments.jsonl', '{}');
    await put('assessments/A/.DS_Store', '');
    await put('assessments/A/seeds/data/kept.csv', 'a\n');
    const registry = registryAt(directory);
    await registry.refresh();
    const bundle = registry.find('assessments/A')!;
    const files = await unpackBundle(bundle.archive, bundle.version);
    expect([...files.keys()]).toEqual([
      'assessments/A/earthmover.yaml',
      'assessments/A/seeds/data/kept.csv',
      'packages/shared/earthmover.yaml',
      'registry.json',
    ]);
    expect(JSON.parse(String(files.get('registry.json')))).toEqual({ assessments: [entry('assessments/A')] });
  });

  it('gives a bundle a new version when its files or its metadata change, and the others none', async () => {
    const registry = registryAt(directory);
    await registry.refresh();
    const first = versions(registry);
    await put('assessments/A/seeds/levels.csv', 'a,b\n');
    await registry.refresh();
    const second = versions(registry);
    await putRegistry(entry('assessments/B'), entry('assessments/A', { display_name: 'Another name' }));
    await registry.refresh();
    const third = versions(registry);
    expect(new Set([first, second, third].map((all) => all['assessments/A'])).size).toBe(3);
    expect(new Set([first, second, third].map((all) => all['assessments/B'])).size).toBe(1);
    await put('packages/shared/earthmover.yaml', 'version: 2\nsources: {}\n');
    await registry.refresh();
    expect(versions(registry)['assessments/B']).not.toBe(first['assessments/B']);
  });

  it('gives the same versions wherever it lies, and for a change that leaves the size and the time as they were', async () => {
    const registry = registryAt(directory);
    await registry.refresh();
    const before = versions(registry);
    const time = new Date(0);
    await put('assessments/A/earthmover.yaml', 'version: 3\n');
    await utimes(join(directory, 'assessments/A/earthmover.yaml'), time, time);
    await registry.refresh();
    expect(versions(registry)['assessments/A']).not.toBe(before['assessments/A']);
    await put('assessments/A/earthmover.yaml', 'version: 2\n');
    await cp(directory, join(scratch, 'copy'), { recursive: true });
    const copy = registryAt(join(scratch, 'copy'));
    await copy.refresh();
    expect(versions(copy)).toEqual(before);
  });

  it.each([
    ['${STUDENT_ID_NAME}', 'earthmover.yaml', {}, true],
    ['$STUDENT_ID_NAME', 'formats/a/earthmover.yaml', {}, true],
    ['$STUDENT_ID_NAMES $$STUDENT_ID_NAME STUDENT_ID_NAME', 'earthmover.yaml', {}, false],
    ['${STUDENT_ID_NAME}', 'README.md', {}, false],
    [
      '${STUDENT_ID_NAME}',
      'earthmover.yaml',
      { input_params: [{ display_name: 'Id', env_var: 'STUDENT_ID_NAME', is_required: true }] },
      false,
    ],
  ])('tells whether an unlisted STUDENT_ID_NAME is used: %j in %s', async (text, file, more, expected) => {
    await put(`assessments/A/${file}`, `version: 2\nkey: ${text}\n`);
    await putRegistry(entry('assessments/A', more));
    const registry = registryAt(directory);
    await registry.refresh();
    expect(registry.find('assessments/A')?.acceptsStudentIdName).toBe(expected);
  });

  it('keeps the last good state when it turns bad, says so, and recovers', async () => {
    const registry = registryAt(directory);
    await registry.refresh();
    const before = versions(registry);
    await putRegistry(entry('assessments/A'), entry('../etc'), entry('/etc'));
    const state = await registry.refresh();
    expect(state).toMatchObject({ status: 'stale', problem: expect.stringContaining('/assessments/1/path') as string });
    expect(state.problems).toEqual([
      expect.stringContaining('/assessments/1/path'),
      expect.stringContaining('/assessments/2/path'),
    ]);
    expect(versions(registry)).toEqual(before);
    await put('registry.json', '{');
    expect(await registry.refresh()).toMatchObject({ status: 'stale', problem: expect.stringContaining('not JSON') as string });
    await rename(directory, join(scratch, 'gone'));
    expect(await registry.refresh()).toMatchObject({
      status: 'stale',
      problem: 'the directory does not exist or cannot be read',
    });
    expect(versions(registry)).toEqual(before);
    await rename(join(scratch, 'gone'), directory);
    await putRegistry(entry('assessments/A'));
    expect(await registry.refresh()).toMatchObject({ status: 'ready', problem: null, problems: [] });
    expect(Object.keys(versions(registry))).toEqual(['assessments/A']);
  });

  it('may be missing at start, which is told, and is found soon after it is there', async () => {
    await rename(directory, join(scratch, 'later'));
    const registry = registryAt(directory, 3600);
    registry.onModuleInit();
    await waitFor(() => registry.state().status === 'unavailable');
    expect(await registry.whenReady({ timeoutMs: 1 })).toBe(false);
    await rename(join(scratch, 'later'), directory);
    expect(await registry.whenReady({ timeoutMs: 60_000 })).toBe(true);
    expect(registry.state().status).toBe('ready');
  });

  it.each<[string, RegExp, () => Promise<void>]>([
    ['has no folder', /no such folder/, () => rm(join(directory, 'assessments/A'), { recursive: true })],
    ['has no earthmover.yaml', /no earthmover.yaml/, () => rm(join(directory, 'assessments/A/earthmover.yaml'))],
    [
      'has a link to a file',
      /neither a file nor a folder/,
      () => symlink('/etc/hostname', join(directory, 'assessments/A/seed.csv')),
    ],
    [
      'is a link to a folder',
      /behind a link/,
      async () => {
        await rename(join(directory, 'assessments'), join(scratch, 'elsewhere'));
        await symlink(join(scratch, 'elsewhere'), join(directory, 'assessments'));
      },
    ],
    ['is too large', /bytes/, () => put('assessments/A/seeds/big.csv', 'x'.repeat(65 * 1024 * 1024))],
  ])('is refused when a bundle %s', async (_, problem, change) => {
    await change();
    const registry = registryAt(directory);
    expect(await registry.refresh()).toMatchObject({ status: 'unavailable', problem: expect.stringMatching(problem) as string });
  });

  it('may be a link itself, as a mounted volume is', async () => {
    await symlink(directory, join(scratch, 'current'));
    const registry = registryAt(join(scratch, 'current'));
    expect(await registry.refresh()).toMatchObject({ status: 'ready' });
  });

  it('is the one of the demo, of which nothing is read twice', async () => {
    const registry = registryAt(join(__dirname, '../../bundles'));
    expect(await registry.refresh()).toMatchObject({ status: 'ready', problem: null });
    const bundles = registry.list();
    expect(bundles.length).toBeGreaterThanOrEqual(2);
    await registry.refresh();
    registry.list().forEach((bundle, index) => expect(bundle).toBe(bundles[index]));
  });
});

describe('a registry in a git repository', () => {
  const git = (...args: string[]): string => {
    const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgsign=false'];
    return execFileSync('git', ['-C', directory, ...identity, ...args], { encoding: 'utf8', stdio: 'pipe' }).trim();
  };
  const commit = (message: string): string => {
    git('add', '-A');
    git('commit', '-qm', message);
    return git('rev-parse', 'HEAD');
  };
  /** What is left of work trees; nothing else has a reason to be here. */
  const leftovers = async (): Promise<string[]> =>
    (await readdir(scratch)).filter((name) => name.startsWith('slipway-registry-'));

  let first: string;

  afterEach(() => jest.restoreAllMocks());
  beforeEach(() => {
    jest.spyOn(os, 'tmpdir').mockReturnValue(scratch);
    git('init', '-q', '-b', 'main');
    first = commit('first');
  });

  it('is read at its default branch, whose commit is the version of every bundle', async () => {
    const registry = registryAt(`file://${directory}`);
    expect(await registry.refresh()).toMatchObject({ status: 'ready', version: first });
    expect(versions(registry)).toEqual({ 'assessments/B': first, 'assessments/A': first });
    const bundle = registry.find('assessments/A')!;
    expect([...(await unpackBundle(bundle.archive, first)).keys()]).toContain('packages/shared/earthmover.yaml');
    expect(await leftovers()).toEqual([]);
  });

  it('follows a branch, and stays on a tag', async () => {
    git('tag', '-a', 'v1', '-m', 'first release');
    git('branch', 'stable');
    const [main, stable, tag] = ['main', 'stable', 'v1'].map((ref) => registryAt(`file://${directory}#${ref}`));
    const all = [main!, stable!, tag!];
    await Promise.all(all.map((registry) => registry.refresh()));
    await putRegistry(entry('assessments/A'));
    const second = commit('second');
    await Promise.all(all.map((registry) => registry.refresh()));
    expect(all.map((registry) => registry.state().version)).toEqual([second, first, first]);
    expect(all.map((registry) => registry.list().length)).toEqual([1, 2, 2]);
  });

  it('takes a branch before a tag of the same name, and a bare repository by its path', async () => {
    git('tag', 'both');
    await putRegistry(entry('assessments/A'));
    git('checkout', '-qb', 'both');
    const second = commit('second');
    git('clone', '-q', '--bare', directory, join(scratch, 'bare.git'));
    const registry = registryAt(`${join(scratch, 'bare.git')}#both`);
    expect(await registry.refresh()).toMatchObject({ status: 'ready', version: second });
  });

  it('keeps the last good commit when the next is bad, when the branch goes and when the repository does', async () => {
    const registry = registryAt(`file://${directory}#main`);
    await registry.refresh();
    await put('registry.json', '[]');
    commit('bad');
    expect(await registry.refresh()).toMatchObject({ status: 'stale', version: first });
    git('branch', '-m', 'main', 'trunk');
    expect(await registry.refresh()).toMatchObject({
      status: 'stale',
      version: first,
      problem: 'the repository has no branch or tag named main',
    });
    await rename(directory, join(scratch, 'gone'));
    expect(await registry.refresh()).toMatchObject({ status: 'stale', version: first });
    expect(registry.list()).toHaveLength(2);
    expect(await leftovers()).toEqual([]);
  });

  it('runs no hook and follows no link out of the repository', async () => {
    await put('.git/hooks/post-checkout', `#!/bin/sh\ntouch ${join(scratch, 'hooked')}\n`);
    execFileSync('chmod', ['+x', join(directory, '.git/hooks/post-checkout')]);
    const registry = registryAt(`file://${directory}`);
    await registry.refresh();
    expect(await readdir(scratch)).toEqual(['registry']);
    await symlink('/etc/hostname', join(directory, 'assessments/A/seed.csv'));
    commit('a link');
    expect(await registry.refresh()).toMatchObject({ status: 'stale', version: first });
  });

  it('is never an option of git', async () => {
    for (const source of [
      `--upload-pack=touch ${join(scratch, 'hacked')}#main`,
      `file://${directory}#--upload-pack=touch ${join(scratch, 'hacked')}`,
    ])
      expect(await registryAt(source).refresh()).toMatchObject({ status: 'unavailable' });
    expect(await readdir(scratch)).toEqual(['registry']);
  });

  it('shows no credentials, in its name or in what git says', async () => {
    const registry = registryAt('https://bot:s3cret@localhost:1/bundles.git#main');
    const state = await registry.refresh();
    expect(state).toMatchObject({ status: 'unavailable', source: 'https://***@localhost:1/bundles.git#main' });
    expect(JSON.stringify(state)).not.toContain('s3cret');
  });
});
