import { createHash } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoadedBundle } from './bundle';
import { readAbout } from './bundle-about';
import { contentVersion, packBundle, type BundleFiles } from './bundle-archive';
import { checkLimits, listBundle, listPackages, readFiles, type ListedFile } from './bundle-files';
import { InvalidRegistryError, parseRegistryDocument, type RegistryEntry } from './registry-document';

/** A registry that was read and checked as a whole. */
export interface LoadedRegistry {
  /** The commit, or a hash over the bundles' versions. */
  readonly version: string;
  /** By path, in the registry's order. */
  readonly bundles: ReadonlyMap<string, LoadedBundle>;
  /** What each bundle looked like on disk, so that the next reading can leave out what did not change. */
  readonly signatures: ReadonlyMap<string, string>;
}

/** `${STUDENT_ID_NAME}` or `$STUDENT_ID_NAME` as Python's `string.Template` finds it; `$$` is an escaped dollar sign. */
const STUDENT_ID_NAME = /(?<!\$)\$(\{STUDENT_ID_NAME\}|STUDENT_ID_NAME(?![A-Za-z0-9_]))/;

/**
 * Reads `registry.json` and every bundle that it lists.
 *
 * @param commit the version of all bundles; null: each has the hash of its content, so that one changes without the others.
 * @param previous what an earlier call gave for the same directory; bundles that look the same on disk are not read again.
 * @throws InvalidRegistryError with all faults; one faulty bundle refuses the registry as a whole, see docs/bundle-registry.md.
 */
export async function loadRegistry(
  directory: string,
  commit: string | null,
  previous: LoadedRegistry | null,
): Promise<LoadedRegistry> {
  // A mounted registry is often a link that is switched as a whole; all of it is read from one side of the switch.
  const root = await realpath(directory).catch(() => {
    throw new InvalidRegistryError(['the directory does not exist or cannot be read']);
  });
  const document = await readFile(join(root, 'registry.json'), 'utf8').catch(() => {
    throw new InvalidRegistryError(['there is no registry.json, or it cannot be read']);
  });
  const entries = parseRegistryDocument(document);
  const readAt = Date.now();
  const packages = await listPackages(root);
  const faults: string[] = [];
  const bundles = new Map<string, LoadedBundle>();
  const signatures = new Map<string, string>();
  for (const entry of entries) {
    try {
      const listed = await listFor(root, entry.path, packages);
      const signature = signatureOf(entry, listed, readAt);
      const unchanged = signature !== null && previous?.signatures.get(entry.path) === signature;
      const known = unchanged ? previous?.bundles.get(entry.path) : undefined;
      bundles.set(entry.path, known ?? (await loadBundle(root, entry, listed, commit)));
      if (signature !== null) signatures.set(entry.path, signature);
    } catch (error) {
      if (!(error instanceof InvalidRegistryError)) throw error;
      faults.push(...error.faults);
    }
  }
  if (faults.length > 0) throw new InvalidRegistryError(faults);
  return { version: commit ?? versionOf(bundles), bundles, signatures };
}

/** What the bundle runs with, in the order of the paths; a bundle may itself be in `packages`. */
async function listFor(root: string, bundlePath: string, packages: readonly ListedFile[]): Promise<ListedFile[]> {
  const files = [...packages, ...(await listBundle(root, bundlePath))];
  const byPath = new Map(files.map((file) => [file.path, file]));
  checkLimits(bundlePath, [...byPath.values()]);
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function loadBundle(
  root: string,
  entry: RegistryEntry,
  listed: readonly ListedFile[],
  commit: string | null,
): Promise<LoadedBundle> {
  const files = new Map(await readFiles(root, listed));
  const params = entry.input_params ?? [];
  const listsStudentIdName = [...params, ...entry.input_files].some((input) => input.env_var === 'STUDENT_ID_NAME');
  // The metadata belongs to the version: a job is checked against both, and must be able to see later against what.
  files.set('registry.json', Buffer.from(`${JSON.stringify({ assessments: [entry] }, null, 2)}\n`));
  return {
    path: entry.path,
    displayName: entry.display_name,
    version: commit ?? contentVersion(files),
    files: entry.input_files.map((file) => ({
      envVar: file.env_var,
      displayName: file.display_name,
      required: file.is_required,
      fileTypes: [...new Set(file.file_type.map((type) => type.toLowerCase()))],
    })),
    params: params.map((param) => ({
      envVar: param.env_var,
      displayName: param.display_name,
      required: param.is_required,
      ...(param.allowed_values ? { allowedValues: param.allowed_values } : {}),
    })),
    acceptsStudentIdName: !listsStudentIdName && usesStudentIdName(entry.path, files),
    archive: await packBundle(files),
    about: readAbout(
      entry.path,
      files,
      entry.input_files.map((file) => file.env_var),
    ),
  };
}

function usesStudentIdName(bundlePath: string, files: BundleFiles): boolean {
  return [...files].some(
    ([path, bytes]) =>
      path.startsWith(`${bundlePath}/`) && /\.ya?ml$/i.test(path) && STUDENT_ID_NAME.test(bytes.toString('utf8')),
  );
}

/** A file system's clock ticks coarsely: a file changed this shortly before its reading may change again unseen. */
const CLOCK_TICK_MS = 2_000;

/** null: something changed so recently that the same times would not prove the same content. */
function signatureOf(entry: RegistryEntry, files: readonly ListedFile[], readAt: number): string | null {
  if (files.some((file) => file.changedAtMs > readAt - CLOCK_TICK_MS)) return null;
  return createHash('sha256')
    .update(JSON.stringify([entry, files.map(({ path, size, stamp }) => [path, size, stamp])]))
    .digest('hex');
}

function versionOf(bundles: ReadonlyMap<string, LoadedBundle>): string {
  const hash = createHash('sha256');
  for (const { path, version } of bundles.values()) hash.update(`${path}\0${version}\0`);
  return `sha256-${hash.digest('hex')}`;
}
