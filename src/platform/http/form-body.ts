import { urlencoded, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { toProblem } from './json-body';

/** A form of ours has one field of some kilobytes. */
const MAX_FORM_BYTES = 64 * 1024;

const parse = urlencoded({ extended: false, limit: MAX_FORM_BYTES, parameterLimit: 10 });

/** Reads a body of `application/x-www-form-urlencoded`; one of another type is left alone. */
export const formBody: RequestHandler = (request: Request, response: Response, next: NextFunction) => {
  parse(request, response, (error?: unknown) => next(error === undefined ? undefined : toProblem(error)));
};
