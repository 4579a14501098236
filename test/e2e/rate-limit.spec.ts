import { startTestApplication, type TestApplication } from '../support/application';
import { waitFor } from '../support/wait';

/** 429 rate_limited as a partner's system meets it. */
describe('a rate limit of 60 a minute', () => {
  let slipway: TestApplication;
  beforeAll(async () => {
    slipway = await startTestApplication({ env: { RATE_LIMIT_PER_MINUTE: '60' } });
  });
  afterAll(() => slipway.close());

  const verify = (token: string | null) => slipway.request('post', '/v1/token/verify', { token });
  const burst = (token: string, requests: number) => Promise.all(Array.from({ length: requests }, () => verify(token)));

  /** Uses up what there is, and what comes back meanwhile on a slow machine. @returns the refusal. */
  const exhaust = async (token: string) => {
    await burst(token, 300);
    return waitFor(async () => {
      const response = await verify(token);
      return response.status === 429 && response;
    });
  };

  it('lets 200 requests pass at once, and then tells the client to wait', async () => {
    const token = await slipway.token({ client_id: 'eager' });
    expect(new Set((await burst(token, 200)).map(({ status }) => status))).toEqual(new Set([200]));
    // As slow as this machine may be, no more than a few seconds' worth came back meanwhile.
    const refused = (await burst(token, 100)).filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(50);

    const response = await exhaust(token);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(response.json).toMatchObject({ code: 'rate_limited', status: 429, detail: expect.stringContaining('Wait 1 s') });
    expect(response.headers.get('retry-after')).toBe('1');
    expect(response.headers.get('ratelimit-policy')).toBe('"client";q=200;w=200');
    expect(response.headers.get('ratelimit')).toBe('"client";r=0;t=1');
  });

  it("leaves the other clients', and other readers', requests alone", async () => {
    const exhausted = await slipway.token({ client_id: undefined, sub: 'a reader' });
    expect((await exhaust(exhausted)).status).toBe(429);
    for (const claims of [{ client_id: 'patient' }, { client_id: 'a reader' }, { client_id: undefined, sub: 'another reader' }])
      expect((await verify(await slipway.token(claims))).status).toBe(200);
  });

  it('says on every answer how much is left, refusals included, and counts them', async () => {
    const token = await slipway.token({ client_id: 'counting', scope: 'create:jobs partner:demo' });
    const remaining = async (...request: Parameters<TestApplication['request']>) => {
      const { headers } = await slipway.request(...request);
      expect(headers.get('ratelimit-policy')).toBe('"client";q=200;w=200');
      return Number(/^"client";r=(\d+);t=1$/.exec(headers.get('ratelimit') ?? '')?.[1]);
    };
    const first = await remaining('post', '/v1/token/verify', { token });
    expect(first).toBe(199);
    expect(await remaining('post', '/v1/jobs', { token, body: { nonsense: 1 } })).toBeLessThanOrEqual(199);
  });

  it('comes after the token and the scope, which cost no rate, and before the shape', async () => {
    const exhausted = await slipway.token({ client_id: 'spent' });
    await exhaust(exhausted);
    const post = async (token: string | null) =>
      (await slipway.request('post', '/v1/jobs', { body: { nonsense: 1 }, token })).json.code as string;
    // A second after the last one that passed, another passes.
    await waitFor(async () => (await post(exhausted)) === 'rate_limited');
    expect(await post(await slipway.token({ client_id: 'spent', scope: '' }))).toBe('insufficient_scope');
    const refused = await verify('junk');
    expect([refused.status, refused.headers.get('ratelimit')]).toEqual([401, null]);
  });

  it('does not count what needs no token', async () => {
    for (const path of ['/health/live', '/.well-known/oauth-protected-resource', '/docs/v1.json'])
      expect((await slipway.request('get', path, { token: null })).headers.get('ratelimit')).toBeNull();
  });
});

it('is off at 0, and there are no headers', async () => {
  const slipway = await startTestApplication({ env: { RATE_LIMIT_PER_MINUTE: '0' } });
  try {
    const { status, headers } = await slipway.request('post', '/v1/token/verify');
    expect([status, headers.get('ratelimit'), headers.get('ratelimit-policy')]).toEqual([200, null, null]);
  } finally {
    await slipway.close();
  }
});
