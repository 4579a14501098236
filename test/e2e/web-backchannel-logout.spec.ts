import { Browser } from '../support/browser';
import { generateTestKey } from '../support/issuer';
import { LOGIN_CLIENT, type LoginIssuer } from '../support/login-issuer';
import { begin, finish, LoginStage, sessionOf } from '../support/login-stage';
import { startWebTestApplication, type WebTestApplication } from '../support/web';

describe('back-channel logout', () => {
  let stage: LoginStage;
  let slipway: WebTestApplication;
  let issuer: LoginIssuer;
  let other: LoginIssuer;
  beforeAll(async () => {
    stage = await LoginStage.set();
    ({ slipway, issuer, other } = stage);
  });
  afterAll(() => stage.clear());

  const browser = () => stage.browser();
  const signIn: LoginStage['signIn'] = (...args) => stage.signIn(...args);

  const post = (token: string, more = '') =>
    slipway.request('post', '/api/auth/backchannel-logout', {
      token: null,
      body: `logout_token=${encodeURIComponent(token)}${more}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
  const signedIn = async (sub: string, sid?: string): Promise<Browser> => {
    const who = browser();
    await signIn(who, { sub, sid });
    return who;
  };
  const stateOf = async (who: Browser) => (await sessionOf(who)).state;

  it('ends the one session that it names', async () => {
    const [first, second] = [await signedIn('two', 's1'), await signedIn('two', 's2')];
    const response = await post(await issuer.logoutToken({ sid: 's1' }), '&and=more');
    expect([response.status, response.text, response.headers.get('cache-control')]).toEqual([200, '', 'no-store']);
    expect([await stateOf(first), await stateOf(second)]).toEqual(['signed_out', 'not_admitted']);
  });

  it('ends every session of the person whom it names, of that issuer alone', async () => {
    const [first, second] = [await signedIn('many', 's3'), await signedIn('many')];
    const bystander = await signedIn('bystander');
    const elsewhere = browser();
    await finish(elsewhere, await other.authorize(await begin(elsewhere, 'issuer=other'), { sub: 'many' }));
    expect((await post(await issuer.logoutToken({ sub: 'many' }))).status).toBe(200);
    expect(await Promise.all([first, second, bystander, elsewhere].map(stateOf))).toEqual([
      'signed_out',
      'signed_out',
      'not_admitted',
      'not_admitted',
    ]);
  });

  it('needs both to fit where both are named', async () => {
    const who = await signedIn('both', 's4');
    expect((await post(await issuer.logoutToken({ sub: 'somebody-else', sid: 's4' }))).status).toBe(200);
    expect(await stateOf(who)).toBe('not_admitted');
    await post(await issuer.logoutToken({ sub: 'both', sid: 's4' }));
    expect(await stateOf(who)).toBe('signed_out');
  });

  it('is believed once for a token', async () => {
    const token = await issuer.logoutToken({ sub: 'again' });
    expect((await post(token)).status).toBe(200);
    const who = await signedIn('again');
    const response = await post(token);
    expect([response.status, response.json.code]).toEqual([400, 'logout_token_invalid']);
    expect(await stateOf(who)).toBe('not_admitted');
  });

  it('is used once by any number of requests at once', async () => {
    const token = await issuer.logoutToken({ sub: 'race' });
    const statuses = (await Promise.all(Array.from({ length: 5 }, () => post(token)))).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 400, 400, 400, 400]);
  });

  const past = () => Math.floor(Date.now() / 1000) - 700;
  it.each<[string, () => Record<string, unknown>]>([
    ['of another client', () => ({ aud: 'somebody-else' })],
    ['of another issuer', () => ({ iss: 'https://evil.test' })],
    ['of no issuer', () => ({ iss: undefined })],
    ['that names nobody', () => ({ sub: undefined })],
    ['without the event', () => ({ events: {} })],
    ['with an event that is no object', () => ({ events: { 'http://schemas.openid.net/event/backchannel-logout': true } })],
    ['without events', () => ({ events: undefined })],
    ['that has a nonce', () => ({ nonce: 'n' })],
    ['without an id', () => ({ jti: undefined })],
    ['without a time', () => ({ iat: undefined })],
    ['without an end', () => ({ exp: undefined })],
    ['that has ended', () => ({ exp: past() })],
    ['that is old', () => ({ iat: past() })],
    ['of a time to come', () => ({ iat: past() + 1_400, exp: past() + 2_000 })],
    ['that names a session by a number', () => ({ sid: 5 })],
    ['that names a person by a number', () => ({ sub: 5 })],
  ])('is refused with a token %s', async (_, changes) => {
    const who = await signedIn('target');
    const response = await post(await issuer.logoutToken({ sub: 'target', ...changes() }));
    expect([response.status, response.json.code]).toEqual([400, 'logout_token_invalid']);
    expect(await stateOf(who)).toBe('not_admitted');
  });

  it('is not judged while the keys cannot be had', async () => {
    const settings = [{ id: 'gone', name: 'Gone', issuer: 'http://127.0.0.1:1', ...LOGIN_CLIENT }];
    const fresh = await startWebTestApplication({ env: { WEB_LOGIN_ISSUERS: JSON.stringify(settings) } });
    try {
      const token = await issuer.logoutToken({ iss: 'http://127.0.0.1:1', sub: 'a' });
      const response = await fresh.request('post', '/api/auth/backchannel-logout', {
        token: null,
        body: `logout_token=${token}`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
      expect([response.status, response.json.code]).toEqual([503, 'login_unavailable']);
    } finally {
      await fresh.close();
    }
  });

  it('is refused with an ID token, a forged one, an unsigned one, and with rubbish', async () => {
    const who = await signedIn('forged');
    const tokens = [
      await issuer.mint({ sub: 'forged', aud: LOGIN_CLIENT.clientId, nonce: 'n' }, { header: { typ: 'JWT' } }),
      await issuer.logoutToken({ sub: 'forged' }, { key: await generateTestKey() }),
      await issuer.logoutToken({ sub: 'forged' }, { header: { alg: 'none' } }),
      await issuer.logoutToken({ sub: 'forged' }, { header: { typ: 'at+jwt' } }),
      'rubbish',
      '',
    ];
    for (const token of tokens) expect((await post(token)).json.code).toBe('logout_token_invalid');
    expect(await stateOf(who)).toBe('not_admitted');
  });
});
