import { checkHeader } from './access-token';

const encode = (header: unknown) => Buffer.from(JSON.stringify(header)).toString('base64url');
const check = (header: unknown) => checkHeader(`${encode(header)}.e30.c2ln`);

it.each(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'])(
  'accepts the alg %s',
  (alg) => {
    expect(check({ alg })).toEqual({ kind: 'acceptable', kid: undefined });
  },
);

it.each([
  'none',
  'None',
  'HS256',
  'HS384',
  'HS512',
  'rs256',
  'ES256K',
  'Ed25519',
  'RSA-OAEP',
  'constructor',
  '',
  7,
  null,
  ['RS256'],
  undefined,
])('refuses the alg %j', (alg) => {
  expect(check({ alg })).toMatchObject({ kind: 'token_invalid', reason: expect.stringContaining('algorithm') as string });
});

it.each([{ crit: ['b64'], b64: true }, { crit: ['exp'], exp: 1 }, { crit: [] }, { crit: null }])('refuses %j', (header) => {
  expect(check({ alg: 'RS256', ...header })).toMatchObject({
    kind: 'token_invalid',
    reason: expect.stringContaining('extension') as string,
  });
});

it('gives the kid', () => {
  expect(check({ alg: 'RS256', kid: 'a' })).toEqual({ kind: 'acceptable', kid: 'a' });
});

it.each([{ kid: 7 }, { kid: null }, { kid: ['a'] }, { kid: {} }])('refuses %j', (header) => {
  expect(check({ alg: 'RS256', ...header })).toMatchObject({ kind: 'token_invalid' });
});

it('accepts 16,384 bytes and not one more', () => {
  const start = `${encode({ alg: 'RS256' })}.`;
  const token = `${start}${'a'.repeat(16_384 - start.length - 2)}.a`;
  expect(token).toHaveLength(16_384);
  expect(checkHeader(token)).toMatchObject({ kind: 'acceptable' });
  expect(checkHeader(`${token}a`)).toMatchObject({ kind: 'token_invalid' });
});
