import { createPublicKey, generateKeyPairSync, sign as signWith } from 'node:crypto';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, type JWK } from 'jose';
import { generateTestKey, NO_REQUESTS } from '../support/issuer';
import { encode, publishAs, useTokenVerifier } from '../support/token-verifier';

const { setUp, startIssuer } = useTokenVerifier();

describe('a signature', () => {
  it('is needed: alg none is refused', async () => {
    const { kindFor } = await setUp();
    expect(await kindFor({}, { alg: 'none' })).toBe('token_invalid');
  });

  it.each(['None', 'NONE', 'nOnE', '', null, undefined, 7])('with the alg %j is refused, whatever else is there', async (alg) => {
    const { verify, mint } = await setUp();
    const [, payload, signature] = (await mint()).split('.');
    expect((await verify(`${encode({ alg })}.${payload}.${signature}`)).kind).toBe('token_invalid');
  });

  it.each(['pem', 'jwk'])('by HMAC with the public key (%s) as secret is refused', async (form) => {
    const { issuer, at, verify } = await setUp();
    const { publicKey } = await generateKeyPair('RS256', { extractable: true });
    const jwk = await exportJWK(publicKey);
    issuer.publishedKeys.push({ ...jwk, kid: 'rsa' });
    const secret = new TextEncoder().encode(form === 'pem' ? await exportSPKI(publicKey) : JSON.stringify(jwk));
    const token = await new SignJWT({ iss: issuer.issuer, aud: issuer.audience, iat: at(0), exp: at(300) })
      .setProtectedHeader({ alg: 'HS256', kid: 'rsa' })
      .sign(secret);
    expect((await verify(token)).kind).toBe('token_invalid');
  });

  it.each(['HS256', 'HS384', 'HS512'])('by %s is refused even if the issuer publishes the secret', async (alg) => {
    const { kindFor } = await setUp();
    expect(await kindFor({}, { alg })).toBe('token_invalid');
  });

  it('of another key is refused', async () => {
    const { issuer, kindFor } = await setUp();
    const forger = { ...(await generateTestKey('ES256')), kid: String(issuer.publishedKeys[0]?.kid) };
    expect(await kindFor({}, { key: forger })).toBe('token_invalid');
    expect(await kindFor({}, { key: forger, header: { kid: undefined } })).toBe('token_invalid');
  });

  it('does not cover a changed payload', async () => {
    const { verify, mint, at, issuer } = await setUp();
    const [header, , signature] = (await mint()).split('.');
    const payload = encode({ iss: issuer.issuer, aud: issuer.audience, iat: at(0), exp: at(300), scope: 'partner:other' });
    expect((await verify(`${header}.${payload}.${signature}`)).kind).toBe('token_invalid');
  });

  it('is not checked with a key that the token brings along (jwk, jku, x5u, x5c)', async () => {
    const { kindFor, issuer } = await setUp();
    const own = await generateTestKey('ES256');
    const elsewhere = await startIssuer();
    elsewhere.publish(own);
    const jku = String(elsewhere.metadata['jwks_uri']);
    const kid = issuer.publishedKeys[0]?.kid;
    for (const header of [
      { jwk: own.publicJwk },
      { jku },
      { x5u: jku },
      { x5c: ['MIIB'] },
      { jwk: own.publicJwk, kid },
      { jku, kid },
    ])
      expect(await kindFor({}, { key: own, header })).toBe('token_invalid');
    expect(elsewhere.requests).toEqual(NO_REQUESTS);
  });

  it('is good whatever other key the token brings along (jwk, jku, x5u, x5c): nobody looks at it', async () => {
    const { kindFor } = await setUp();
    const elsewhere = await startIssuer();
    const jku = String(elsewhere.metadata['jwks_uri']);
    const { publicJwk } = await generateTestKey('ES256');
    expect(await kindFor({}, { header: { jwk: publicJwk, jku, x5u: jku, x5c: ['MIIB'] } })).toBe('verified');
    expect(elsewhere.requests).toEqual(NO_REQUESTS);
  });
});

describe('a header', () => {
  it.each([{ crit: ['exp'] }, { crit: ['b64'] }, { crit: ['x'] }, { crit: [] }, { crit: 'b64' }, { crit: null }])(
    'with %j is refused',
    async ({ crit }) => {
      const { issuer, at, verify } = await setUp();
      const { privateKey, publicKey } = await generateKeyPair('Ed25519', { extractable: true });
      issuer.publishedKeys.push({ ...(await exportJWK(publicKey)), kid: 'ed' });
      const header = encode({ alg: 'EdDSA', kid: 'ed', crit, b64: true, x: 1 });
      const input = `${header}.${encode({ iss: issuer.issuer, aud: issuer.audience, iat: at(0), exp: at(300) })}`;
      const signature = Buffer.from(await crypto.subtle.sign('Ed25519', privateKey, Buffer.from(input))).toString('base64url');
      expect((await verify(`${input}.${signature}`)).kind).toBe('token_invalid');
    },
  );

  it.each(['id+jwt', 'logout+jwt', 'dpop+jwt', 'application/jwt', 'JOSE', '', 7, null])(
    'with the typ %j is refused',
    async (typ) => {
      const { kindFor } = await setUp();
      expect(await kindFor({}, { header: { typ } })).toBe('token_invalid');
    },
  );

  it.each([7, null, ['a'], {}])('with the kid %j is refused', async (kid) => {
    const { kindFor } = await setUp();
    expect(await kindFor({}, { header: { kid } })).toBe('token_invalid');
  });
});

describe('a published key', () => {
  it('for encryption (use: enc) is refused', async () => {
    const { issuer, kindFor } = await setUp();
    expect(await kindFor({}, { key: publishAs(issuer, await generateTestKey('ES256'), { use: 'enc' }) })).toBe('token_invalid');
  });

  it('for other operations (key_ops) is refused', async () => {
    const { issuer, kindFor } = await setUp();
    const key = publishAs(issuer, await generateTestKey('ES256'), { use: undefined, key_ops: ['deriveKey'] });
    expect(await kindFor({}, { key })).toBe('token_invalid');
  });

  it('for another alg is refused', async () => {
    const { issuer, kindFor } = await setUp();
    expect(await kindFor({}, { key: publishAs(issuer, await generateTestKey('RS256'), { alg: 'PS256' }) })).toBe('token_invalid');
  });

  it('of another type than the alg is refused', async () => {
    const { issuer, kindFor } = await setUp();
    const kid = String(issuer.publishedKeys[0]?.kid);
    expect(await kindFor({}, { key: { ...(await generateTestKey('RS256')), kid } })).toBe('token_invalid');
  });

  it('of RSA under 2,048 bits is refused', async () => {
    const { issuer, at, verify } = await setUp();
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    issuer.publishedKeys.push({
      ...createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })).export({ format: 'jwk' }),
      kid: 'weak',
    });
    const input = `${encode({ alg: 'RS256', kid: 'weak' })}.${encode({ iss: issuer.issuer, aud: issuer.audience, iat: at(0), exp: at(300) })}`;
    const signature = signWith('sha256', Buffer.from(input), privateKey).toString('base64url');
    expect((await verify(`${input}.${signature}`)).kind).toBe('token_invalid');
  });

  it('that is private is refused: anybody could sign with it', async () => {
    const { issuer, kindFor } = await setUp();
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = { ...(await exportJWK(privateKey)), kid: 'private' };
    issuer.publishedKeys.push(jwk);
    expect(await kindFor({}, { key: { alg: 'ES256', kid: 'private', signingKey: privateKey, publicJwk: jwk } })).toBe(
      'token_invalid',
    );
  });

  it('that is broken harms no token of the others', async () => {
    const { issuer, kindFor } = await setUp();
    issuer.publishedKeys.unshift({ kty: 'EC', crv: 'P-256', x: '!', y: '!' }, { kty: 'RSA' }, {} as JWK);
    expect(await kindFor()).toBe('verified');
    expect(await kindFor({}, { header: { kid: undefined } })).toBe('verified');
  });
});
