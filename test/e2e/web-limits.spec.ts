import { upload } from '../support/partner';
import { startWebTestApplication, type SignedInAgent, type WebTestApplication } from '../support/web';
import { waitFor } from '../support/wait';

const STAFF = { roles: [{ role: 'staff', partner: 'demo', tenant: 'north' }] } as const;
const BASE = '/api/partners/demo/tenants/north';
const NEW_JOB = { bundle: 'bundles/scores', schoolYear: '2026', files: { INPUT_FILE: 'a.csv' }, params: { TEST_TYPE: 'Fall' } };

describe('a rate limit for people of 60 a minute', () => {
  let slipway: WebTestApplication;
  beforeAll(async () => {
    slipway = await startWebTestApplication({ env: { USER_RATE_LIMIT_PER_MINUTE: '60' } });
  });
  afterAll(() => slipway.close());

  /** Uses up what there is, and what comes back meanwhile on a slow machine. @returns the refusal. */
  const exhaust = async (agent: SignedInAgent) => {
    await Promise.all(Array.from({ length: 300 }, () => agent.request('get', BASE)));
    return waitFor(async () => {
      const response = await agent.request('get', BASE);
      return response.status === 429 && response;
    });
  };

  it('tells whoever is past it to wait, in all their sessions and everywhere, and nobody else', async () => {
    const [ada, grace] = [await slipway.signIn(STAFF), await slipway.signIn(STAFF)];
    const refused = await exhaust(ada);
    expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(refused.json).toMatchObject({ code: 'rate_limited', status: 429, detail: expect.stringContaining('Wait 1 s') });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.headers.get('ratelimit-policy')).toBe('"user";q=200;w=200');
    expect(refused.headers.get('ratelimit')).toBe('"user";r=0;t=1');

    const elsewhere = await slipway.signInAs(ada.user);
    // A token may come back between two requests.
    for (const path of ['/api/session', '/api/tenants', '/api/admin/audit', `${BASE}/jobs`])
      await waitFor(async () => (await elsewhere.request('get', path)).json.code === 'rate_limited');
    expect((await grace.request('get', BASE)).status).toBe(200);
    expect((await slipway.request('get', '/v1/jobs')).status).toBe(200);
  });

  it('says on the answers to somebody signed in how much is left, and not on others', async () => {
    const agent = await slipway.signIn(STAFF);
    expect((await agent.request('get', '/api/session')).headers.get('ratelimit')).toBe('"user";r=199;t=1');
    expect((await agent.request('get', '/api/admin/audit')).headers.get('ratelimit')).toMatch(/^"user";r=19[89];t=1$/);
    for (const path of ['/api/session', '/api/tenants'])
      expect((await slipway.nobody.request('get', path)).headers.get('ratelimit')).toBeNull();
  });

  it('lets everybody sign out', async () => {
    const agent = await slipway.signIn(STAFF);
    await exhaust(agent);
    expect((await agent.request('post', '/api/auth/logout')).status).toBe(200);
  });
});

describe('a limit of two open jobs of a person', () => {
  let slipway: WebTestApplication;
  let ada: SignedInAgent;
  beforeAll(async () => {
    slipway = await startWebTestApplication({ env: { MAX_OPEN_JOBS_PER_USER: '2' } });
  });
  beforeEach(async () => void (ada = await slipway.signIn(STAFF)));
  afterAll(() => slipway.close());

  const create = (agent: SignedInAgent) => agent.request('post', `${BASE}/jobs`, { body: NEW_JOB });

  it('is held by any number of creations at once, and is their own', async () => {
    const statuses = (await Promise.all(Array.from({ length: 20 }, () => create(ada)))).map(({ status }) => status);
    expect(statuses.sort()).toEqual([201, 201, ...Array<number>(18).fill(429)]);
    const refused = await create(ada);
    expect(refused.json).toMatchObject({ code: 'too_many_open_jobs', detail: expect.stringContaining('The user has 2 jobs') });
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    expect((await create(await slipway.signIn(STAFF))).status).toBe(201);
  });

  it('does not count what has ended, and holds for a retry by whomever', async () => {
    const { uid, uploads } = (await create(ada)).json;
    await upload(uploads.INPUT_FILE, 'a,b\n1,2\n');
    expect((await ada.request('post', `${BASE}/jobs/${uid}/start`)).status).toBe(202);
    expect((await ada.request('post', `${BASE}/jobs/${uid}/cancel`)).status).toBe(202);
    const other = (await create(ada)).json.uid;
    expect((await create(ada)).status).toBe(201);
    const colleague = await slipway.signIn(STAFF);
    const retry = () => colleague.request('post', `${BASE}/jobs/${uid}/retry`);
    expect((await retry()).json.code).toBe('too_many_open_jobs');
    await ada.request('post', `${BASE}/jobs/${other}/cancel`);
    expect((await retry()).status).toBe(202);
  });
});
