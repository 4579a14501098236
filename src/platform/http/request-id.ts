import type { NextFunction, Request, Response } from 'express';
import type {} from 'pino-http';
import { v7 as uuidv7 } from 'uuid';

/** What a caller may give: a token (RFC 9110 §5.6.2 without the odd marks), so that it can be logged and sent back as it is. */
const SANE = /^[A-Za-z0-9._~-]{1,128}$/;

/** Gives every request an id, the caller's own if it is sane, and puts it and `no-store` on every answer. */
export function identifyRequest(request: Request, response: Response, next: NextFunction): void {
  const given = request.headers['x-request-id'];
  const id = typeof given === 'string' && SANE.test(given) ? given : uuidv7();
  request.id = id;
  response.setHeader('X-Request-Id', id);
  response.setHeader('Cache-Control', 'no-store');
  next();
}

/** The id that `identifyRequest` gave; `pino-http` declares the property and logs it. */
export const requestId = (request: Request): string => String(request.id);
