import { Logger } from '@nestjs/common';
import { createPublicKey, generateKeyPairSync, randomBytes, sign as signWith } from 'node:crypto';
import { exportSPKI, exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose';
import { Clock } from '../../src/external-api/auth/clock';
import { IssuerKeys } from '../../src/external-api/auth/issuer-keys';
import { fetchIssuerKeys } from '../../src/external-api/auth/oidc-discovery';
import { TokenVerifier, type TokenVerification } from '../../src/external-api/auth/token-verifier';
import {
  answerNever,
  answerOversized,
  answerRedirect,
  answerStatus,
  generateTestKey,
  sendJson,
  startTestIssuer,
  type Endpoint,
  type MintOptions,
  type TestIssuer,
  type TestIssuerOptions,
  type TestKey,
} from '../support/issuer';

/** Stands still until it is moved; what it moves is both the wall clock and the intervals. */
class ManualClock extends Clock {
  private ms = Math.floor(Date.now() / 1000) * 1000;
  override now = () => new Date(this.ms);
  override monotonicMs = () => this.ms;
  advance(seconds: number): void {
    this.ms += seconds * 1000;
  }
}

/** For a fetch that is to fail by its slowness. */
const SHORT_TIMEOUT_MS = 100;
/** The product's own. */
const TIMEOUT_MS = 5000;
const open: TestIssuer[] = [];
beforeAll(() => Logger.overrideLogger(false));
afterEach(async () => {
  await Promise.all(open.splice(0).map((issuer) => issuer.close()));
});

async function setUp(options: TestIssuerOptions = {}, settings: { issuer?: string | null; jwksMaxStaleSeconds?: number } = {}) {
  const issuer = await startTestIssuer(options);
  open.push(issuer);
  const clock = new ManualClock();
  const configured = settings.issuer === undefined ? issuer.issuer : settings.issuer;
  const lifetimes = { jwksCacheSeconds: 600, jwksMaxStaleSeconds: settings.jwksMaxStaleSeconds ?? 3600 };
  const network = { timeoutMs: TIMEOUT_MS };
  const fetchKeys = () => fetchIssuerKeys(configured ?? '', network);
  const keys = new IssuerKeys(fetchKeys, lifetimes, clock);
  const verifier = new TokenVerifier({ issuer: configured, audience: issuer.audience, ...lifetimes }, keys, clock);
  /** Seconds since the epoch, this far from now. */
  const at = (seconds: number) => clock.now().getTime() / 1000 + seconds;
  const mint = (claims: Record<string, unknown> = {}, how: MintOptions = {}) =>
    issuer.mint({ iat: at(0), exp: at(300), ...claims }, how);
  const verify = (token: string): Promise<TokenVerification> => verifier.verify([`Bearer ${token}`]);
  const kindFor = async (claims: Record<string, unknown> = {}, how: MintOptions = {}) =>
    (await verify(await mint(claims, how))).kind;
  return { issuer, clock, network, verifier, at, mint, verify, kindFor };
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A set of keys that nobody publishes has at least one good key, so that the set itself is accepted. */
async function publishAs(issuer: TestIssuer, key: TestKey, changes: Partial<JWK>): Promise<TestKey> {
  const changed = { ...key, publicJwk: { ...key.publicJwk, ...changes } };
  issuer.publishedKeys.push(changed.publicJwk);
  return changed;
}

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
    const key = await publishAs(issuer, await generateTestKey('RS256'), { kid: undefined, alg: undefined, use: undefined });
    expect(await kindFor({}, { key, header: { kid: undefined } })).toBe('verified');
  });

  it.each(['/realms/partners', '/realms/partners/', '/'])('may come from an issuer with the path %s', async (path) => {
    const { kindFor } = await setUp({ path });
    expect(await kindFor()).toBe('verified');
  });

  it('may have 16,384 bytes, and 17 KiB are refused', async () => {
    const { mint, verify } = await setUp();
    const empty = (await mint({ padding: '' })).length;
    let largest = '';
    for (let padding = Math.floor(((16_384 - empty) * 3) / 4) - 4; largest.length < 16_384; padding++)
      largest = await mint({ padding: 'x'.repeat(padding) });
    expect(largest).toHaveLength(16_384);
    expect((await verify(largest)).kind).toBe('verified');
    expect((await verify(await mint({ padding: 'x'.repeat(12_700) }))).kind).toBe('token_invalid');
  });
});

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

  it('is not taken from a key that the token brings along', async () => {
    const { kindFor, issuer } = await setUp();
    const own = await generateTestKey('ES256');
    const elsewhere = await startTestIssuer();
    open.push(elsewhere);
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
    expect(elsewhere.requests).toEqual({ discovery: 0, jwks: 0, other: 0 });
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
  it('for encryption is refused', async () => {
    const { issuer, kindFor } = await setUp();
    expect(await kindFor({}, { key: await publishAs(issuer, await generateTestKey('ES256'), { use: 'enc' }) })).toBe(
      'token_invalid',
    );
  });

  it('for other operations is refused', async () => {
    const { issuer, kindFor } = await setUp();
    const key = await publishAs(issuer, await generateTestKey('ES256'), { use: undefined, key_ops: ['deriveKey'] });
    expect(await kindFor({}, { key })).toBe('token_invalid');
  });

  it('for another alg is refused', async () => {
    const { issuer, kindFor } = await setUp();
    expect(await kindFor({}, { key: await publishAs(issuer, await generateTestKey('RS256'), { alg: 'PS256' }) })).toBe(
      'token_invalid',
    );
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

describe('claims', () => {
  it.each<[string, (issuer: TestIssuer) => unknown]>([
    ['is missing', () => undefined],
    ['is another', () => 'https://issuer.test'],
    ['has a slash more', ({ issuer }) => `${issuer}/`],
    ['has another case', ({ issuer }) => issuer.toUpperCase()],
    ['is an array', ({ issuer }) => [issuer]],
    ['is null', () => null],
  ])('whose iss %s are refused', async (_, iss) => {
    const { issuer, kindFor } = await setUp();
    expect(await kindFor({ iss: iss(issuer) })).toBe('token_invalid');
  });

  it.each<[string, (issuer: TestIssuer) => unknown]>([
    ['is missing', () => undefined],
    ['is another', () => 'https://another.test'],
    ['are only others', () => ['https://another.test', 'slipway']],
    ['is empty', () => []],
    ['begins like ours', ({ audience }) => `${audience}/more`],
    ['is an object', ({ audience }) => ({ [audience]: true })],
    ['is null', () => null],
  ])('whose aud %s are refused', async (_, aud) => {
    const { issuer, kindFor } = await setUp();
    expect(await kindFor({ aud: aud(issuer) })).toBe('token_invalid');
  });

  it.each([undefined, null, '9999999999', {}, []])('whose exp is %j are refused', async (exp) => {
    const { kindFor } = await setUp();
    expect(await kindFor({ exp })).toBe('token_invalid');
  });

  it('whose exp no calendar has are refused', async () => {
    const { kindFor } = await setUp();
    expect(await kindFor({ exp: 1e300 })).toBe('token_invalid');
  });

  it.each([undefined, null, '1', {}])('whose iat is %j are refused', async (iat) => {
    const { kindFor } = await setUp();
    expect(await kindFor({ iat })).toBe('token_invalid');
  });

  it('expire 30 s after exp', async () => {
    const { kindFor, at } = await setUp();
    expect(await kindFor({ exp: at(-29) })).toBe('verified');
    expect(await kindFor({ exp: at(-30) })).toBe('token_expired');
    expect(await kindFor({ exp: at(-86_400) })).toBe('token_expired');
  });

  it('are judged by the clock of now', async () => {
    const { clock, mint, verify } = await setUp();
    const token = await mint();
    expect((await verify(token)).kind).toBe('verified');
    clock.advance(330);
    expect((await verify(token)).kind).toBe('token_expired');
  });

  it('may be issued up to 30 s in the future', async () => {
    const { kindFor, at } = await setUp();
    expect(await kindFor({ iat: at(30) })).toBe('verified');
    expect(await kindFor({ iat: at(31) })).toBe('token_invalid');
  });

  it('may begin up to 30 s in the future', async () => {
    const { kindFor, at } = await setUp();
    expect(await kindFor({ nbf: at(-3600) })).toBe('verified');
    expect(await kindFor({ nbf: at(30) })).toBe('verified');
    expect(await kindFor({ nbf: at(31) })).toBe('token_invalid');
    expect(await kindFor({ nbf: '0' })).toBe('token_invalid');
  });

  it.each([{ nonce: 'n' }, { at_hash: 'h' }, { nonce: null }])('of an ID token (%j) are refused', async (claims) => {
    const { kindFor } = await setUp();
    expect(await kindFor(claims)).toBe('token_invalid');
    expect(await kindFor(claims, { header: { typ: 'JWT' } })).toBe('token_invalid');
  });

  it('of a forged token are not believed: an expired one is just invalid', async () => {
    const { issuer, kindFor, at } = await setUp();
    const forger = { ...(await generateTestKey('ES256')), kid: String(issuer.publishedKeys[0]?.kid) };
    expect(await kindFor({ exp: at(-3600) }, { key: forger })).toBe('token_invalid');
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
    expect(issuer.requests).toEqual({ discovery: 0, jwks: 0, other: 0 });
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

describe.each<Endpoint>(['discovery', 'jwks'])('a %s answer', (endpoint) => {
  const bad: [string, (issuer: TestIssuer) => void, number?][] = [
    ['that is an error', (issuer) => issuer.answer(endpoint, answerStatus(500))],
    [
      'that is an error with the right document',
      (issuer) => {
        const document = endpoint === 'jwks' ? { keys: issuer.publishedKeys } : issuer.metadata;
        issuer.answer(endpoint, (response) => sendJson(response, document, 500));
      },
    ],
    ['of another success', (issuer) => issuer.answer(endpoint, answerStatus(204))],
    ['that never comes', (issuer) => issuer.answer(endpoint, answerNever), SHORT_TIMEOUT_MS],
    [
      'that trickles',
      (issuer) => issuer.answer(endpoint, (response) => void response.writeHead(200).write('{')),
      SHORT_TIMEOUT_MS,
    ],
    ['over 1 MB', (issuer) => issuer.answer(endpoint, answerOversized(1024 ** 2))],
    ['that is no JSON', (issuer) => issuer.answer(endpoint, (response) => void response.end('<html>'))],
    ['that is an array', (issuer) => issuer.answer(endpoint, (response) => sendJson(response, []))],
    ['that is null', (issuer) => issuer.answer(endpoint, (response) => sendJson(response, null))],
    [
      'that is cut off',
      (issuer) =>
        issuer.answer(
          endpoint,
          (response) => void response.writeHead(200, { 'content-length': 99 }).write('{}', () => response.destroy()),
        ),
    ],
  ];

  it.each(bad)('%s counts as unreachable', async (_, spoil, timeoutMs = TIMEOUT_MS) => {
    const { issuer, clock, network, kindFor } = await setUp();
    spoil(issuer);
    network.timeoutMs = timeoutMs;
    expect(await kindFor()).toBe('token_issuer_unavailable');
    issuer.answer(endpoint);
    network.timeoutMs = TIMEOUT_MS;
    clock.advance(1);
    expect(await kindFor()).toBe('verified');
  });

  it.each(bad)('%s leaves the last good keys', async (_, spoil, timeoutMs = TIMEOUT_MS) => {
    const { issuer, clock, network, kindFor } = await setUp();
    expect(await kindFor()).toBe('verified');
    spoil(issuer);
    network.timeoutMs = timeoutMs;
    clock.advance(600);
    expect(await kindFor()).toBe('verified');
  });

  it('that redirects is not followed', async () => {
    const { issuer, kindFor } = await setUp();
    const elsewhere = await startTestIssuer();
    open.push(elsewhere);
    Object.assign(elsewhere.metadata, issuer.metadata);
    elsewhere.publishedKeys.push(...issuer.publishedKeys);
    const target = endpoint === 'jwks' ? '/jwks' : '/.well-known/openid-configuration';
    issuer.answer(endpoint, answerRedirect(`${elsewhere.issuer}${target}`));
    expect(await kindFor()).toBe('token_issuer_unavailable');
    expect(elsewhere.requests).toEqual({ discovery: 0, jwks: 0, other: 0 });
  });
});

it('reads an answer only as far as its limit', async () => {
  const { issuer, kindFor } = await setUp();
  let sent = 0;
  issuer.answer('jwks', (response) => {
    const chunk = Buffer.alloc(64 * 1024, ' ');
    const send = () => {
      if (response.destroyed) return;
      sent += chunk.length;
      response.write(chunk, send);
    };
    send();
  });
  expect(await kindFor()).toBe('token_issuer_unavailable');
  expect(sent).toBeLessThan(16 * 1024 ** 2);
});

describe('a discovery document', () => {
  it.each<[string, (issuer: TestIssuer) => unknown]>([
    ['another issuer', () => 'https://issuer.test'],
    ['the issuer with a slash', ({ issuer }) => `${issuer}/`],
    ['no issuer', () => undefined],
  ])('that names %s counts as unreachable', async (_, named) => {
    const { issuer, kindFor } = await setUp();
    issuer.metadata['issuer'] = named(issuer);
    expect(await kindFor()).toBe('token_issuer_unavailable');
    expect(issuer.requests.jwks).toBe(0);
  });

  it.each([undefined, 7, 'jwks', 'http://keys.test/jwks', 'file:///etc/passwd', 'data:application/json,{"keys":[]}'])(
    'with the jwks_uri %j counts as unreachable',
    async (jwks_uri) => {
      const { issuer, kindFor } = await setUp();
      issuer.metadata['jwks_uri'] = jwks_uri;
      expect(await kindFor()).toBe('token_issuer_unavailable');
    },
  );
});

describe('a JWKS', () => {
  it.each([{}, { keys: {} }, { keys: [] }, { keys: [7] }, { keys: [{ kty: 'oct', k: 'AAAA' }] }])(
    'such as %j counts as unreachable and leaves the last good keys',
    async (jwks) => {
      const { issuer, clock, kindFor } = await setUp();
      issuer.answer('jwks', (response) => sendJson(response, jwks));
      expect(await kindFor()).toBe('token_issuer_unavailable');
      issuer.answer('jwks');
      clock.advance(1);
      expect(await kindFor()).toBe('verified');
      issuer.answer('jwks', (response) => sendJson(response, jwks));
      clock.advance(600);
      expect(await kindFor()).toBe('verified');
    },
  );
});

it('is disabled without an issuer, whatever comes', async () => {
  const { verifier, mint } = await setUp({}, { issuer: null });
  for (const headers of [[], ['Basic x'], [`Bearer ${await mint()}`], ['Bearer a', 'Bearer b']])
    expect(await verifier.verify(headers)).toEqual({ kind: 'external_api_disabled' });
});
