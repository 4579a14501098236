import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { type LocalIssuer, startLocalIssuer } from '../../src/local/issuer/local-issuer';

const audience = 'https://slipway.test/api';
const client = {
  clientId: 'demo',
  clientSecret: 'a secret/with:odd+characters%',
  clientName: 'Demo system Šárka',
  scopes: ['create:jobs', 'read:jobs', 'read:jobs:output-files', 'partner:demo', 'partner:a:b'],
};
const other = { clientId: 'other', clientSecret: 'other-secret', clientName: 'Other', scopes: ['read:jobs', 'partner:other'] };

let directory: string;
let local: LocalIssuer;
const printed: unknown[][] = [];

beforeAll(async () => {
  for (const level of ['log', 'info', 'warn', 'error'] as const) {
    jest.spyOn(console, level).mockImplementation((...args: unknown[]) => void printed.push(args));
  }
  directory = await mkdtemp(path.join(tmpdir(), 'slipway-issuer-'));
  local = await startLocalIssuer({ directory, audience, clients: [client, other] });
});

afterAll(async () => {
  await local.close();
  await rm(directory, { recursive: true, force: true });
  jest.restoreAllMocks();
});

const inBody = { client_id: client.clientId, client_secret: client.clientSecret };

async function requestToken(parameters: Record<string, string>, headers: Record<string, string> = {}) {
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...parameters });
  const response = await fetch(local.tokenEndpoint, { method: 'POST', body, headers });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

async function verify(token: string | undefined, { issuer } = local) {
  const discovery = await fetch(`${issuer}/.well-known/openid-configuration`);
  const metadata = (await discovery.json()) as { issuer: string; jwks_uri: string; token_endpoint: string };
  expect(metadata).toMatchObject({ issuer, token_endpoint: local.tokenEndpoint });
  return jwtVerify(token ?? '', createRemoteJWKSet(new URL(metadata.jwks_uri)), { issuer, audience, typ: 'at+jwt' });
}

it('gives a client all its scopes in a JWT access token that discovery and the JWKS verify', async () => {
  const { status, body } = await requestToken(inBody);
  expect({ status, ...body }).toMatchObject({
    status: 200,
    token_type: 'Bearer',
    expires_in: 3600,
    scope: client.scopes.join(' '),
  });
  const { payload, protectedHeader } = await verify(body.access_token);
  expect(payload).toMatchObject({
    aud: audience,
    sub: 'demo',
    client_id: 'demo',
    client_name: client.clientName,
    scope: client.scopes.join(' '),
  });
  expect(payload.exp! - payload.iat!).toBe(3600);
  expect(protectedHeader).toMatchObject({ alg: 'RS256', typ: 'at+jwt', kid: expect.any(String) });
});

it('takes the secret by HTTP Basic too', async () => {
  const credentials = [client.clientId, client.clientSecret].map(encodeURIComponent).join(':');
  const { body } = await requestToken({}, { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` });
  await expect(verify(body.access_token)).resolves.toMatchObject({ payload: { client_id: 'demo' } });
});

it('gives the scopes that were asked for and no more', async () => {
  const { body } = await requestToken({ ...inBody, scope: 'read:jobs partner:a:b' });
  expect(body.scope).toBe('read:jobs partner:a:b');
  await expect(verify(body.access_token)).resolves.toMatchObject({ payload: { scope: 'read:jobs partner:a:b' } });
});

it.each(['read:jobs nonsense', 'partner:other', 'read:jobs partner:demo:'])(
  'refuses the scope %s, which is not the client’s',
  async (scope) => {
    await expect(requestToken({ ...inBody, scope })).resolves.toMatchObject({ status: 400, body: { error: 'invalid_scope' } });
  },
);

it.each([
  ['a wrong secret', { ...inBody, client_secret: 'wrong' }],
  ['another client’s secret', { ...inBody, client_secret: other.clientSecret }],
  ['an unknown client', { ...inBody, client_id: 'stranger' }],
])('refuses %s', async (_what, parameters) => {
  await expect(requestToken(parameters)).resolves.toMatchObject({ status: 401, body: { error: 'invalid_client' } });
});

it('serves one audience only', async () => {
  await expect(requestToken({ ...inBody, resource: audience })).resolves.toMatchObject({ status: 200 });
  await expect(requestToken({ ...inBody, resource: 'https://elsewhere.test/' })).resolves.toMatchObject({
    status: 400,
    body: { error: 'invalid_target' },
  });
});

it('keeps its keys, readable by their owner alone, so that earlier tokens stay good on the same port', async () => {
  const { body } = await requestToken(inBody);
  await local.close();
  local = await startLocalIssuer({ directory, audience, clients: [client, other], port: Number(new URL(local.issuer).port) });
  await expect(verify(body.access_token)).resolves.toMatchObject({ payload: { client_id: 'demo' } });
  const { mode } = await stat(path.join(directory, 'signing-keys.json'));
  expect(mode & 0o777).toBe(0o600);
  await expect(fetch(`${local.issuer}/jwks`).then((response) => response.text())).resolves.not.toMatch(/"(d|p|q)":/);
});

it('says which port is in use', async () => {
  const port = Number(new URL(local.issuer).port);
  await expect(startLocalIssuer({ directory, audience, clients: [], port })).rejects.toThrow(
    `127.0.0.1:${port}: the port is in use`,
  );
});

it('says which file is broken instead of making new keys over it', async () => {
  const broken = await mkdtemp(path.join(tmpdir(), 'slipway-issuer-'));
  const file = path.join(broken, 'signing-keys.json');
  await writeFile(file, '{}');
  await expect(startLocalIssuer({ directory: broken, audience, clients: [] })).rejects.toThrow(`${file} is no JWK Set`);
  await expect(readFile(file, 'utf8')).resolves.toBe('{}');
  await rm(broken, { recursive: true });
});

it('prints nothing, whatever it is asked', async () => {
  await requestToken(inBody, { origin: 'https://page.test' });
  await fetch(local.tokenEndpoint, { method: 'POST', headers: { accept: 'text/html' } });
  await fetch(`${local.issuer}/nothing-here`, { headers: { accept: 'text/html' } });
  expect(printed).toEqual([]);
});
