import createClient from 'openapi-fetch';
import { Attendance } from './attendance';
import { ProblemError, toProblemError } from './problem';
import type { components, paths } from './schema';

/** The schemas of the web API's document by name. */
export type Schemas = components['schemas'];

/** Typed by the web API's document: a path, parameter or field that the server does not have does not compile. */
export const api = createClient<paths>({ baseUrl: window.location.origin });

export const attendance = new Attendance(() => performance.now());
api.use({ onRequest: ({ request }) => attendance.mark(request) });

interface Answer<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/**
 * What a request answers.
 *
 * @throws ProblemError for everything else, a server that cannot be reached included
 */
export async function dataOf<T>(request: Promise<Answer<T>>): Promise<T> {
  const answer = await request.catch((error: unknown) => {
    // `fetch` has nothing but a TypeError for a lost connection; a request that was aborted is nobody's problem.
    throw error instanceof TypeError ? new ProblemError(0, 'unreachable', '') : error;
  });
  if (!answer.response.ok) throw toProblemError(answer.response, answer.error);
  return answer.data as T;
}
