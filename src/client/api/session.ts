import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, dataOf, type Schemas } from './client';

export type Session = Schemas['SessionDto'];

/** Who is signed in, and what the sign-in page offers. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => dataOf(api.GET('/api/session', { signal })),
  staleTime: 60_000,
});

/** More than one wants to look through; whoever has more, searches. */
const TENANTS_SHOWN = 50;

/** The tenants that the user may reach. @param search a part of a name or code; empty for all */
export const reachableTenantsQuery = (search: string) =>
  queryOptions({
    queryKey: ['tenants', search],
    queryFn: ({ signal }) =>
      dataOf(api.GET('/api/tenants', { params: { query: { limit: TENANTS_SHOWN, ...(search ? { search } : {}) } }, signal })),
    placeholderData: keepPreviousData,
  });

/** @returns where the browser goes next: the issuer's own sign-out, or the sign-in page */
export const signOut = async (): Promise<string> => (await dataOf(api.POST('/api/auth/logout'))).url;

/** A page of the server, not of this application: the browser has to go there itself. @param returnTo a path with its query */
export const signInUrl = (issuer: string, returnTo: string): string =>
  `/api/auth/login?${new URLSearchParams({ issuer, returnTo }).toString()}`;
