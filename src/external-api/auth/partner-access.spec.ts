import { Problem } from '../../platform/problem/problem';
import { requirePartner, type PartnerPlace } from './partner-access';
import { toPrincipal } from './principal';

const principal = toPrincipal({ iss: 'https://issuer.test', exp: 1, scope: 'partner:demo partner:a:b' });

function refusal(code: string, place: PartnerPlace = { pointer: '/partner' }): Problem | undefined {
  try {
    requirePartner(principal, code, place);
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

it.each(['demo', 'a:b'])('lets the partner %s of the token pass', (code) => {
  expect(refusal(code)).toBeUndefined();
});

it.each(['other', 'DEMO', 'dem', 'demo ', 'a', '', 'constructor'])('refuses the partner "%s"', (code) => {
  expect(refusal(code)).toMatchObject({
    code: 'partner_not_allowed',
    errors: [{ pointer: '/partner', code: 'partner_not_allowed' }],
  });
});

it('names the scope that is needed', () => {
  expect(refusal('other')?.headers['WWW-Authenticate']).toMatch(
    /^Bearer realm="slipway", error="insufficient_scope", .*, scope="partner:other"$/,
  );
});

it('points at a query parameter', () => {
  expect(refusal('other', { parameter: 'partner' })?.errors).toMatchObject([{ parameter: 'partner' }]);
});

it.each(['a\r\nSet-Cookie: x=1', 'a"b', 'ä'])('keeps the code %j out of the header', (code) => {
  expect(refusal(code)?.headers['WWW-Authenticate']).toMatch(/^[\x20-\x7e]+$/);
  expect(refusal(code)?.headers['WWW-Authenticate']).not.toContain('scope="');
});
