import { Problem } from '../../platform/problem/problem';
import { bearerChallenge } from './bearer-challenge';
import type { Principal } from './principal';

/** Where the request named the partner: a JSON pointer into the body, or a query parameter. */
export type PartnerPlace = { readonly pointer: string } | { readonly parameter: string };

/**
 * Refuses a partner that the token does not name. That is the same answer whether or not there is such a partner.
 *
 * @throws Problem `partner_not_allowed`.
 */
export function requirePartner(principal: Principal, code: string, place: PartnerPlace): void {
  if (principal.partners.includes(code)) return;
  const name = 'pointer' in place ? place.pointer : place.parameter;
  throw new Problem('partner_not_allowed', `${name}: the token has no partner scope for this partner.`, {
    errors: [{ ...place, code: 'partner_not_allowed', detail: 'is not among the partners of the token' }],
    headers: {
      'WWW-Authenticate': bearerChallenge({
        error: 'insufficient_scope',
        description: 'The token has no partner scope for this partner.',
        scope: `partner:${code}`,
      }),
    },
  });
}
