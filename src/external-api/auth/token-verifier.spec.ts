import { Logger } from '@nestjs/common';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { ManualClock } from '../../../test/support/manual-clock';
import { IssuerKeys } from './issuer-keys';
import { KeySet } from './key-set';
import { TokenVerifier } from './token-verifier';

const issuer = 'https://issuer.test';
const audience = 'https://slipway.test/api';

function newKey() {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const kid = randomUUID();
  return { kid, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid } };
}

/** An issuer that publishes `published.keys`, or is away where they are null. `lookups` counts the signatures that were verified. */
function setUp() {
  const clock = new ManualClock();
  const key = newKey();
  const published: { keys: ReturnType<typeof newKey>[] | null } = { keys: [key] };
  const lookups = { count: 0 };
  const fetchKeys = () => {
    if (!published.keys) return Promise.reject(new Error('away'));
    const keys = KeySet.from({ keys: published.keys.map(({ jwk }) => jwk) });
    const { getKey } = keys;
    const counted: typeof getKey = (...parameters) => {
      lookups.count += 1;
      return getKey(...parameters);
    };
    return Promise.resolve(Object.assign(keys, { getKey: counted }));
  };
  const settings = { issuer, audience, jwksCacheSeconds: 600, jwksMaxStaleSeconds: 3600 };
  const verifier = new TokenVerifier(settings, new IssuerKeys(fetchKeys, settings, clock), clock);
  /** Seconds since 1970, this far from now. */
  const at = (seconds: number) => clock.now().getTime() / 1000 + seconds;
  const sign = (claims: Record<string, unknown> = {}, signer = key) =>
    new SignJWT({ iss: issuer, aud: audience, iat: at(0), exp: at(7200), client_id: 'c', ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: signer.kid })
      .sign(signer.privateKey);
  const verify = (token: string) => verifier.verify([`Bearer ${token}`]);
  return { clock, key, published, lookups, at, sign, verify };
}

beforeAll(() => Logger.overrideLogger(false));

describe('a token that was verified before', () => {
  it('is not verified again, and tells the same', async () => {
    const { lookups, sign, verify } = setUp();
    const token = await sign({ scope: 'read:jobs partner:demo' });
    const first = await verify(token);
    expect(first).toMatchObject({ kind: 'verified', principal: { clientId: 'c', scopes: ['read:jobs'], partners: ['demo'] } });
    for (let use = 0; use < 3; use++) expect(await verify(token)).toEqual(first);
    expect(lookups.count).toBe(1);
  });

  it('lends nothing to another token, such as itself with another signature', async () => {
    const { sign, verify } = setUp();
    const token = await sign();
    expect((await verify(token)).kind).toBe('verified');
    const [header, payload] = token.split('.');
    const [, , signature] = (await sign({ scope: 'partner:other' })).split('.');
    expect((await verify(`${header}.${payload}.${signature}`)).kind).toBe('token_invalid');
    expect((await verify(token)).kind).toBe('verified');
  });

  it('expires 30 s after its exp all the same', async () => {
    const { clock, lookups, at, sign, verify } = setUp();
    const token = await sign({ exp: at(100) });
    await verify(token);
    clock.advance(129);
    expect((await verify(token)).kind).toBe('verified');
    clock.advance(1);
    expect(await verify(token)).toEqual({ kind: 'token_expired' });
    expect(lookups.count).toBe(1);
  });

  it.each(['nbf', 'iat'])('is refused once the clock was set back to 31 s before its %s', async (claim) => {
    const { clock, at, sign, verify } = setUp();
    const token = await sign({ iat: at(-1000), [claim]: at(0) });
    clock.advance(-30);
    expect((await verify(token)).kind).toBe('verified');
    clock.advance(-1);
    expect(await verify(token)).toMatchObject({ kind: 'token_invalid', reason: expect.stringContaining(claim) as string });
  });

  it('is verified again with every new key set', async () => {
    const { clock, lookups, sign, verify } = setUp();
    const token = await sign();
    for (let fetch = 0; fetch < 3; fetch++) {
      await verify(token);
      expect((await verify(token)).kind).toBe('verified');
      clock.advance(600);
    }
    expect(lookups.count).toBe(3);
  });

  it('is refused after the refresh that brings a key set without its key', async () => {
    const { clock, published, sign, verify } = setUp();
    const token = await sign();
    expect((await verify(token)).kind).toBe('verified');
    published.keys = [newKey()];
    clock.advance(599);
    expect((await verify(token)).kind).toBe('verified');
    clock.advance(1);
    expect((await verify(token)).kind).toBe('token_invalid');
  });

  it("is refused as soon as another token's unknown key had the key set fetched anew", async () => {
    const { clock, published, sign, verify } = setUp();
    const token = await sign();
    expect((await verify(token)).kind).toBe('verified');
    const replacement = newKey();
    published.keys = [replacement];
    clock.advance(30);
    expect((await verify(await sign({}, replacement))).kind).toBe('verified');
    expect((await verify(token)).kind).toBe('token_invalid');
  });

  it('is good through an outage of the issuer for as long as its last keys are, and unavailable after it', async () => {
    const { clock, published, lookups, sign, verify } = setUp();
    const token = await sign();
    await verify(token);
    published.keys = null;
    clock.advance(3600);
    expect((await verify(token)).kind).toBe('verified');
    expect(lookups.count).toBe(1);
    clock.advance(1);
    expect(await verify(token)).toEqual({ kind: 'token_issuer_unavailable', retryAfterSeconds: 1 });
  });
});

it('remembers no refusal: a token that is not valid yet is once its time has come', async () => {
  const { clock, at, sign, verify } = setUp();
  const token = await sign({ nbf: at(31) });
  expect((await verify(token)).kind).toBe('token_invalid');
  clock.advance(1);
  expect((await verify(token)).kind).toBe('verified');
});
