import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { extract, pack } from 'tar-stream';

/**
 * The files of one bundle version, by their path in the registry (forward slashes): the bundle's folder and the registry's
 * packages, where they were, and a `registry.json` of this bundle alone.
 */
export type BundleFiles = ReadonlyMap<string, Buffer>;

/** The biggest public bundle has under 1 MB and 60 files. These stop a mistake, or an archive made to fill the disk. */
export const MAX_BUNDLE_BYTES = 64 * 1024 * 1024;
export const MAX_BUNDLE_FILES = 5_000;
/** What tar may add: a header, padding and an extended header for a long name. */
const TAR_OVERHEAD_BYTES = MAX_BUNDLE_FILES * 3 * 512;

const CONTENT_VERSION = 'sha256-';

/** An archive that is not as `packBundle` makes it: damaged, or tampered with. */
export class InvalidArchiveError extends Error {
  constructor(problem: string, cause?: unknown) {
    super(`the bundle's archive ${problem}`, { cause });
    this.name = 'InvalidArchiveError';
  }
}

/** The version of a bundle that no commit names: `sha256-` and the hash of its files' paths and bytes, in the paths' order. */
export function contentVersion(files: BundleFiles): string {
  const hash = createHash('sha256');
  for (const [path, bytes] of inOrder(files)) hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  return CONTENT_VERSION + hash.digest('hex');
}

/** The files as a tar.gz; the same files give the same bytes on the same zlib. */
export async function packBundle(files: BundleFiles): Promise<Buffer> {
  const tar = pack();
  // Each entry waits in memory, so nothing is lost by adding all before reading.
  for (const [name, bytes] of inOrder(files)) tar.entry({ name, mode: 0o644, mtime: new Date(0) }, bytes);
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return promisify(gzip)(Buffer.concat(chunks));
}

/**
 * Reads an archive into memory and trusts nothing in it: only plain files with safe relative paths, within the limits.
 *
 * @param version where it is a content hash, the files have to match it.
 * @throws InvalidArchiveError
 */
export async function unpackBundle(archive: Buffer, version: string): Promise<BundleFiles> {
  const files = new Map<string, Buffer>();
  for await (const { name, type, bytes } of entries(await inflate(archive))) {
    if (type !== 'file') throw new InvalidArchiveError(`holds something other than files: ${name}`);
    if (!isSafePath(name)) throw new InvalidArchiveError(`holds a path that is not allowed: ${name}`);
    if (files.has(name)) throw new InvalidArchiveError(`holds ${name} twice`);
    if (files.size >= MAX_BUNDLE_FILES) throw new InvalidArchiveError(`holds more than ${MAX_BUNDLE_FILES} files`);
    files.set(name, bytes);
  }
  if (version.startsWith(CONTENT_VERSION) && contentVersion(files) !== version)
    throw new InvalidArchiveError('does not hold the files that its version names');
  return files;
}

async function inflate(archive: Buffer): Promise<Buffer> {
  try {
    return await promisify(gunzip)(archive, { maxOutputLength: MAX_BUNDLE_BYTES + TAR_OVERHEAD_BYTES });
  } catch (cause) {
    throw new InvalidArchiveError('is damaged or too large', cause);
  }
}

async function* entries(tar: Buffer): AsyncGenerator<{ name: string; type: string; bytes: Buffer }> {
  const reader = extract();
  reader.end(tar);
  try {
    for await (const entry of reader) {
      const chunks: Buffer[] = [];
      for await (const chunk of entry) chunks.push(chunk as Buffer);
      yield { name: entry.header.name, type: entry.header.type ?? 'file', bytes: Buffer.concat(chunks) };
    }
  } catch (cause) {
    throw cause instanceof InvalidArchiveError ? cause : new InvalidArchiveError('is damaged', cause);
  }
}

/** A relative path that cannot leave the directory in which it is created. */
function isSafePath(path: string): boolean {
  return !/[\\\0]/.test(path) && path.split('/').every((segment) => segment !== '' && segment !== '.' && segment !== '..');
}

function inOrder(files: BundleFiles): [string, Buffer][] {
  return [...files].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
