import { startWebTestApplication, type SignedInAgent, type WebTestApplication } from '../support/web';

const BASE = '/api/partners/demo/tenants/north';

describe("a tenant's bundles on the web page", () => {
  let slipway: WebTestApplication;
  let ada: SignedInAgent;
  beforeAll(async () => {
    slipway = await startWebTestApplication();
    ada = await slipway.signIn({ roles: [{ role: 'staff', partner: 'demo', tenant: 'north' }] });
  });
  afterAll(() => slipway.close());

  it("are those of the tenant's partner, and can be searched", async () => {
    const { items } = (await ada.request('get', `${BASE}/bundles`)).json;
    expect(items.map(({ path }: { path: string }) => path)).toEqual(['bundles/scores']);
    const search = async (text: string) => (await ada.request('get', `${BASE}/bundles?search=${text}`)).json.items.length;
    expect([await search('SCORES'), await search('nothing')]).toEqual([1, 0]);
    expect((await ada.request('get', `${BASE}/bundles/bundles/other`)).json.code).toBe('bundle_not_found');
  });

  it('say which columns they need, and what a person may give', async () => {
    const bundle = (await ada.request('get', `${BASE}/bundles/bundles/scores`)).json;
    expect(bundle.columns.INPUT_FILE).toEqual({ required: ['score'], optional: [] });
    const params = bundle.params.map(({ envVar }: { envVar: string }) => envVar);
    expect(params).toContain('TEST_TYPE');
    expect(params).not.toContain('API_YEAR');
    expect(bundle.params.find(({ envVar }: { envVar: string }) => envVar === 'STUDENT_ID_NAME')).toMatchObject({
      default: 'student_id',
    });
  });

  it("offer the user's last settings, or else the tenant's", async () => {
    const last = async (user: SignedInAgent) => (await user.request('get', `${BASE}/bundles/bundles/scores`)).json.lastSettings;
    const create = (user: SignedInAgent, schoolYear: string, tenant = 'north') =>
      user.request('post', `/api/partners/demo/tenants/${tenant}/jobs`, {
        body: { bundle: 'bundles/scores', schoolYear, files: { INPUT_FILE: 'a.csv' }, params: { TEST_TYPE: 'Fall' } },
      });
    expect(await last(ada)).toBeNull();
    const grace = await slipway.signIn({ roles: [{ role: 'partner_admin', partner: 'demo' }] });
    await create(grace, '2024', 'south');
    expect(await last(ada)).toBeNull();
    await create(ada, '2025');
    await create(grace, '2026');
    expect(await last(ada)).toEqual({ schoolYear: '2025', params: { TEST_TYPE: 'Fall' } });
    const eve = await slipway.signIn({ roles: [{ role: 'staff', partner: 'demo', tenant: 'north' }] });
    expect(await last(eve)).toMatchObject({ schoolYear: '2026' });
  });
});
