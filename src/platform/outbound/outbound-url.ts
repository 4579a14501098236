import { isIP } from 'node:net';
import { AddressPolicy } from './address-policy';

/** Names of this machine (RFC 6761 §6.3). */
const LOOPBACK_NAME = /^(.+\.)?localhost\.?$/;
const LOOPBACK_ADDRESS = /^(127(\.\d+){3}|\[::1\])$/;

/** Where the process may send requests to on behalf of somebody outside, beside public addresses over https. */
export interface OutboundRules {
  /** Ranges that are allowed though they are not public. */
  readonly allowedCidrs: readonly string[];
  /** Whether a loopback address may be on plain http; never in production. */
  readonly httpOnLoopback: boolean;
}

/**
 * What is wrong with a URL that somebody outside chose, for people; null where nothing is. A name is not resolved here: what
 * counts is where it leads at each request, and that is checked then (`guardedAgents`).
 */
export function outboundUrlFault(text: string, { allowedCidrs, httpOnLoopback }: OutboundRules): string | null {
  if (!URL.canParse(text)) return 'must be an absolute URL';
  const { protocol, hostname, username, password } = new URL(text);
  const isLoopback = LOOPBACK_NAME.test(hostname) || LOOPBACK_ADDRESS.test(hostname);
  if (protocol !== 'https:' && !(protocol === 'http:' && httpOnLoopback && isLoopback)) return 'must use https';
  if (username !== '' || password !== '') return 'must not have a user name or password';
  if (text.includes('#')) return 'must not have a fragment';
  const address = LOOPBACK_NAME.test(hostname) ? '127.0.0.1' : hostname.replace(/^\[|\]$/g, '');
  if (isIP(address) !== 0 && !new AddressPolicy(allowedCidrs).allows(address))
    return 'must not lead to a private, loopback or otherwise special address';
  return null;
}
