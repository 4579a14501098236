import { constants } from 'node:fs';
import { lstat, open, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { MAX_BUNDLE_BYTES, MAX_BUNDLE_FILES, type BundleFiles } from './bundle-archive';
import { InvalidRegistryError } from './registry-document';

export interface ListedFile {
  /** From the registry's root, with forward slashes. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Changes when the file does, as far as the file system tells. */
  readonly stamp: string;
  readonly changedAtMs: number;
}

/** Sample inputs and what a run by hand leaves behind: not part of a bundle. */
const LEFT_OUT: ReadonlySet<string> = new Set(['data', 'output']);
const PACKAGES = 'packages';

/**
 * Lists what a bundle runs with: its folder and the registry's packages, each without `data/`, `output/` and hidden files.
 *
 * @param root the registry's real path.
 * @throws InvalidRegistryError where the bundle is no bundle, is too large, or holds a link: a link could bring any file of this
 *   machine into a partner's outputs.
 */
export async function listBundleFiles(root: string, bundlePath: string): Promise<ListedFile[]> {
  const folder = join(root, bundlePath);
  const real = await realpath(folder).catch(() => null);
  if (real === null) throw new InvalidRegistryError([`${bundlePath} is listed, but there is no such folder`]);
  if (real !== folder) throw new InvalidRegistryError([`${bundlePath} is or lies behind a link, which is not allowed`]);

  const found = new Map<string, ListedFile>();
  await walk(root, bundlePath, found, true);
  if (!found.has(`${bundlePath}/earthmover.yaml`)) throw new InvalidRegistryError([`${bundlePath} has no earthmover.yaml`]);
  for (const name of await packageNames(root)) await walk(root, `${PACKAGES}/${name}`, found, true);

  const files = [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  if (bytes > MAX_BUNDLE_BYTES) throw new InvalidRegistryError([`${bundlePath} has more than ${MAX_BUNDLE_BYTES} bytes`]);
  return files;
}

async function packageNames(root: string): Promise<string[]> {
  const stats = await lstat(join(root, PACKAGES)).catch(() => null);
  if (stats === null) return [];
  if (!stats.isDirectory()) throw new InvalidRegistryError([`${PACKAGES} is not a folder`]);
  return (await readdir(join(root, PACKAGES))).filter((name) => !isHidden(name));
}

async function walk(root: string, path: string, found: Map<string, ListedFile>, top: boolean): Promise<void> {
  const stats = await lstat(join(root, path), { bigint: true });
  if (stats.isFile()) {
    if (found.size >= MAX_BUNDLE_FILES) throw new InvalidRegistryError([`${path} is one of more than ${MAX_BUNDLE_FILES} files`]);
    const stamp = `${stats.ino}:${stats.mtimeNs}:${stats.ctimeNs}`;
    found.set(path, {
      path,
      size: Number(stats.size),
      stamp,
      changedAtMs: Number(stats.mtimeMs > stats.ctimeMs ? stats.mtimeMs : stats.ctimeMs),
    });
  } else if (stats.isDirectory()) {
    const names = (await readdir(join(root, path))).filter((name) => !isHidden(name) && !(top && LEFT_OUT.has(name)));
    for (const name of names) await walk(root, `${path}/${name}`, found, false);
  } else {
    throw new InvalidRegistryError([`${path} is neither a file nor a folder, which is not allowed`]);
  }
}

/** Reads the files; a file that became a link since it was listed is an error. */
export async function readFiles(root: string, files: readonly ListedFile[]): Promise<BundleFiles> {
  const contents = new Map<string, Buffer>();
  let bytes = 0;
  for (const { path } of files) {
    const handle = await open(join(root, path), constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      const content = await handle.readFile();
      bytes += content.length;
      if (bytes > MAX_BUNDLE_BYTES) throw new InvalidRegistryError([`${path} grew beyond ${MAX_BUNDLE_BYTES} bytes`]);
      contents.set(path, content);
    } finally {
      await handle.close();
    }
  }
  return contents;
}

const isHidden = (name: string): boolean => name.startsWith('.');
