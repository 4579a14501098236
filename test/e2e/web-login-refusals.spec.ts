import { Browser } from '../support/browser';
import { answerNever, generateTestKey } from '../support/issuer';
import { LOGIN_CLIENT, startLoginIssuer, type LoginIssuer } from '../support/login-issuer';
import { begin, finish, LoginStage, problemIn, sessionOf, signInProblem } from '../support/login-stage';
import { SESSION_COOKIE, startWebTestApplication } from '../support/web';

describe('signing in fails', () => {
  let stage: LoginStage;
  let issuer: LoginIssuer;
  let other: LoginIssuer;
  beforeAll(async () => {
    stage = await LoginStage.set();
    ({ issuer, other } = stage);
  });
  afterAll(() => stage.clear());

  const browser = () => stage.browser();
  const signIn: LoginStage['signIn'] = (...args) => stage.signIn(...args);

  const nobodySignedIn = async (who: Browser) => {
    expect(who.cookies.has(SESSION_COOKIE)).toBe(false);
    expect((await sessionOf(who)).state).toBe('signed_out');
  };

  it('in a browser that did not begin it, and a second time', async () => {
    const [mine, theirs] = [browser(), browser()];
    const answer = await issuer.authorize(await begin(mine));
    expect(problemIn(await finish(theirs, answer))).toEqual(signInProblem('login_expired'));
    await nobodySignedIn(theirs);
    expect((await finish(mine, answer)).pathname).toBe('/');
    expect(problemIn(await finish(mine, answer))).toEqual(signInProblem('login_expired'));
  });

  it('without a state, with an unknown one, and with two', async () => {
    const who = browser();
    const asked = await begin(who);
    const answer = await issuer.authorize(asked);
    const without = new URLSearchParams(answer);
    without.delete('state');
    for (const query of [without, `${without}&state=unknown`, `${answer}&state=${asked['state']}`, ''])
      expect(problemIn(await finish(who, query))).toEqual(signInProblem('login_expired'));
    await nobodySignedIn(who);
  });

  it('with an answer of another issuer (RFC 9207), or of none', async () => {
    for (const iss of ['https://evil.test', other.issuer, null]) {
      const who = browser();
      const answer = await issuer.authorize(await begin(who));
      if (iss === null) answer.delete('iss');
      else answer.set('iss', iss);
      expect(problemIn(await finish(who, answer))).toEqual(signInProblem('login_failed'));
      await nobodySignedIn(who);
    }
  });

  it("with somebody else's code, whose PKCE this browser does not have", async () => {
    const [attacker, victim] = [browser(), browser()];
    const stolen = await issuer.authorize(await begin(attacker), { sub: 'attacker' });
    const asked = await begin(victim);
    stolen.set('state', asked['state'] ?? '');
    expect(problemIn(await finish(victim, stolen))).toEqual(signInProblem('login_failed'));
    await nobodySignedIn(victim);
  });

  it.each<[string, Record<string, unknown>]>([
    ['another nonce', { nonce: 'other' }],
    ['no nonce', { nonce: undefined }],
    ['another audience', { aud: 'somebody-else' }],
    ['another issuer', { iss: 'https://evil.test' }],
    ['an end that is past', { exp: Math.floor(Date.now() / 1000) - 60 }],
    ['no subject', { sub: undefined }],
    ['a subject that cannot be kept', { sub: 'x'.repeat(256) }],
  ])('with an ID token that has %s', async (_, claims) => {
    const who = browser();
    expect(problemIn(await signIn(who, claims))).toEqual(signInProblem('login_failed'));
    await nobodySignedIn(who);
  });

  it('with an ID token that the issuer did not sign', async () => {
    const who = browser();
    const answer = await issuer.authorize(await begin(who), {}, { key: await generateTestKey() });
    expect(problemIn(await finish(who, answer))).toEqual(signInProblem('login_failed'));
    await nobodySignedIn(who);
  });

  it('as the issuer says it', async () => {
    for (const [error, code] of [
      ['access_denied', 'login_refused'],
      ['invalid_scope', 'login_failed'],
    ] as const) {
      const who = browser();
      const { state = '' } = await begin(who);
      const answer = new URLSearchParams({ error, state, iss: issuer.issuer });
      expect(problemIn(await finish(who, answer))).toEqual(signInProblem(code));
    }
    const who = browser();
    const { state = '' } = await begin(who);
    const answer = new URLSearchParams({ error: 'temporarily_unavailable', state, iss: issuer.issuer });
    const { status, json } = await who.request('get', `/api/auth/callback?${answer.toString()}`);
    expect([status, json.code]).toEqual([503, 'login_unavailable']);
  });

  it('with an issuer that there is not, or that is not named where there are two', async () => {
    expect(problemIn(await browser().follow('/api/auth/login?issuer=nobody'))).toEqual(signInProblem('login_issuer_unknown'));
    expect(problemIn(await browser().follow('/api/auth/login'))).toEqual(signInProblem('login_issuer_unknown'));
  });

  it('when the issuer does not answer in time', async () => {
    const who = browser();
    const answer = await issuer.authorize(await begin(who));
    const slow = await startLoginIssuer();
    slow.answer('discovery', answerNever);
    const fresh = await startWebTestApplication({
      env: { WEB_LOGIN_ISSUERS: JSON.stringify([{ id: 'slow', name: 'Slow', issuer: slow.issuer, ...LOGIN_CLIENT }]) },
    });
    try {
      expect((await new Browser(fresh).request('get', '/api/auth/login')).json.code).toBe('login_unavailable');
    } finally {
      await fresh.close();
      await slow.close();
    }
    expect((await finish(who, answer)).pathname).toBe('/');
  });
});
