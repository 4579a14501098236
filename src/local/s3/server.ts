import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { RequestContext } from './context';
import { answerPreflight, setCorsHeaders } from './cors';
import { S3Error } from './errors';
import { findOperation } from './routes';
import { SigningPolicy, verifySignature } from './signature';
import { ObjectStore } from './store';
import { parseTarget, RequestTarget } from './target';
import { xmlError } from './xml';

export interface LocalS3Options {
  /** Where buckets are kept; made if absent. One running server at a time may use it. */
  directory: string;
  /** 0 takes a free one. */
  port?: number;
  host?: string;
  accessKeyId: string;
  secretAccessKey: string;
  region: string;
  /** Made if absent. */
  buckets: readonly string[];
  /** Origins of pages that may upload and download, `*` for any. */
  corsOrigins?: readonly string[];
  maxClockSkewSeconds?: number;
  /**
   * For tests: sees every request first, and returns true where it takes the request over, be it to answer with a fault, to
   * hang or to drop the connection.
   */
  intercept?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

export interface LocalS3 {
  endpoint: string;
  port: number;
  /** Drops open connections and waits for what runs to end. */
  close(): Promise<void>;
}

/** S3 allows a quarter of an hour between a request's time and its own. */
const DEFAULT_CLOCK_SKEW_SECONDS = 15 * 60;
/** Longer than a client's pool keeps a connection, so that none is closed just as it is used again. */
const KEEP_ALIVE_MS = 65_000;

/**
 * Starts an S3 server for development and tests: path style, Signature V4, versioning always on.
 *
 * @throws the listen error, such as EADDRINUSE
 */
export async function startLocalS3(options: LocalS3Options): Promise<LocalS3> {
  const { directory, port = 0, host = '127.0.0.1', buckets } = options;
  const store = new ObjectStore(directory);
  for (const bucket of buckets) if (!store.hasBucket(bucket)) store.createBucket(bucket);

  const running = new Set<Promise<void>>();
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0 }, (request, response) => {
    if (options.intercept?.(request, response)) return;
    const answer = handle(request, response, store, options).finally(() => running.delete(answer));
    running.add(answer);
  });
  server.on('clientError', answerBrokenRequest);
  server.listen(port, host);
  await once(server, 'listening');

  const address = server.address() as AddressInfo;
  const hostname = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    endpoint: `http://${hostname}:${address.port}`,
    port: address.port,
    close: async () => {
      await stop(server);
      await Promise.all(running);
    },
  };
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}

/** Authenticates and answers one request; never rejects. */
async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  store: ObjectStore,
  options: LocalS3Options,
): Promise<void> {
  const corsOrigins = options.corsOrigins ?? [];
  const requestId = randomUUID();
  const aborter = new AbortController();
  response.on('close', () => aborter.abort());
  response.setHeader('x-amz-request-id', requestId);
  try {
    setCorsHeaders(request, response, corsOrigins);
    if (request.method === 'OPTIONS') return answerPreflight(request, response, corsOrigins);
    const context: RequestContext = {
      store,
      incoming: request,
      response,
      signal: aborter.signal,
      ...authenticate(request, options),
    };
    await findOperation(request.method ?? '', context)(context);
  } catch (error) {
    answerError(request, response, requestId, error);
  }
}

type Authenticated = Pick<RequestContext, 'target' | 'headers' | 'payloadHash' | 'presigned' | 'region'>;

function authenticate(request: IncomingMessage, options: LocalS3Options): Authenticated {
  const target = parseTarget(request.url ?? '');
  const headers = joinedHeaders(request);
  const policy: SigningPolicy = { ...options, maxClockSkewSeconds: options.maxClockSkewSeconds ?? DEFAULT_CLOCK_SKEW_SECONDS };
  const verified = verifySignature({ method: request.method ?? '', target, headers }, policy, new Date());
  return { target, region: options.region, ...verified, headers: verified.presigned ? withHoisted(headers, target) : headers };
}

/** Not `request.headers`: that drops the second of two `Authorization` headers, which must not pass unseen. */
function joinedHeaders({ rawHeaders }: IncomingMessage): Map<string, string> {
  const headers = new Map<string, string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const value = (rawHeaders[index + 1] ?? '').trim();
    const earlier = headers.get(name);
    headers.set(name, earlier === undefined ? value : `${earlier},${value}`);
  }
  return headers;
}

/** Presigners put `x-amz-*` headers into the query ("hoist" them), where they are covered by the signature as well. */
function withHoisted(headers: ReadonlyMap<string, string>, target: RequestTarget): Map<string, string> {
  const hoisted = target.query.map(([name, value]) => [name.toLowerCase(), value] as const);
  return new Map([...hoisted.filter(([name]) => name.startsWith('x-amz-')), ...headers]);
}

function answerError(request: IncomingMessage, response: ServerResponse, requestId: string, error: unknown): void {
  if (response.headersSent || response.destroyed || request.socket.destroyed) {
    // Too late to say anything: a cut connection is the one sign left that the answer is not whole.
    response.destroy();
    return;
  }
  const known =
    error instanceof S3Error ? error : new S3Error('InternalError', error instanceof Error ? error.message : String(error));
  const body = Buffer.from(
    xmlError([
      ['Code', known.code],
      ['Message', known.message],
      ...Object.entries(known.details),
      ['Resource', request.url?.split('?')[0] ?? ''],
      ['RequestId', requestId],
    ]),
  );
  response
    .writeHead(known.status, { 'Content-Type': 'application/xml', ...known.headers, 'Content-Length': body.length })
    .end(body);
  // What is left of the body is read and thrown away: a client that still sends would else not come to read the answer.
  request.resume();
}

/** What node cannot parse never becomes a request; a body that ends before its Content-Length is the one case with an S3 code. */
function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const code = error.code === 'HPE_INVALID_EOF_STATE' ? 'IncompleteBody' : 'BadRequest';
  const body = xmlError([
    ['Code', code],
    ['Message', 'The request ended early or could not be read'],
  ]);
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nContent-Type: application/xml\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  );
}
