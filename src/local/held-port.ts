import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

export interface HeldPort {
  readonly port: number;
  /** From then on somebody can listen on it. May be called again. */
  release(): Promise<void>;
}

/**
 * Takes a port for who will listen on it later, so that nobody else has it by then. Whoever connects meanwhile is let go at once.
 *
 * @param port 0 for any.
 * @throws Error with a message for people where it is in use.
 */
export async function holdPort(host: string, port: number): Promise<HeldPort> {
  const server = createServer((socket) => socket.destroy())
    .listen(port, host)
    .unref();
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new Error(`Port ${port} is in use by another program. Stop it, or set PORT to a free one.`, { cause: error });
  }
  return {
    port: (server.address() as AddressInfo).port,
    release: async () => {
      if (!server.listening) return;
      server.close();
      await once(server, 'close');
    },
  };
}
