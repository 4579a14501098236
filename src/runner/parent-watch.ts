import { spawn } from 'node:child_process';

/**
 * Sees to it that a process ends when this one does, however that ends. The child itself notices that the channel to its parent
 * is closed, but not while it is busy in one long calculation. So a shell waits on a pipe that only this process holds: when it
 * closes, the shell kills the child. Where there is no shell, the child's own noticing has to do.
 *
 * @returns ends the watch; to be called as soon as the child has ended, before its id can be another process's.
 */
export function killWithParent(pid: number): () => void {
  const watch = spawn('/bin/sh', ['-c', 'read _; kill -9 "$0"', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
    // A Ctrl-C in the terminal goes to the whole group; this process then decides itself what to end.
    detached: true,
  });
  watch.on('error', () => undefined);
  watch.stdin.on('error', () => undefined);
  watch.unref();
  return () => void watch.kill('SIGKILL');
}
