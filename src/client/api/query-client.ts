import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ProblemError } from './problem';
import { sessionQuery } from './session';

const TRIES = 3;

/** Whether asking again may help. A refusal stays one, so it is shown at once. */
const mayPass = (error: Error): boolean => error instanceof ProblemError && (error.status === 0 || error.status >= 500);

/** Whoever is no longer signed in, or no longer admitted, learns it from the session, which leads to the sign-in page. */
const isAboutSession = (error: Error): boolean =>
  error instanceof ProblemError && (error.code === 'not_signed_in' || error.code === 'not_admitted');

export function createQueryClient(): QueryClient {
  const onError = (error: Error): void => {
    if (isAboutSession(error)) void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: { queries: { staleTime: 10_000, retry: (failures, error) => failures < TRIES && mayPass(error) } },
  });
  return client;
}
