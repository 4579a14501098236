import { readFile } from 'node:fs/promises';

const INTERVAL_MS = 250;
/** What a process has beside its old space: the program, the young generation, stacks and what was freed but not given back. */
const OVERHEAD_MB = 192;

/**
 * Watches the memory that a process really occupies, of which V8's own limit covers only the heap: file buffers are outside
 * it. Linux tells it; elsewhere only V8's limit holds.
 *
 * @param limitMb for what the process holds, beside a fixed allowance for Node itself.
 * @returns ends the watch.
 */
export function watchMemory(pid: number, limitMb: number, onExceeded: () => void): () => void {
  const timer = setInterval(() => {
    residentMb(pid).then(
      (megabytes) => {
        if (megabytes > limitMb + OVERHEAD_MB) onExceeded();
      },
      () => clearInterval(timer),
    );
  }, INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'latin1');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
}
