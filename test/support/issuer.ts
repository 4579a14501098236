import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { CompactSign, type CryptoKey, exportJWK, generateKeyPair, type JWK } from 'jose';

const HOST = '127.0.0.1';
const JWKS_PATH = '/jwks';

const TOKEN_PATH = '/token';
const USERINFO_PATH = '/userinfo';

export type Endpoint = 'discovery' | 'jwks' | 'token' | 'userinfo';
/** Answers in place of the issuer; `usual` sends what it would have sent. */
export type Answer = (response: ServerResponse, usual: () => void, request: IncomingMessage) => void | Promise<void>;

export interface TestKey {
  alg: string;
  kid: string;
  /** For HS256 and its like, the secret. */
  signingKey: CryptoKey | Uint8Array;
  publicJwk: JWK;
}

export interface MintOptions {
  /** A key to sign with, published or not; the newest published one if there is none. */
  key?: TestKey;
  /** Members to set in the protected header, or to leave out with `undefined`. */
  header?: Record<string, unknown>;
  /** Without `key`: sign with a new key for this algorithm, published first. `none` leaves the signature empty. */
  alg?: string;
}

export interface TestIssuerOptions {
  /** The issuer's path, '' by default: '/tenant', '/tenant/' or '/'. */
  path?: string;
  /** The `aud` of the tokens. */
  audience?: string;
}

export interface TestIssuer {
  issuer: string;
  audience: string;
  /** The discovery document, to be changed at will. */
  metadata: Record<string, unknown>;
  /** What the JWKS has, to be changed at will. */
  publishedKeys: JWK[];
  /** How often each was asked for, whatever the answer was. */
  requests: Record<Endpoint | 'other', number>;
  /** A good access token of `test-client`; claims are set, or left out with `undefined`. */
  mint(claims?: Record<string, unknown>, options?: MintOptions): Promise<string>;
  publish(key: TestKey): void;
  /** Replaces all published keys by a new one. */
  rotateKeys(): Promise<TestKey>;
  /** Changes what an endpoint answers, until called without an answer. */
  answer(endpoint: Endpoint, answer?: Answer): void;
  /** Refuses connections until `comeUp`, which listens on the same port again. */
  goDown(): Promise<void>;
  comeUp(): Promise<void>;
  close(): Promise<void>;
}

/** What `requests` says of an issuer that nobody has asked anything. */
export const NO_REQUESTS: TestIssuer['requests'] = { discovery: 0, jwks: 0, token: 0, userinfo: 0, other: 0 };

/** A token issuer whose keys, answers and outages a test decides: OIDC discovery and a JWKS on 127.0.0.1. */
export async function startTestIssuer({
  path = '',
  audience = 'https://slipway.test/api',
}: TestIssuerOptions = {}): Promise<TestIssuer> {
  const answers = new Map<Endpoint, Answer>();
  const requests = { ...NO_REQUESTS };
  const endpoints: Record<string, Endpoint> = { [JWKS_PATH]: 'jwks', [TOKEN_PATH]: 'token', [USERINFO_PATH]: 'userinfo' };
  const publishedKeys: JWK[] = [];
  const metadata: Record<string, unknown> = {};
  let signingKey: TestKey;

  // OpenID Connect Discovery 1.0 §4: a terminating slash goes before the well-known path is appended.
  const discoveryPath = `${path.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const server = createServer((request, response) => {
    const endpoint = request.url === discoveryPath ? 'discovery' : (endpoints[request.url ?? ''] ?? 'other');
    requests[endpoint] += 1;
    if (endpoint === 'other') return void response.writeHead(404).end();
    const usual = () => {
      if (endpoint === 'jwks') sendJson(response, { keys: publishedKeys });
      else if (endpoint === 'discovery') sendJson(response, metadata);
      // What signs nobody in has none of these.
      else response.writeHead(404).end();
    };
    void (answers.get(endpoint) ?? ((_response, send) => send()))(response, usual, request);
  });
  const listen = async (port: number) => {
    server.listen(port, HOST);
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const goDown = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };

  const port = await listen(0);
  const origin = `http://${HOST}:${port}`;
  const issuer = `${origin}${path}`;
  Object.assign(metadata, { issuer, jwks_uri: `${origin}${JWKS_PATH}`, token_endpoint: `${origin}${TOKEN_PATH}` });
  const publish = (key: TestKey) => {
    publishedKeys.push(key.publicJwk);
    signingKey = key;
  };
  const rotateKeys = async () => {
    const key = await generateTestKey();
    publishedKeys.length = 0;
    publish(key);
    return key;
  };
  signingKey = await rotateKeys();

  const mint: TestIssuer['mint'] = async (claims = {}, { key, header = {}, alg } = {}) => {
    if (!key && alg !== undefined && alg !== 'none') {
      key = await generateTestKey(alg);
      publish(key);
    }
    const signer = key ?? signingKey;
    const now = Math.floor(Date.now() / 1000);
    const payload = {
      iss: issuer,
      aud: audience,
      sub: 'test-client',
      client_id: 'test-client',
      client_name: 'Test client',
      iat: now,
      exp: now + 300,
      jti: randomUUID(),
      scope: 'create:jobs read:jobs read:jobs:output-files partner:demo',
      ...claims,
    };
    return sign({ alg: alg ?? signer.alg, kid: signer.kid, typ: 'at+jwt', ...header }, payload, signer);
  };

  return {
    issuer,
    audience,
    metadata,
    publishedKeys,
    requests,
    mint,
    publish,
    rotateKeys,
    answer: (endpoint, answer) => void (answer ? answers.set(endpoint, answer) : answers.delete(endpoint)),
    goDown,
    comeUp: async () => void (await listen(port)),
    close: goDown,
  };
}

/** @param alg of JWS, HS256 and its like included; `modulusLength` is for RSA, in bits */
export async function generateTestKey(
  alg = 'ES256',
  { modulusLength = 2048 }: { modulusLength?: number } = {},
): Promise<TestKey> {
  const kid = randomUUID();
  if (alg.startsWith('HS')) {
    const secret = randomBytes(64);
    return { alg, kid, signingKey: secret, publicJwk: { kty: 'oct', k: secret.toString('base64url'), kid, alg } };
  }
  const { privateKey, publicKey } = await generateKeyPair(alg, { modulusLength, extractable: true });
  return { alg, kid, signingKey: privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

/** Signs what jose lets nobody sign by mistake, too: no algorithm, and critical headers that nobody understands. */
async function sign(header: Record<string, unknown>, payload: Record<string, unknown>, key: TestKey): Promise<string> {
  const claims = JSON.stringify(payload);
  const { alg } = header;
  if (typeof alg !== 'string' || alg === 'none') {
    return `${[JSON.stringify(header), claims].map((part) => Buffer.from(part).toString('base64url')).join('.')}.`;
  }
  const crit = Array.isArray(header.crit) ? Object.fromEntries(header.crit.map((name: string) => [name, true])) : {};
  return new CompactSign(Buffer.from(claims)).setProtectedHeader({ ...header, alg }).sign(key.signingKey, { crit });
}

export function sendJson(response: ServerResponse, document: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(document));
}

/** A status with an empty body. */
export const answerStatus =
  (status: number): Answer =>
  (response) =>
    void response.writeHead(status).end();

export const answerRedirect =
  (location: string): Answer =>
  (response) =>
    void response.writeHead(302, { location }).end();

/** The usual answer, `ms` late. */
export const answerAfter =
  (ms: number): Answer =>
  async (_response, usual) => {
    await delay(ms, undefined, { ref: false });
    usual();
  };

/** Nothing, ever, until the connection is closed. */
export const answerNever: Answer = () => undefined;

/** A valid JSON document of at least so many bytes. */
export const answerOversized =
  (bytes: number): Answer =>
  (response) =>
    sendJson(response, { keys: [], padding: 'x'.repeat(bytes) });
