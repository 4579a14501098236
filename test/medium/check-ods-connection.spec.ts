import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { checkConnection, type ConnectionCheck } from '../../src/ods/check-connection';
import type { OdsFetch } from '../../src/ods/ods-fetch';
import { AddressPolicy } from '../../src/platform/outbound/address-policy';
import { guardedAgents, type ResolveHost } from '../../src/platform/outbound/guarded-agents';
import { sendGuarded } from '../../src/platform/outbound/guarded-request';
import { answerJson, ED_FI_TEXT, startEdFiApi, type EdFiApi, type EdFiApiOptions } from '../support/ed-fi-api';

const agents = guardedAgents(new AddressPolicy(['127.0.0.0/8']));
const fetchWith =
  (own = agents, timeoutMs = 10_000): OdsFetch =>
  (request) =>
    sendGuarded(own, request, AbortSignal.timeout(timeoutMs));

const running: EdFiApi[] = [];
async function start(options: EdFiApiOptions = {}): Promise<EdFiApi> {
  const api = await startEdFiApi(options);
  running.push(api);
  return api;
}
afterEach(async () => {
  await Promise.all(running.splice(0).map((api) => api.close()));
});

function check(
  { baseUrl, key, secret }: Pick<EdFiApi, 'baseUrl' | 'key' | 'secret'>,
  { schoolYear = '2026', fetch = fetchWith() } = {},
): Promise<ConnectionCheck> {
  return checkConnection(fetch, { baseUrl: new URL(baseUrl), key, secret, schoolYear });
}

/** The step that failed, with its words. */
function failureOf({ ok, steps }: ConnectionCheck): string {
  const last = steps.at(-1);
  expect([ok, last?.ok, steps.slice(0, -1).every((step) => step.ok)]).toEqual([false, false, true]);
  expect(JSON.stringify(steps)).not.toContain(ED_FI_TEXT);
  return `${last?.step}: ${last?.detail}`;
}

describe('checking a connection', () => {
  it.each<EdFiApiOptions>([
    { dialect: '6.2' },
    { dialect: '7.3' },
    { dialect: '8.0' },
    { dialect: '7.3', years: null },
    { dialect: '8.0', years: null },
  ])('goes all the way with %j', async (options) => {
    const api = await start(options);
    const result = await check(api);
    expect(result.steps.map(({ step, ok }) => [step, ok])).toEqual([
      ['base_url_reached', true],
      ['discovery_read', true],
      ['token_obtained', true],
      ['school_year_served', true],
    ]);
    expect(result).toMatchObject({
      ok: true,
      apiVersion: options.dialect,
      dataModels: [
        { name: 'Ed-Fi', version: '5.2.0' },
        { name: 'TPDM', version: '1.1.0' },
      ],
    });
    expect(JSON.stringify(result)).not.toContain(ED_FI_TEXT);
    expect(api.requests.filter(({ method }) => method !== 'GET').map(({ path }) => path)).toEqual(['/api/oauth/token']);
    expect(api.requests[0]?.authorization).toBeUndefined();
  });

  it.each<EdFiApiOptions>([{ dialect: '6.2' }, { dialect: '7.3' }, { dialect: '8.0' }])(
    'says of %j that it does not serve another year',
    async (options) => {
      expect(failureOf(await check(await start(options), { schoolYear: '2031' }))).toContain(
        'does not serve the school year 2031',
      );
    },
  );

  it('takes a key that may not read the collection for good', async () => {
    const api = await start();
    api.answer('/api/2026/data/v3/ed-fi/schoolYearTypes', answerJson(403, { message: ED_FI_TEXT }));
    expect((await check(api)).ok).toBe(true);
  });

  it('says that the key or the secret is wrong', async () => {
    const api = await start();
    expect(failureOf(await check({ ...api, secret: 'wrong' }))).toBe(
      'token_obtained: The API does not accept the key and the secret.',
    );
  });

  it.each([
    ['400 of a wrong client', answerJson(400, { error: 'invalid_client' }), 'does not accept the key'],
    ['400 of another kind', answerJson(400, { error: ED_FI_TEXT }), 'status 400'],
    ['429', answerJson(429, {}), 'live tokens'],
    ['500', answerJson(500, { message: ED_FI_TEXT }), 'status 500'],
    ['no token', answerJson(200, { token: 'x' }), 'has none'],
    ['a token that would break a header', answerJson(200, { access_token: 'a\r\nb' }), 'has none'],
    ['a redirect', answerJson(307, {}, { location: 'http://169.254.169.254/' }), 'status 307'],
  ])('says what is wrong with a token endpoint that answers %s', async (_name, answer, words) => {
    const api = await start();
    api.answer('/api/oauth/token', answer);
    expect(failureOf(await check(api))).toMatch(new RegExp(`^token_obtained: .*${words}`));
    expect(api.requests).toHaveLength(2);
  });

  it.each([
    ['a redirect', answerJson(301, {}, { location: 'https://elsewhere.example.org/' }), 'redirect'],
    ['404', answerJson(404, { message: ED_FI_TEXT }), 'status 404'],
    ['a list', answerJson(200, [ED_FI_TEXT]), 'no Ed-Fi API'],
    ['no addresses', answerJson(200, { version: '7.3', urls: {} }), 'no Ed-Fi API'],
    ['markup for a version', answerJson(200, { version: '<b>7</b>', urls: {} }), 'no Ed-Fi API'],
    [
      'a token endpoint elsewhere',
      answerJson(200, {
        version: '8.0',
        urls: { oauth: 'http://127.0.0.1:1/token', dataManagementApi: 'http://127.0.0.1:1/data' },
      }),
      'credentials are not sent there',
    ],
  ])('says what is wrong with a base URL that answers %s', async (_name, answer, words) => {
    const api = await start();
    api.answer('/api', answer);
    expect(failureOf(await check(api))).toMatch(new RegExp(`^discovery_read: .*${words}`));
    // Nothing was sent after it, so no secret either.
    expect(api.requests).toHaveLength(1);
  });

  it('asks for a base URL with the instance, where the API has more than years', async () => {
    const api = await start();
    const urls = { oauth: `${api.baseUrl}/{tenantIdentifier}/oauth/token`, dataManagementApi: `${api.baseUrl}/data/v3` };
    api.answer('/api', answerJson(200, { version: '7.3', urls }));
    expect(failureOf(await check(api))).toMatch(/^token_obtained: .*more than a school year/);
  });

  it('gives up an endless answer, and one that does not come', async () => {
    const api = await start();
    api.answer('/api', (_request, response) => {
      const write = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
        response.once('drain', write);
      };
      write();
    });
    expect(failureOf(await check(api))).toContain('far larger');
    api.answer('/api', () => undefined);
    expect(failureOf(await check(api, { fetch: fetchWith(agents, 200) }))).toContain('no answer in time');
    api.answer('/api', (_request, response) => void response.write('{'));
    expect(failureOf(await check(api, { fetch: fetchWith(agents, 200) }))).toContain('no answer in time');
  });
});

describe('a check does not reach', () => {
  const strict = fetchWith(guardedAgents(new AddressPolicy()));

  it.each(['127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '10.0.0.1', '169.254.169.254', '2130706433'])('%s', async (host) => {
    const api = await start();
    const result = await check({ ...api, baseUrl: `http://${host}:${api.port}/api` }, { fetch: strict });
    expect(failureOf(result)).toMatch(/^base_url_reached: .*may connect to/);
    expect(api.requests).toEqual([]);
  });

  it('an address that the name resolves to once its secret is to be sent', async () => {
    const api = await start();
    const addresses = ['127.0.0.1', '10.0.0.7'];
    const rebind = ((_host: string, _options: unknown, done: (error: null, found: object[]) => void) => {
      done(null, [{ address: addresses.shift() ?? '10.0.0.7', family: 4 }]);
    }) as unknown as ResolveHost;
    const baseUrl = `http://ods.example.org:${api.port}/api`;
    const urls = { oauth: `${baseUrl}/oauth/token`, dataManagementApi: `${baseUrl}/data/v3` };
    api.answer('/api', answerJson(200, { version: '7.3', urls }));
    const fetch = fetchWith(guardedAgents(new AddressPolicy(['127.0.0.0/8']), rebind));
    expect(failureOf(await check({ ...api, baseUrl }, { fetch }))).toMatch(/^token_obtained: .*may connect to/);
    expect(api.requests.map(({ path }) => path)).toEqual(['/api']);
  });

  it('what is no web server, no TLS, not there, or has no name', async () => {
    const api = await start();
    const https = api.baseUrl.replace('http:', 'https:');
    expect(failureOf(await check({ ...api, baseUrl: https }))).toMatch(/secure connection/);
    const noise = createServer((socket) => socket.resume().end('noise\r\n\r\n')).listen(0, '127.0.0.1');
    await once(noise, 'listening');
    const { port } = noise.address() as AddressInfo;
    expect(failureOf(await check({ ...api, baseUrl: `http://127.0.0.1:${port}/` }))).toMatch(/no web server/);
    noise.close();
    await once(noise, 'close');
    expect(failureOf(await check({ ...api, baseUrl: `http://127.0.0.1:${port}/` }))).toMatch(/does not accept/);
    const unknown = ((_host: string, _options: unknown, done: (error: Error) => void) => {
      done(Object.assign(new Error(ED_FI_TEXT), { code: 'ENOTFOUND', syscall: 'getaddrinfo' }));
    }) as unknown as ResolveHost;
    const fetch = fetchWith(guardedAgents(new AddressPolicy(), unknown));
    expect(failureOf(await check({ ...api, baseUrl: 'https://ods.example.org/' }, { fetch }))).toMatch(/cannot be resolved/);
  });
});
