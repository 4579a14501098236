import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Starts a server on the port that it had at the last start, so that URLs which somebody noted go on working, or on any free
 * one where that is taken.
 *
 * @param start gets a port, 0 for any, and rejects with EADDRINUSE (itself or as the cause) where it is taken.
 */
export async function onLastPort<T>(
  directory: string,
  name: string,
  start: (port: number) => Promise<T>,
  portOf: (server: T) => number,
): Promise<T> {
  const file = join(directory, `${name}.port`);
  const last = Number(await readFile(file, 'utf8').catch(() => '0')) || 0;
  const server = await start(last).catch((error: unknown) => {
    if (last !== 0 && isPortTaken(error)) return start(0);
    throw error;
  });
  await writeFile(file, String(portOf(server)));
  return server;
}

function isPortTaken(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (error as NodeJS.ErrnoException).code === 'EADDRINUSE' || isPortTaken(error.cause);
}
