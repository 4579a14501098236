import * as oidc from 'openid-client';

/** What an issuer says in its answer to the browser when it cannot go on now (RFC 6749 §4.1.2.1). */
const AWAY = ['server_error', 'temporarily_unavailable'];

/** Whether the issuer could not be asked, or failed: trying again may help. */
export function isIssuerAway(error: unknown): boolean {
  if (error instanceof oidc.AuthorizationResponseError) return AWAY.includes(error.error);
  if (isFetchFailure(error)) return true;
  if (!(error instanceof oidc.ClientError)) return false;
  const status = (error.cause as { status?: unknown } | undefined)?.status;
  return error.code === 'OAUTH_TIMEOUT' || isFetchFailure(error.cause) || (typeof status === 'number' && status >= 500);
}

/** Node's `fetch` has nothing else for a connection that could not be made or broke. */
export function isFetchFailure(error: unknown): boolean {
  const { name, message } = (error ?? {}) as { name?: unknown; message?: unknown };
  return name === 'TypeError' && message === 'fetch failed';
}

/** Whether it is the issuer's answer that is wrong, or what the browser brought as such, and not our own doing. */
export const isIssuersFault = (error: unknown): boolean =>
  error instanceof oidc.AuthorizationResponseError ||
  error instanceof oidc.ResponseBodyError ||
  error instanceof oidc.WWWAuthenticateChallengeError ||
  error instanceof oidc.ClientError;
