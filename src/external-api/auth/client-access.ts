import { Problem } from '../../platform/problem/problem';
import { bearerChallenge } from './bearer-challenge';
import type { Principal } from './principal';

/**
 * The client that the token names, for what is recorded or looked up by it.
 *
 * @throws Problem `client_missing`.
 */
export function requireClient({ issuer, clientId }: Principal): { issuer: string; clientId: string } {
  if (clientId !== null) return { issuer, clientId };
  // No error in the challenge: no scope would help.
  throw new Problem('client_missing', 'The token names no client (client_id or azp), which this request needs.', {
    headers: { 'WWW-Authenticate': bearerChallenge() },
  });
}
