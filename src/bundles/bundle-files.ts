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
const NOTHING: ReadonlySet<string> = new Set();
const PACKAGES = 'packages';

/**
 * Lists a bundle's own files: its folder without `data/`, `output/` and hidden files.
 *
 * @param root the registry's real path.
 * @throws InvalidRegistryError where the bundle is no bundle, is too large, or holds a link: a link could bring any file of this
 *   machine into a partner's outputs.
 */
export async function listBundle(root: string, bundlePath: string): Promise<ListedFile[]> {
  const folder = join(root, bundlePath);
  const real = await realpath(folder).catch(() => null);
  if (real === null) throw new InvalidRegistryError([`${bundlePath} is listed, but there is no such folder`]);
  if (real !== folder) throw new InvalidRegistryError([`${bundlePath} is or lies behind a link, which is not allowed`]);
  const files = await list(root, bundlePath, LEFT_OUT);
  if (!files.some(({ path }) => path === `${bundlePath}/earthmover.yaml`))
    throw new InvalidRegistryError([`${bundlePath} has no earthmover.yaml`]);
  return files;
}

/**
 * Lists the registry's packages, which any bundle may refer to, each without `data/`, `output/` and hidden files; none where the
 * registry has no `packages` folder.
 *
 * @throws InvalidRegistryError as `listBundle` does.
 */
export async function listPackages(root: string): Promise<ListedFile[]> {
  const stats = await lstat(join(root, PACKAGES)).catch(() => null);
  if (stats === null) return [];
  if (!stats.isDirectory()) throw new InvalidRegistryError([`${PACKAGES} is not a folder`]);
  const names = (await readdir(join(root, PACKAGES))).filter((name) => !isHidden(name));
  const packages = await Promise.all(names.map((name) => list(root, `${PACKAGES}/${name}`, LEFT_OUT)));
  return packages.flat();
}

async function list(root: string, path: string, leftOut: ReadonlySet<string>): Promise<ListedFile[]> {
  const stats = await lstat(join(root, path), { bigint: true });
  if (stats.isFile()) {
    const stamp = `${stats.ino}:${stats.mtimeNs}:${stats.ctimeNs}`;
    return [{ path, size: Number(stats.size), stamp, changedAtMs: Math.max(Number(stats.mtimeMs), Number(stats.ctimeMs)) }];
  }
  if (!stats.isDirectory()) throw new InvalidRegistryError([`${path} is neither a file nor a folder, which is not allowed`]);
  const names = (await readdir(join(root, path))).filter((name) => !isHidden(name) && !leftOut.has(name));
  if (names.length > MAX_BUNDLE_FILES) throw new InvalidRegistryError([`${path} has more than ${MAX_BUNDLE_FILES} files`]);
  const found = await Promise.all(names.map((name) => list(root, `${path}/${name}`, NOTHING)));
  return found.flat();
}

/** @throws InvalidRegistryError when these are more than a bundle may have. */
export function checkLimits(bundlePath: string, files: readonly ListedFile[]): void {
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  if (bytes > MAX_BUNDLE_BYTES) throw new InvalidRegistryError([`${bundlePath} has more than ${MAX_BUNDLE_BYTES} bytes`]);
  // One place is for registry.json.
  if (files.length >= MAX_BUNDLE_FILES) throw new InvalidRegistryError([`${bundlePath} has more than ${MAX_BUNDLE_FILES} files`]);
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
