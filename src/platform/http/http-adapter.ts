import type { NestApplicationOptions } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { createServer, type Server } from 'node:http';
import { answerClientErrors } from './client-errors';

/** A token of 16,384 bytes has to get through to be judged, with room for the other headers (Node's default is 16 KiB in all). */
const MAX_HEADER_BYTES = 64 * 1024;

/** How slow a client may be; one that is slower is answered 408 and cut off. */
export interface HttpPatience {
  /** For a request's headers. */
  readonly headersMs: number;
  /** For all of a request. */
  readonly requestMs: number;
  /** How often it is looked whether a request took too long; it may take this much longer. */
  readonly checkMs: number;
}

/** Enough for 256 KiB over a bad line; Node's own check, every 30 s, would let a client take half a minute more. */
const PATIENCE: HttpPatience = { headersMs: 15_000, requestMs: 60_000, checkMs: 5_000 };
/** Longer than the usual 60 s of load balancers, so that they close idle connections first. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
const IDLE_SWEEP_MS = 50;

/** Express on a Node server with our limits; what Node refuses before Express sees it is answered as a problem too. */
export class HttpAdapter extends ExpressAdapter {
  constructor(private readonly patience: HttpPatience = PATIENCE) {
    super();
  }

  override initHttpServer(_options: NestApplicationOptions): void {
    const server: Server = createServer(
      {
        maxHeaderSize: MAX_HEADER_BYTES,
        headersTimeout: this.patience.headersMs,
        requestTimeout: this.patience.requestMs,
        connectionsCheckingInterval: this.patience.checkMs,
        keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      },
      this.getInstance(),
    );
    answerClientErrors(server, MAX_HEADER_BYTES);
    this.httpServer = server as unknown as typeof this.httpServer;
  }

  /** Stops listening and waits for what is under way. */
  override async close(): Promise<void> {
    // Node closes the connections that are idle at this moment; those that become idle after an answer would hold us up until
    // their keep-alive ends.
    const sweep = setInterval(() => (this.httpServer as Server).closeIdleConnections(), IDLE_SWEEP_MS);
    try {
      await super.close();
    } finally {
      clearInterval(sweep);
    }
  }
}
