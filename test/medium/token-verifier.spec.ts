import { randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair } from 'jose';
import { generateTestKey, NO_REQUESTS } from '../support/issuer';
import { encode, publishAs, useTokenVerifier } from '../support/token-verifier';

const { setUp } = useTokenVerifier();

describe('a good token', () => {
  it('tells who sent it', async () => {
    const { issuer, verify, mint, at } = await setUp();
    expect(await verify(await mint())).toEqual({
      kind: 'verified',
      principal: {
        issuer: issuer.issuer,
        clientId: 'test-client',
        subject: 'test-client',
        clientName: 'Test client',
        scopes: ['create:jobs', 'read:jobs', 'read:jobs:output-files'],
        partners: ['demo'],
        expiresAt: new Date(at(300) * 1000),
      },
    });
  });

  it.each(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'])(
    'may be signed with %s',
    async (alg) => {
      const { kindFor } = await setUp();
      expect(await kindFor({}, { alg })).toBe('verified');
    },
  );

  it.each(['at+jwt', 'AT+JWT', 'application/at+jwt', 'JWT', 'jwt', undefined])('may have the typ %s', async (typ) => {
    const { kindFor } = await setUp();
    expect(await kindFor({}, { header: { typ } })).toBe('verified');
  });

  it('needs no sub, no jti and no client', async () => {
    const { kindFor } = await setUp();
    expect(await kindFor({ sub: undefined, jti: undefined, client_id: undefined })).toBe('verified');
  });

  it('may be for several audiences', async () => {
    const { issuer, kindFor } = await setUp();
    expect(await kindFor({ aud: ['https://another.test', issuer.audience] })).toBe('verified');
  });

  it('needs no kid, with several keys of one kind published', async () => {
    const { issuer, kindFor } = await setUp();
    const older = await generateTestKey('ES256');
    issuer.publishedKeys.unshift(older.publicJwk);
    expect(await kindFor({}, { key: older, header: { kid: undefined } })).toBe('verified');
    expect(await kindFor({}, { header: { kid: undefined } })).toBe('verified');
  });

  it('may be of a key that is published without kid, alg and use', async () => {
    const { issuer, kindFor } = await setUp();
    const key = publishAs(issuer, await generateTestKey('RS256'), { kid: undefined, alg: undefined, use: undefined });
    expect(await kindFor({}, { key, header: { kid: undefined } })).toBe('verified');
  });

  it.each(['/realms/partners', '/realms/partners/', '/'])('may come from an issuer with the path %s', async (path) => {
    const { kindFor } = await setUp({ path });
    expect(await kindFor()).toBe('verified');
  });

  it('may have 16,384 bytes; one more, or 17 KiB, is invalid', async () => {
    const { mint, verify } = await setUp();
    const empty = (await mint({ padding: '' })).length;
    let largest = '';
    for (let padding = Math.floor(((16_384 - empty) * 3) / 4) - 4; largest.length < 16_384; padding++)
      largest = await mint({ padding: 'x'.repeat(padding) });
    expect(largest).toHaveLength(16_384);
    expect((await verify(largest)).kind).toBe('verified');
    const longer = await mint({ padding: 'x'.repeat(12_700) });
    expect(longer.length).toBeGreaterThan(17 * 1024);
    for (const token of [`${largest}x`, longer]) expect((await verify(token)).kind).toBe('token_invalid');
  });
});

describe('noise', () => {
  it.each([
    'a',
    'a.b',
    'a.b.c',
    '...',
    '..',
    'a.b.c.d.e',
    `${encode({ alg: 'ES256' })}.!!!.sig`,
    `${encode([])}.${encode({})}.sig`,
    `${encode('x')}.${encode({})}.sig`,
    `${encode({ alg: 'RSA-OAEP', enc: 'A256GCM' })}.a.b.c.d`,
    `${Buffer.from([0xff, 0xfe]).toString('base64url')}.a.b`,
    randomBytes(600).toString('base64'),
    'ä.ö.ü',
    'undefined',
  ])('such as "%s" is refused and never makes us ask the issuer', async (token) => {
    const { issuer, verify } = await setUp();
    expect((await verify(token)).kind).toBe('token_invalid');
    expect(issuer.requests).toEqual(NO_REQUESTS);
  });

  it.each<[string, (token: string) => string]>([
    ['a space', (token) => `${token} x`],
    ['another token', (token) => `${token}, Bearer ${token}`],
    ['padding', (token) => `${token}=`],
    ['a tab', (token) => token.replace('.', '.\t')],
    ['a dot', (token) => `${token}.`],
  ])('such as %s in a good token is refused', async (_, spoil) => {
    const { verify, mint } = await setUp();
    const token = await mint();
    expect((await verify(token)).kind).toBe('verified');
    expect((await verify(spoil(token))).kind).toBe('token_invalid');
  });

  it('in a signed payload is refused', async () => {
    const { issuer, verify } = await setUp();
    const { privateKey, publicKey } = await generateKeyPair('Ed25519', { extractable: true });
    issuer.publishedKeys.push({ ...(await exportJWK(publicKey)), kid: 'ed' });
    for (const payload of ['[]', '"x"', 'null', '{', '\xff']) {
      const input = `${encode({ alg: 'EdDSA', kid: 'ed' })}.${Buffer.from(payload, 'latin1').toString('base64url')}`;
      const signature = Buffer.from(await crypto.subtle.sign('Ed25519', privateKey, Buffer.from(input))).toString('base64url');
      expect((await verify(`${input}.${signature}`)).kind).toBe('token_invalid');
    }
  });
});

describe('the Authorization header', () => {
  it('may not come twice, even with the same good token', async () => {
    const { verifier, mint } = await setUp();
    const header = `Bearer ${await mint()}`;
    expect((await verifier.verify([header, header])).kind).toBe('token_invalid');
    expect((await verifier.verify([header])).kind).toBe('verified');
  });

  it('is missing, which is said without asking the issuer', async () => {
    const { issuer, verifier } = await setUp();
    await issuer.goDown();
    for (const headers of [[], [''], ['Basic eDp5'], ['Bearer']])
      expect((await verifier.verify(headers)).kind).toBe('token_missing');
  });
});

it('is disabled without an issuer, whatever comes', async () => {
  const { verifier, mint } = await setUp({}, { issuer: null });
  for (const headers of [[], ['Basic x'], [`Bearer ${await mint()}`], ['Bearer a', 'Bearer b']])
    expect(await verifier.verify(headers)).toEqual({ kind: 'external_api_disabled' });
});
