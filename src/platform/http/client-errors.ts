import { ServerResponse, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { v7 as uuidv7 } from 'uuid';
import { Problem } from '../problem/problem';
import { PROBLEMS } from '../problem/problem-codes';
import { problemBody } from '../problem/problem.filter';

/** How long a client has to read an answer after which it is cut off, whatever it goes on sending. */
const LINGER_MS = 1_000;

/** Answers as problems, too, what Node refuses before the application sees it: what is no HTTP, too large, or too slow. */
export function answerClientErrors(server: Server, maxHeaderBytes: number): void {
  const latest = new WeakMap<Socket, ServerResponse>();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => latest.set(request.socket, response));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const response = latest.get(socket);
    // An answer that has begun, or came before all of its request did, must not be followed by another one.
    const answered = response?.headersSent && !(response.req.complete && response.writableFinished);
    if (!socket.writable || error.code === 'ECONNRESET' || answered) socket.destroy();
    else answer(socket, toProblem(error, maxHeaderBytes));
  });
}

function toProblem({ code }: NodeJS.ErrnoException, maxHeaderBytes: number): Problem {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new Problem('headers_too_large', `The headers are over ${maxHeaderBytes / 1024} KiB in all.`);
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Problem('request_timeout', 'The request came too slowly.');
    default:
      return new Problem('invalid_request', 'The request is not valid HTTP.');
  }
}

const REASONS = { 400: 'Bad Request', 408: 'Request Timeout', 431: 'Request Header Fields Too Large' } as const;

function answer(socket: Socket, problem: Problem): void {
  const id = uuidv7();
  const body = JSON.stringify(problemBody(problem, id));
  const status = PROBLEMS[problem.code].status as keyof typeof REASONS;
  socket.end(
    [
      `HTTP/1.1 ${status} ${REASONS[status]}`,
      'Content-Type: application/problem+json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      `X-Request-Id: ${id}`,
      'Cache-Control: no-store',
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
  // Not at once: with unread bytes of the client the answer could be lost.
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}
