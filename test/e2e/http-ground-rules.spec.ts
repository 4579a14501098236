import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { startTestApplication, type TestApplication } from '../support/application';
import { adminQuery } from '../support/database';
import { waitFor } from '../support/wait';

/** What holds for every path: identification, errors, methods, headers, the order of the checks. */
describe('the HTTP ground rules', () => {
  let slipway: TestApplication;
  beforeAll(async () => {
    slipway = await startTestApplication();
  });
  afterAll(() => slipway.close());

  it.each([
    ['an unknown path', 'get', '/v1/nothing'],
    ['an unknown path outside the API', 'get', '/nothing'],
    ['a method that a path lacks', 'delete', '/v1/jobs'],
    ['PUT', 'put', '/v1/jobs'],
    ['OPTIONS', 'options', '/v1/jobs'],
    ['another version', 'get', '/v2/jobs'],
    ['an undecodable path', 'get', '/v1/jobs/%E0%A4%A'],
  ] as const)('answer %s with 404 route_not_found', async (_name, method, path) => {
    const response = await slipway.request(method, path);
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(response.json).toEqual({
      type: 'urn:slipway:problem:route_not_found',
      title: expect.any(String),
      status: 404,
      detail: expect.any(String),
      code: 'route_not_found',
      requestId: response.headers.get('x-request-id'),
    });
  });

  it('put an id and no-store on every answer, and nothing about the software', async () => {
    for (const path of ['/v1/jobs/x', '/health/live', '/docs/v1.json', '/nothing']) {
      const { headers } = await slipway.request('get', path);
      expect([path, headers.get('x-request-id'), headers.get('cache-control')]).toEqual([path, expect.any(String), 'no-store']);
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it('look at the token, then the scope, then the client, then the shape, then the partner, then the rest', async () => {
    const body = { partner: 'other', nonsense: 1 };
    const post = async (claims: Record<string, unknown> | null, sent: unknown = body) => {
      const token = claims === null ? null : await slipway.token(claims);
      return (await slipway.request('post', '/v1/jobs', { body: sent, token })).json.code as string;
    };
    expect(await post(null)).toBe('token_missing');
    expect(await post({ scope: 'read:jobs', client_id: undefined })).toBe('insufficient_scope');
    expect(await post({ scope: 'create:jobs', client_id: undefined })).toBe('client_missing');
    expect(await post({ scope: 'create:jobs' })).toBe('invalid_request');
    const shapely = { partner: 'other', tenant: 'none', bundle: 'none', schoolYear: '1999', files: {} };
    expect(await post({ scope: 'create:jobs partner:demo' }, shapely)).toBe('partner_not_allowed');
    expect(await post({ scope: 'create:jobs partner:other' }, shapely)).toBe('tenant_not_found');
  });

  it('challenge whoever is refused, without letting a code into the header', async () => {
    const challenge = async (options: Parameters<TestApplication['request']>[2]) =>
      (await slipway.request('post', '/v1/jobs', options)).headers.get('www-authenticate');
    expect(await challenge({ token: null, body: {} })).toBe('Bearer realm="slipway"');
    expect(await challenge({ token: 'junk', body: {} })).toMatch(/^Bearer realm="slipway", error="invalid_token"/);
    expect(await challenge({ token: await slipway.token({ scope: '' }), body: {} })).toMatch(
      /error="insufficient_scope".*scope="create:jobs"/,
    );
    const other = { partner: 'other', tenant: 'x', bundle: 'x', schoolYear: '2026', files: {} };
    expect(await challenge({ body: other })).toMatch(/error="insufficient_scope".*scope="partner:other"/);
  });

  it('take a token of 16,384 bytes and judge a longer one', async () => {
    const long = async (bytes: number) => {
      const bare = (await slipway.token({ pad: '' })).length;
      // Base64 turns three bytes into four, so the padding is tried around the estimate until the length fits.
      for (let pad = Math.floor(((bytes - bare) * 3) / 4) - 4; ; pad++) {
        const token = await slipway.token({ pad: 'x'.repeat(pad) });
        if (token.length >= bytes) return token;
      }
    };
    const fits = (await long(16_383)).length <= 16_384 ? await long(16_383) : await long(16_380);
    expect((await slipway.request('post', '/v1/token/verify', { token: fits })).status).toBe(200);
    const tooLong = await slipway.request('post', '/v1/token/verify', { token: await long(17 * 1024) });
    expect([tooLong.status, tooLong.json.code]).toEqual([401, 'token_invalid']);
  });

  it('take an empty chunked body as none', async () => {
    const token = await slipway.token();
    const request = httpRequest(`${slipway.url}/v1/token/verify`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'transfer-encoding': 'chunked' },
    });
    request.end();
    const [response] = (await once(request, 'response')) as [{ statusCode: number; resume(): void }];
    response.resume();
    expect(response.statusCode).toBe(200);
  });
});

describe('without an issuer', () => {
  it('every route of the External API says that it is disabled', async () => {
    const slipway = await startTestApplication({ env: { EXTERNAL_API_TOKEN_ISSUER: '' } });
    try {
      for (const [method, path] of [
        ['post', '/v1/jobs'],
        ['get', '/v1/jobs/x'],
        ['post', '/v1/token/verify'],
      ] as const) {
        const response = await slipway.request(method, path, { token: 'any' });
        expect([response.status, response.json.code]).toEqual([503, 'external_api_disabled']);
        expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
      }
      await waitFor(async () => (await slipway.request('get', '/health/ready')).status === 200);
    } finally {
      await slipway.close();
    }
  });
});

describe('when the database goes away', () => {
  it('requests get 503 database_unavailable, and work again when it is back', async () => {
    const slipway = await startTestApplication();
    const token = await slipway.token();
    const get = () => slipway.request('get', '/v1/jobs/019ab6c2-7a10-7c3e-9d51-0b8a4f3f2a11', { token });
    const name = new URL(slipway.config.database.url).pathname.slice(1);
    try {
      expect((await get()).status).toBe(404);
      await adminQuery(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS false`);
      await adminQuery(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
      const away = await get();
      expect([away.status, away.json.code]).toEqual([503, 'database_unavailable']);
      expect(away.headers.get('retry-after')).toMatch(/^\d+$/);
      expect((await slipway.request('get', '/health/ready')).status).toBe(503);
      expect((await slipway.request('get', '/health/live')).status).toBe(200);
      await adminQuery(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS true`);
      expect((await get()).status).toBe(404);
      // Whatever takes more than a second counts as down there.
      await waitFor(async () => (await slipway.request('get', '/health/ready')).status === 200);
    } finally {
      await adminQuery(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS true`);
      await slipway.close();
    }
  });
});
