import type { NestApplicationOptions } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { v7 as uuidv7 } from 'uuid';
import { Problem } from '../problem/problem';
import { PROBLEMS, type ProblemCode } from '../problem/problem-codes';
import { problemBody } from '../problem/problem.filter';

/** A token of 16,384 bytes has to get through to be judged, with room for the other headers (Node's default is 16 KiB in all). */
const MAX_HEADER_BYTES = 64 * 1024;
/** A client that sends its headers or body slower than this is cut off. */
const HEADERS_TIMEOUT_MS = 15_000;
const REQUEST_TIMEOUT_MS = 60_000;
/** Longer than the usual 60 s of load balancers, so that they close idle connections first. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
const IDLE_SWEEP_MS = 50;

/** Express on a Node server with our limits; what Node refuses before Express sees it is answered as a problem too. */
export class HttpAdapter extends ExpressAdapter {
  override initHttpServer(_options: NestApplicationOptions): void {
    const server: Server = createServer(
      {
        maxHeaderSize: MAX_HEADER_BYTES,
        headersTimeout: HEADERS_TIMEOUT_MS,
        requestTimeout: REQUEST_TIMEOUT_MS,
        keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      },
      this.getInstance(),
    );
    server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => answerClientError(error, socket));
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

function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const tooLarge = error.code === 'HPE_HEADER_OVERFLOW';
  const code: ProblemCode = tooLarge ? 'headers_too_large' : 'invalid_request';
  const detail = tooLarge
    ? `The headers are over ${MAX_HEADER_BYTES / 1024} KiB in all.`
    : 'The request is not valid HTTP, or came too slowly.';
  const id = uuidv7();
  const body = JSON.stringify(problemBody(new Problem(code, detail), id));
  const { status } = PROBLEMS[code];
  socket.end(
    [
      `HTTP/1.1 ${status} ${tooLarge ? 'Request Header Fields Too Large' : 'Bad Request'}`,
      'Content-Type: application/problem+json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      `X-Request-Id: ${id}`,
      'Cache-Control: no-store',
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
