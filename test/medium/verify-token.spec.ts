import { bearer, send, useGuardedApplication } from '../support/guarded-application';

const scene = useGuardedApplication();
const verify = (headers: string[], body?: string) => send(scene.port, 'POST', '/v1/token/verify', headers, body);
const now = () => Math.floor(Date.now() / 1000);

describe('POST /v1/token/verify', () => {
  it.each([undefined, '{}'])('says what the token allows, for the body %s', async (body) => {
    const exp = now() + 100;
    const claims = {
      exp,
      scope: 'read:jobs partner:demo partner:a:b partner: partner:demo PARTNER:C',
      scp: ['create:jobs', 'partner:d'],
    };
    const answer = await verify(bearer(await scene.issuer.mint(claims)), body);
    expect(answer).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
    expect(answer.body).toEqual({
      issuer: scene.issuer.issuer,
      clientId: 'test-client',
      clientName: 'Test client',
      scopes: ['read:jobs', 'PARTNER:C', 'create:jobs'],
      partners: ['demo', 'a:b', 'd'],
      expiresAt: new Date(exp * 1000).toISOString(),
    });
  });

  it('takes a token without client and scopes', async () => {
    const token = await scene.issuer.mint({ client_id: undefined, client_name: undefined, scope: undefined });
    expect((await verify(bearer(token))).body).toMatchObject({ clientId: null, clientName: null, scopes: [], partners: [] });
  });

  it.each([
    ['{"token":"x"}', 'unknown_field'],
    ['[]', 'invalid_request'],
    ['"x"', 'invalid_request'],
    ['{', 'malformed_json'],
  ])('refuses the body %s', async (body, code) => {
    expect(await verify(bearer(await scene.issuer.mint()), body)).toMatchObject({ status: 400, body: { code } });
  });
});
