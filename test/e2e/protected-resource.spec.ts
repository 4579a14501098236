import { startTestApplication, type TestApplication } from '../support/application';

const WELL_KNOWN = '/.well-known/oauth-protected-resource';

/** RFC 9728: how a client finds out which issuer to ask for a token. */
describe('the metadata of the protected resource', () => {
  const get = (slipway: TestApplication, path: string) => slipway.request('get', path, { token: null });

  it('is public, names the issuer and the job scopes, and no partner', async () => {
    const slipway = await startTestApplication();
    try {
      // With the path of the audience, https://slipway.test/api, too (§3.1).
      for (const path of [WELL_KNOWN, `${WELL_KNOWN}/`, `${WELL_KNOWN}/api`, `${WELL_KNOWN}/api/`]) {
        const response = await get(slipway, path);
        expect([path, response.status, response.headers.get('content-type')]).toEqual([
          path,
          200,
          expect.stringMatching(/^application\/json/),
        ]);
        expect(response.json).toEqual({
          resource: slipway.issuer.audience,
          authorization_servers: [slipway.issuer.issuer],
          scopes_supported: ['create:jobs', 'read:jobs', 'read:jobs:output-files'],
          bearer_methods_supported: ['header'],
        });
      }
      for (const path of [`${WELL_KNOWN}/other`, `${WELL_KNOWN}/api/more`, `${WELL_KNOWN}x`, `/v1${WELL_KNOWN}`]) {
        const response = await get(slipway, path);
        expect([path, response.status, response.json.code]).toEqual([path, 404, 'route_not_found']);
      }
    } finally {
      await slipway.close();
    }
  });

  it('is at one place where the audience is no URL', async () => {
    const slipway = await startTestApplication({ env: { EXTERNAL_API_TOKEN_AUDIENCE: 'slipway' } });
    try {
      expect((await get(slipway, WELL_KNOWN)).json.resource).toBe('slipway');
      expect((await get(slipway, `${WELL_KNOWN}/slipway`)).status).toBe(404);
    } finally {
      await slipway.close();
    }
  });

  it('is not there without an issuer', async () => {
    const slipway = await startTestApplication({ env: { EXTERNAL_API_TOKEN_ISSUER: '' } });
    try {
      const response = await get(slipway, WELL_KNOWN);
      expect([response.status, response.json.code]).toEqual([404, 'route_not_found']);
    } finally {
      await slipway.close();
    }
  });
});
