import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readlink, stat, symlink, unlink } from 'node:fs/promises';
import * as path from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** An operating system user. `undefined` wherever one is optional means: the user this process runs as. */
export interface Account {
  uid: number;
  gid: number;
}

/** Where the data, the log and, if need be, a copy of the programs are kept, and who Postgres runs as there. */
export interface Place {
  home: string;
  account: Account | undefined;
}

/** Programs get no more of our environment than this: `PGPORT` and the like would change what they do. */
const ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** The options to start a program as `account`. The working directory is one that any user can enter. */
export function spawnOptionsFor(account: Account | undefined, extraEnvironment: Record<string, string> = {}) {
  return { cwd: '/', env: { ...ENVIRONMENT, ...extraEnvironment }, ...account };
}

/** Runs a program to its end. Rejects with what it wrote to stderr when it fails or cannot be started. */
export async function run(program: string, args: string[], account: Account | undefined): Promise<string> {
  const { stdout } = await execute(program, args, spawnOptionsFor(account));
  return stdout.trim();
}

export async function chownTo(account: Account | undefined, ...paths: string[]): Promise<void> {
  if (account) await Promise.all(paths.map((each) => chown(each, account.uid, account.gid)));
}

/**
 * Decides where Postgres lives. That is `directory`, except for root: Postgres refuses to run as root, so it runs as whoever
 * owns the data already or else as `nobody`, and if that user cannot pass through the folders above (a repository in `/root`,
 * say), the data is put under `/var/lib/slipway` and `directory/relocated` points there.
 *
 * @param directory absolute; made when it is not there
 */
export async function choosePlace(directory: string): Promise<Place> {
  await mkdir(directory, { recursive: true });
  if (process.getuid?.() !== 0) return { home: directory, account: undefined };

  const link = path.join(directory, 'relocated');
  const relocated = await readlink(link).catch(() => undefined);
  const home = relocated !== undefined && (await exists(relocated)) ? relocated : directory;
  const account = (await ownerOf(path.join(home, 'data'))) ?? (await nobody());
  await chmod(home, 0o711);
  if (await canEnter(home, account)) return { home, account };

  const base = '/var/lib/slipway';
  await mkdir(base, { recursive: true, mode: 0o755 });
  const elsewhere = await mkdtemp(path.join(base, 'postgres-'));
  await chmod(elsewhere, 0o711);
  if (!(await canEnter(elsewhere, account))) {
    throw new Error(
      `Postgres does not run as root, and the user it would run as (uid ${account.uid}) can enter neither ${directory} nor ${base}. ` +
        'Start as another user, choose another SLIPWAY_LOCAL_DIR, or set DATABASE_URL.',
    );
  }
  await unlink(link).catch(() => undefined);
  await symlink(elsewhere, link);
  return { home: elsewhere, account };
}

export async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

async function ownerOf(file: string): Promise<Account | undefined> {
  const found = await stat(file).catch(() => undefined);
  return found && found.uid !== 0 ? { uid: found.uid, gid: found.gid } : undefined;
}

async function nobody(): Promise<Account> {
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (option) => Number(await run('id', [option, 'nobody'], undefined))),
  );
  return { uid: uid!, gid: gid! };
}

/** Asked of the system itself, as the user in question, because modes alone don't tell (access control lists, user namespaces). */
async function canEnter(directory: string, account: Account): Promise<boolean> {
  return run('/bin/sh', ['-c', 'test -x "$1"', 'sh', directory], account).then(
    () => true,
    () => false,
  );
}
