import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { StorageUnavailableError } from '../object-store/storage-unavailable.error';
import { isDatabaseUnavailable } from '../database/database-errors';
import { requestId } from '../http/request-id';
import { Problem } from './problem';
import { problemType, PROBLEMS } from './problem-codes';

/** How long a client should wait before it asks again when something of ours is away; what is away is tried on each request. */
export const RETRY_AFTER_SECONDS = '5';

/** The one place that answers an error: RFC 9457 problem+json. The cause goes to the log and never to the client. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const response = http.getResponse<Response>();
    const problem = toProblem(error);
    if (problem.code === 'internal_error') this.logger.error({ err: error }, 'unexpected error');
    else if (problem.status >= 500) this.logger.warn({ err: problem.cause ?? error }, problem.code);
    // A stream that breaks after its headers can only be cut off.
    if (response.headersSent) response.destroy();
    else this.answer(problem, http.getRequest<Request>(), response);
  }

  protected answer(problem: Problem, request: Request, response: Response): void {
    sendProblem(response, problem, requestId(request));
  }
}

/** Writes a problem as the answer. Also for what fails before Nest is asked. */
export function sendProblem(response: Response, problem: Problem, id: string): void {
  setProblemHeaders(response, problem);
  response
    .status(problem.status)
    .type('application/problem+json')
    .send(JSON.stringify(problemBody(problem, id)));
}

export function setProblemHeaders(response: Response, problem: Problem): void {
  if (problem.status === 503) response.setHeader('Retry-After', RETRY_AFTER_SECONDS);
  for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value);
}

/** The members of RFC 9457 §3.1 with our own `code`, `requestId` and `errors`. */
export function problemBody(problem: Problem, id: string): object {
  const { code, status, detail, errors } = problem;
  return {
    type: problemType(code),
    title: PROBLEMS[code].title,
    status,
    detail,
    code,
    requestId: id,
    ...(errors ? { errors } : {}),
  };
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof StorageUnavailableError)
    return new Problem('storage_unavailable', 'The file storage did not answer. Nothing was changed; try again shortly.', {
      cause: error,
    });
  if (isDatabaseUnavailable(error))
    return new Problem('database_unavailable', 'The database did not answer. Try again shortly.', { cause: error });
  // Nest's router knows no such path or method, or the path is not even decodable.
  if ((error instanceof HttpException && error.getStatus() === 404) || isUndecodablePath(error))
    return new Problem('route_not_found', 'There is nothing at this path for this method; the paths are listed at /docs.');
  return new Problem(
    'internal_error',
    'The request failed for a reason that we have to look into; please tell us the requestId.',
    { cause: error },
  );
}

/** Nest turns the router's URIError into a 400 of its own before filters see it. */
const isUndecodablePath = (error: unknown): boolean =>
  error instanceof URIError ||
  (error instanceof HttpException && error.getStatus() === 400 && /decode param/.test(error.message));
