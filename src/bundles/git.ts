import { spawn } from 'node:child_process';
import { subprocessEnvironment } from '../platform/config/subprocess-environment';
import { redactCredentials } from './registry-source';

/** git did not do what it was asked; the message is git's own last word, without credentials. */
export class GitError extends Error {
  constructor(message: string) {
    super(redactCredentials(message));
    this.name = 'GitError';
  }
}

export interface GitRepository {
  readonly url: string;
  /** A branch or tag; null: the default branch. */
  readonly ref: string | null;
}

/** A registry of tens of megabytes over a slow line takes less. */
const TIMEOUT_MS = 120_000;
const MAX_OUTPUT_BYTES = 1024 * 1024;

/**
 * What every call of git has: no hooks, filters or helpers that a repository could bring along, files as they are in the
 * repository, and an end to a line that stands still.
 */
const CONFIG = [
  ['core.hooksPath', '/dev/null'],
  ['core.autocrlf', 'false'],
  ['core.fsmonitor', 'false'],
  ['gc.auto', '0'],
  ['submodule.recurse', 'false'],
  ['fetch.recurseSubmodules', 'false'],
  ['init.defaultBranch', 'registry'],
  ['advice.detachedHead', 'false'],
  ['http.lowSpeedLimit', '1000'],
  ['http.lowSpeedTime', '30'],
].flatMap(([name, value]) => ['-c', `${name}=${value}`]);

const ENVIRONMENT = {
  // Without it git waits for somebody to type a password.
  GIT_TERMINAL_PROMPT: '0',
  GIT_ALLOW_PROTOCOL: 'https:ssh:file',
  GIT_SSH_COMMAND: 'ssh -o BatchMode=yes -o ConnectTimeout=10',
  GIT_LFS_SKIP_SMUDGE: '1',
  LC_ALL: 'C',
};

interface RemoteRef {
  /** The ref's full name, such as `refs/tags/v1`, or HEAD. */
  readonly name: string;
  readonly commit: string;
}

/**
 * Asks the remote where the branch or tag is; transfers no files.
 *
 * @returns a branch before a tag of the same name, as `git clone --branch` does; for an annotated tag the commit it names.
 * @throws GitError when the remote cannot be reached or has no such ref.
 */
export async function findRemoteRef({ url, ref }: GitRepository, signal: AbortSignal): Promise<RemoteRef> {
  const names = ref === null ? ['HEAD'] : [`refs/heads/${ref}`, `refs/tags/${ref}`];
  const listing = await git(['ls-remote', '--', url, ...names, ...names.map((name) => `${name}^{}`)], signal);
  const commits = new Map(
    listing.split('\n').flatMap((line) => {
      const [commit, name] = line.split('\t');
      return commit && name ? [[name, commit] as const] : [];
    }),
  );
  for (const name of names) {
    const commit = commits.get(`${name}^{}`) ?? commits.get(name);
    if (commit !== undefined) return { name, commit };
  }
  throw new GitError(ref === null ? 'the repository is empty' : `the repository has no branch or tag named ${ref}`);
}

/**
 * Puts the files of one ref into a directory, without history, submodules or a `.git` of its own.
 *
 * @param name the ref's full name, as `findRemoteRef` gives it.
 * @param directory empty, and the caller's to remove.
 * @returns the commit whose files these are; another than `findRemoteRef` told where the branch has moved since.
 */
export async function checkOut(
  url: string,
  name: string,
  directory: string,
  gitDirectory: string,
  signal: AbortSignal,
): Promise<string> {
  const here = [`--git-dir=${gitDirectory}`];
  await git(['init', '--quiet', '--bare', '--template=', '--', gitDirectory], signal);
  await git([...here, 'fetch', '--quiet', '--depth=1', '--no-tags', '--no-recurse-submodules', '--', url, name], signal);
  const commit = (await git([...here, 'rev-parse', '--verify', 'FETCH_HEAD^{commit}'], signal)).trim();
  await git(
    [...here, '-c', 'core.bare=false', `--work-tree=${directory}`, 'checkout', '--quiet', '--force', commit, '--', '.'],
    signal,
  );
  return commit;
}

/** Runs git to its end and gives its output. It has no terminal, and it and its helpers are ended at the deadline or by the signal. */
function git(args: readonly string[], signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new GitError('git was stopped'));
    // A process group of its own, so that git's helpers (git-remote-https, ssh) end with it.
    const child = spawn('git', [...CONFIG, ...args], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: subprocessEnvironment(ENVIRONMENT),
    });
    let problem: string | null = null;
    const stop = (why: string): void => {
      problem ??= why;
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has just ended.
      }
    };
    const onAbort = (): void => stop('git was stopped');
    const timer = setTimeout(() => stop(`git did not finish within ${TIMEOUT_MS / 1000} s`), TIMEOUT_MS);
    signal.addEventListener('abort', onAbort, { once: true });

    const output: Buffer[] = [];
    let errors = '';
    let bytes = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MAX_OUTPUT_BYTES) stop('git answered with too much');
      else output.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-4096)));

    const settle = (settled: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      settled();
    };
    child.on('error', (error: NodeJS.ErrnoException) => {
      const message = error.code === 'ENOENT' ? 'the program git is not installed' : `git could not be started: ${error.message}`;
      settle(() => reject(new GitError(message)));
    });
    child.on('close', (code) =>
      settle(() => {
        if (problem === null && code === 0) resolve(Buffer.concat(output).toString());
        else reject(new GitError(problem ?? lastWord(errors) ?? `git ended with code ${code}`));
      }),
    );
  });
}

/** The line in which git says what is wrong, among hints and progress. */
function lastWord(errors: string): string | undefined {
  const lines = errors.split('\n').filter((line) => line.trim() !== '');
  return (lines.find((line) => /^(fatal|error|ERROR):/.test(line)) ?? lines.at(-1))?.trim();
}
