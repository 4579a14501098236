import type { IncomingMessage, ServerResponse } from 'node:http';
import { S3Error } from './errors';

const ALLOWED_METHODS = ['GET', 'HEAD', 'PUT'];
const EXPOSED_HEADERS = ['ETag', 'x-amz-version-id', 'x-amz-checksum-sha256'];
const MAX_AGE_SECONDS = 3000;

/**
 * Sets the CORS headers that a bucket open to `allowedOrigins` (`*` for any) answers with, also on errors: a page must be able to
 * read why its upload was refused. A request from elsewhere gets none and is served all the same; the browser keeps its answer.
 */
export function setCorsHeaders(request: IncomingMessage, response: ServerResponse, allowedOrigins: readonly string[]): void {
  const { origin } = request.headers;
  if (allowedOrigins.length > 0)
    response.setHeader('Vary', 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method');
  if (!isAllowed(origin, allowedOrigins)) return;
  response.setHeader('Access-Control-Allow-Origin', origin);
  response.setHeader('Access-Control-Allow-Methods', ALLOWED_METHODS.join(', '));
  response.setHeader('Access-Control-Expose-Headers', EXPOSED_HEADERS.join(', '));
}

/**
 * Answers a preflight (OPTIONS), which is never signed.
 *
 * @throws S3Error AccessForbidden where the origin or method is not allowed, BadRequest where it is no preflight
 */
export function answerPreflight(request: IncomingMessage, response: ServerResponse, allowedOrigins: readonly string[]): void {
  const { origin } = request.headers;
  const method = request.headers['access-control-request-method'];
  if (origin === undefined || method === undefined) {
    throw new S3Error('BadRequest', 'Insufficient information. Origin and Access-Control-Request-Method request headers needed.');
  }
  if (!isAllowed(origin, allowedOrigins) || !ALLOWED_METHODS.includes(method)) {
    throw new S3Error('AccessForbidden', 'CORSResponse: This CORS request is not allowed.');
  }
  const headers = request.headers['access-control-request-headers'];
  if (headers !== undefined) response.setHeader('Access-Control-Allow-Headers', headers);
  response.setHeader('Access-Control-Max-Age', MAX_AGE_SECONDS);
  response.writeHead(200).end();
}

function isAllowed(origin: string | undefined, allowedOrigins: readonly string[]): origin is string {
  return origin !== undefined && (allowedOrigins.includes('*') || allowedOrigins.includes(origin));
}
