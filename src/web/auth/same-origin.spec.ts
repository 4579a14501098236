import { isFromOwnPage } from './same-origin';

const OWN = 'https://slipway.test';
const of = (source: { method?: string; origin?: string; site?: string }) =>
  isFromOwnPage({ method: 'POST', origin: undefined, site: undefined, ...source }, OWN);

it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('takes a %s of our own page', (method) => {
  expect(of({ method, origin: OWN })).toBe(true);
  expect(of({ method, site: 'same-origin' })).toBe(true);
});

it.each([
  ['another site', { origin: 'https://evil.test' }],
  ['another scheme', { origin: 'http://slipway.test' }],
  ['another port', { origin: 'https://slipway.test:8443' }],
  ['a subdomain', { origin: 'https://a.slipway.test' }],
  ['a name that begins like ours', { origin: 'https://slipway.test.evil.test' }],
  ['a sandboxed frame', { origin: 'null' }],
  ['another site, whatever else is said', { origin: 'https://evil.test', site: 'same-origin' }],
  ['who knows where', {}],
  ['a sibling', { site: 'same-site' }],
  ['the address bar', { site: 'none' }],
])('refuses a POST of %s', (_, source) => {
  expect(of(source)).toBe(false);
});

it('lets everybody read, which changes nothing', () => {
  expect(of({ method: 'GET', origin: 'https://evil.test' })).toBe(true);
  expect(of({ method: 'HEAD' })).toBe(true);
});
