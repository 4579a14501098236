import type { Response } from 'express';
import type {} from 'pino-http';

/**
 * Puts fields on whatever is logged of a request from now on, its own line included. It changes the two loggers that pino-http gave
 * the request; `PinoLogger.assign` would make one more at each call, which takes longer than to write the line.
 */
export function addLogFields(response: Response, fields: Readonly<Record<string, string | null>>): void {
  response.req.log.setBindings(fields);
  response.log.setBindings(fields);
}
