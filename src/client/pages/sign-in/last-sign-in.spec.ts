import { signInAgainUrl } from './last-sign-in';

const kept = new Map<string, string>();
beforeAll(() => Object.assign(globalThis, { sessionStorage: { getItem: (key: string) => kept.get(key) ?? null } }));
afterAll(() => Reflect.deleteProperty(globalThis, 'sessionStorage'));
beforeEach(() => kept.clear());

it('takes the first step again as it was', () => {
  expect(signInAgainUrl({ pathname: '/api/auth/login', search: '?issuer=main&returnTo=%2Fa' })).toBe(
    '/api/auth/login?issuer=main&returnTo=%2Fa',
  );
});

it('begins anew after the last one, as this tab has begun, or where one chooses', () => {
  const failed = { pathname: '/api/auth/callback', search: '?code=c&state=s' };
  expect(signInAgainUrl(failed)).toBe('/sign-in');
  kept.set('slipway.last-sign-in', '/api/auth/login?issuer=main&returnTo=%2Fa');
  expect(signInAgainUrl(failed)).toBe('/api/auth/login?issuer=main&returnTo=%2Fa');
});
