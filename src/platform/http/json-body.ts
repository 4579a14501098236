import { json, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { isUtf8 } from 'node:buffer';
import { Problem } from '../problem/problem';

export const MAX_BODY_BYTES = 256 * 1024;

const NOT_UTF8 = 'body.not.utf8';

const parse = json({
  limit: MAX_BODY_BYTES,
  // `[]` and `"x"` are JSON too: that they are the wrong shape is said later, after the token was looked at.
  strict: false,
  type: (request) => isJson(request) || isUndescribed(request),
  verify: (_request, _response, body) => {
    if (!isUtf8(body)) throw Object.assign(new Error('not UTF-8'), { status: 400, type: NOT_UTF8 });
  },
});

/** Reads a JSON body of limited size. A body of another media type is refused, and no body at all is fine. */
export const jsonBody: RequestHandler = (request: Request, response: Response, next: NextFunction) => {
  // What takes forms has read its body.
  if (request.body !== undefined) return next();
  if (hasBody(request) && !isJson(request) && !isUndescribed(request)) {
    next(new Problem('unsupported_media_type', 'The body must be JSON: send it with the header Content-Type: application/json.'));
    return;
  }
  parse(request, response, (error?: unknown) => next(error === undefined ? undefined : toProblem(error)));
};

function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/**
 * A chunked body without a type: many clients send an empty one with every POST, which is no body to us. Whether it is empty
 * shows only when it is read, so it is read as JSON.
 */
function isUndescribed({ headers }: { headers: Request['headers'] }): boolean {
  return headers['content-type'] === undefined && headers['transfer-encoding'] !== undefined;
}

/** `application/json` and its kin by the suffix of RFC 6839, whatever the parameters. */
function isJson({ headers }: { headers: Request['headers'] }): boolean {
  return /^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(headers['content-type'] ?? '');
}

/** body-parser's errors, by their documented `type`. */
export function toProblem(error: unknown): unknown {
  switch ((error as { type?: string }).type) {
    case 'entity.too.large':
      return new Problem('payload_too_large', `The body is over ${MAX_BODY_BYTES / 1024} KiB.`);
    case 'entity.parse.failed':
      return new Problem('malformed_json', 'The body is not valid JSON.');
    case NOT_UTF8:
      return new Problem('malformed_json', 'The body is not valid UTF-8.');
    case 'charset.unsupported':
    case 'encoding.unsupported':
      return new Problem('unsupported_media_type', 'The body must be JSON in UTF-8, not compressed or with gzip, deflate or br.');
    case 'request.aborted':
    case 'request.size.invalid':
      return new Problem('malformed_json', 'The body ended before its Content-Length.');
    default:
      // A body that does not decompress comes as zlib's own error.
      return (error as { status?: number }).status === 400 ? new Problem('malformed_json', 'The body cannot be read.') : error;
  }
}
