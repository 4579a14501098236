import { answerStatus, generateTestKey } from '../support/issuer';
import { useTokenVerifier } from '../support/token-verifier';

const { setUp } = useTokenVerifier();

describe('key rotation', () => {
  it('has no downtime: a new key is found at once, and the old one works while it is published', async () => {
    const { issuer, clock, kindFor } = await setUp();
    const old = await generateTestKey('ES256');
    issuer.publish(old);
    expect(await kindFor()).toBe('verified');
    clock.advance(31);
    issuer.publish(await generateTestKey('ES256'));
    const kinds = await Promise.all([kindFor(), kindFor({}, { key: old }), kindFor(), kindFor({}, { key: old })]);
    expect(kinds).toEqual(['verified', 'verified', 'verified', 'verified']);
    expect(issuer.requests.jwks).toBe(2);
  });

  it('finds a new key for a token without kid too', async () => {
    const { issuer, clock, kindFor } = await setUp();
    expect(await kindFor()).toBe('verified');
    clock.advance(31);
    await issuer.rotateKeys();
    expect(await kindFor({}, { header: { kid: undefined } })).toBe('verified');
  });

  it('ends the old key once the cached keys expired', async () => {
    const { issuer, clock, kindFor } = await setUp();
    const old = await generateTestKey('ES256');
    issuer.publish(old);
    expect(await kindFor({}, { key: old })).toBe('verified');
    await issuer.rotateKeys();
    clock.advance(600);
    expect(await kindFor({}, { key: old })).toBe('token_invalid');
    expect(await kindFor()).toBe('verified');
  });
});

describe('an unknown kid', () => {
  it('is invalid within 30 s of an answer, without another request', async () => {
    const { issuer, clock, kindFor } = await setUp();
    const stranger = await generateTestKey('ES256');
    expect(await kindFor({}, { key: stranger })).toBe('token_invalid');
    clock.advance(29);
    issuer.publish(stranger);
    expect(await kindFor({}, { key: stranger })).toBe('token_invalid');
    expect(issuer.requests.jwks).toBe(1);
    clock.advance(1);
    expect(await kindFor({}, { key: stranger })).toBe('verified');
  });

  it('in a flood of them makes one request in 30 s, and good tokens go on', async () => {
    const { issuer, clock, kindFor } = await setUp();
    const stranger = await generateTestKey('ES256');
    await kindFor();
    for (const round of [1, 2, 3]) {
      clock.advance(30);
      const flood = Array.from({ length: 50 }, (_, index) =>
        kindFor({}, { key: stranger, header: { kid: `${round}-${index}` } }),
      );
      expect(new Set(await Promise.all(flood))).toEqual(new Set(['token_invalid']));
      expect(await kindFor()).toBe('verified');
      expect(issuer.requests.jwks).toBe(1 + round);
    }
  });

  it('is unavailable, not invalid, while the issuer is down', async () => {
    const { issuer, clock, verify, mint, kindFor } = await setUp();
    await kindFor();
    clock.advance(40);
    const token = await mint({}, { key: await generateTestKey('ES256') });
    await issuer.goDown();
    expect(await verify(token)).toEqual({ kind: 'token_issuer_unavailable', retryAfterSeconds: 30 });
    clock.advance(10);
    expect(await verify(token)).toEqual({ kind: 'token_issuer_unavailable', retryAfterSeconds: 20 });
    expect(await kindFor()).toBe('verified');
  });
});

describe('an issuer that is down', () => {
  it('from the start is unavailable, and works within a second of its recovery', async () => {
    const { issuer, clock, kindFor, mint, verify } = await setUp();
    await issuer.goDown();
    expect(await verify(await mint())).toEqual({ kind: 'token_issuer_unavailable', retryAfterSeconds: 1 });
    await issuer.comeUp();
    clock.advance(1);
    expect(await kindFor()).toBe('verified');
  });

  it('from the start is asked once a second, and once for all who wait', async () => {
    const { issuer, clock, verify, mint } = await setUp();
    issuer.answer('discovery', answerStatus(503));
    const token = await mint();
    for (let second = 0; second < 3; second++) {
      await Promise.all(Array.from({ length: 20 }, () => verify(token)));
      clock.advance(1);
    }
    expect(issuer.requests.discovery).toBe(3);
  });

  it('later is replaced by its last good keys, until they are too old', async () => {
    const { issuer, clock, kindFor } = await setUp({}, { jwksMaxStaleSeconds: 3600 });
    await kindFor();
    await issuer.goDown();
    for (const seconds of [600, 1200, 1800]) {
      clock.advance(seconds);
      expect(await kindFor()).toBe('verified');
    }
    clock.advance(1);
    expect(await kindFor()).toBe('token_issuer_unavailable');
    await issuer.comeUp();
    clock.advance(1);
    expect(await kindFor()).toBe('verified');
  });
});
