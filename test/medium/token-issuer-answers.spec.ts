import { gzipSync } from 'node:zlib';
import { fetchIssuerKeys } from '../../src/external-api/auth/oidc-discovery';
import {
  answerNever,
  answerOversized,
  answerRedirect,
  answerStatus,
  NO_REQUESTS,
  sendJson,
  type Endpoint,
  type TestIssuer,
} from '../support/issuer';
import { FETCH_TIMEOUT_MS, useTokenVerifier } from '../support/token-verifier';
import { waitFor } from '../support/wait';

/** For a fetch that is to fail by its slowness. */
const SHORT_TIMEOUT_MS = 100;

const { setUp, startIssuer } = useTokenVerifier();

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
    [
      'over 1 MB that came compressed',
      (issuer) => {
        const body = gzipSync(JSON.stringify({ ...issuer.metadata, keys: issuer.publishedKeys, padding: 'x'.repeat(1024 ** 2) }));
        issuer.answer(endpoint, (response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(body));
      },
    ],
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

  it.each(bad)('%s counts as unreachable', async (_, spoil, timeoutMs = FETCH_TIMEOUT_MS) => {
    const { issuer, clock, network, kindFor } = await setUp();
    spoil(issuer);
    network.timeoutMs = timeoutMs;
    expect(await kindFor()).toBe('token_issuer_unavailable');
    issuer.answer(endpoint);
    network.timeoutMs = FETCH_TIMEOUT_MS;
    clock.advance(1);
    expect(await kindFor()).toBe('verified');
  });

  it.each(bad)('%s leaves the last good keys', async (_, spoil, timeoutMs = FETCH_TIMEOUT_MS) => {
    const { issuer, clock, network, kindFor } = await setUp();
    expect(await kindFor()).toBe('verified');
    spoil(issuer);
    network.timeoutMs = timeoutMs;
    clock.advance(600);
    expect(await kindFor()).toBe('verified');
  });

  it('that redirects is not followed', async () => {
    const { issuer, kindFor } = await setUp();
    const elsewhere = await startIssuer();
    Object.assign(elsewhere.metadata, issuer.metadata);
    elsewhere.publishedKeys.push(...issuer.publishedKeys);
    const target = endpoint === 'jwks' ? '/jwks' : '/.well-known/openid-configuration';
    issuer.answer(endpoint, answerRedirect(`${elsewhere.issuer}${target}`));
    expect(await kindFor()).toBe('token_issuer_unavailable');
    expect(elsewhere.requests).toEqual(NO_REQUESTS);
  });
});

it('takes a JWKS just under 1 MB', async () => {
  const { issuer, kindFor } = await setUp();
  const padding = 'x'.repeat(1_000_000);
  issuer.answer('jwks', (response) => sendJson(response, { keys: issuer.publishedKeys, padding }));
  expect(await kindFor()).toBe('verified');
});

it('waits 5 s for both documents together', async () => {
  const issuer = await startIssuer();
  issuer.answer('jwks', answerNever);
  const limit = new AbortController();
  const timeout = jest.spyOn(AbortSignal, 'timeout').mockReturnValue(limit.signal);
  try {
    const fetching = fetchIssuerKeys(issuer.issuer);
    await waitFor(() => issuer.requests.jwks === 1);
    expect(timeout.mock.calls).toEqual([[5000]]);
    limit.abort(new Error('the time is over'));
    await expect(fetching).rejects.toThrow('the time is over');
  } finally {
    timeout.mockRestore();
  }
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
