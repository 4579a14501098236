import type { TokenRefusal } from './access-token';

export type BearerToken = { readonly kind: 'token'; readonly token: string } | { readonly kind: 'token_missing' } | TokenRefusal;

/**
 * Finds the token by RFC 6750 §2.1, the only one of its ways that we take: never in the query or the body, where it would
 * be logged.
 *
 * @param authorization the value of every `Authorization` header, of which there may be one (RFC 9110 §5.3).
 */
export function readBearerToken(authorization: readonly string[]): BearerToken {
  const [header = '', ...others] = authorization;
  // Node keeps the first, a proxy may keep the last: which of them was checked must not be a matter of luck.
  if (others.length > 0) return { kind: 'token_invalid', reason: 'The request has more than one Authorization header.' };
  const [scheme, token] = splitOnce(header.trim());
  // Schemes have no case (RFC 9110 §11.1).
  if (scheme.toLowerCase() !== 'bearer' || token === '') return { kind: 'token_missing' };
  return { kind: 'token', token };
}

function splitOnce(header: string): [string, string] {
  const space = header.indexOf(' ');
  return space < 0 ? [header, ''] : [header.slice(0, space), header.slice(space + 1).trimStart()];
}
