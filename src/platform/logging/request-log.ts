import { Injectable } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { PinoLogger } from 'nestjs-pino';
import { AsyncLocalStorage } from 'node:async_hooks';
import { requestId } from '../http/request-id';

type LogFields = Record<string, string | null>;

/** What is known so far of the request that is being handled. */
const current = new AsyncLocalStorage<LogFields>();

/** Puts fields on whatever is logged of the request that is being handled from now on, its own line included. */
export function addLogFields(fields: Readonly<LogFields>): void {
  Object.assign(current.getStore() ?? {}, fields);
}

/** For every line of the log: those of the request that it is about, if it is about one. A copy, since pino adds the line's own to it. */
export const requestLogFields = (): LogFields => ({ ...current.getStore() });

/** The path alone: a query may hold a cursor, and a presigned URL that somebody pastes here its signature. */
const pathOf = ({ originalUrl }: Request): string => originalUrl.split('?', 1)[0] ?? '';

/**
 * A line for each request when it ends. Not nestjs-pino's: that makes two loggers for each request and redoes them for each field,
 * which was a seventh of what a job's creation cost the process.
 */
@Injectable()
export class RequestLog {
  constructor(private readonly logger: PinoLogger) {}

  readonly observe = (request: Request, response: Response, next: NextFunction): void => {
    const path = pathOf(request);
    const started = performance.now();
    const fields: LogFields = { reqId: requestId(request) };
    // Asked for every few seconds, and the metrics count them.
    if (!path.startsWith('/health/'))
      // `close` and not `finish`: a client that goes away before its answer is a request too.
      response.once('close', () => {
        const line = { req: { method: request.method, path }, responseTime: Math.round(performance.now() - started) };
        // Who ended the answer may have been at work for another request.
        current.run(fields, () => this.logEnd(response, line));
      });
    current.run(fields, next);
  };

  private logEnd({ statusCode, writableEnded }: Response, line: object): void {
    const level = statusCode >= 500 ? 'error' : 'info';
    this.logger[level]({ ...line, res: { statusCode } }, writableEnded ? 'request completed' : 'request aborted');
  }
}
