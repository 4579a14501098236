import { isIP } from 'node:net';
import type { WebhookSettings } from '../platform/config/settings';
import { AddressPolicy } from '../platform/outbound/address-policy';

/** Names of this machine (RFC 6761 §6.3). */
const LOOPBACK_NAME = /^(.+\.)?localhost\.?$/;
const LOOPBACK_ADDRESS = /^(127(\.\d+){3}|\[::1\])$/;

/**
 * What is wrong with an endpoint's URL, for people; null where nothing is. A name is not resolved here: what counts is where it
 * leads at each delivery, and that is checked then.
 */
export function webhookUrlFault(
  text: string,
  { allowedCidrs, httpOnLoopback }: Pick<WebhookSettings, 'allowedCidrs' | 'httpOnLoopback'>,
): string | null {
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
