import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below these the system gives no port to anybody who asks for any, or connects: Linux from 32768 on, macOS and Windows from 49152. */
const [FROM, BELOW] = [15_000, 32_768];

/**
 * A port that nobody listens on now, for a program that has to be told one, or that nobody shall listen on. One that the system picks
 * may be somebody else's by the time that it is used.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FROM, BELOW);
    const server = createServer();
    const isFree = await once(server.listen(port, '127.0.0.1'), 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
