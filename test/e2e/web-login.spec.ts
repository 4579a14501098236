import { Browser } from '../support/browser';
import { answerNever, answerStatus, generateTestKey, sendJson } from '../support/issuer';
import { LOGIN_CLIENT, startLoginIssuer, type LoginIssuer } from '../support/login-issuer';
import { SESSION_COOKIE, startWebTestApplication, WEB_ORIGIN, type WebTestApplication } from '../support/web';

const CALLBACK = `${WEB_ORIGIN}/api/auth/callback`;

describe('signing in', () => {
  let slipway: WebTestApplication;
  let issuer: LoginIssuer;
  let other: LoginIssuer;
  beforeAll(async () => {
    [issuer, other] = await Promise.all([startLoginIssuer(), startLoginIssuer()]);
    const settings = [
      { id: 'main', name: 'District login', issuer: issuer.issuer, ...LOGIN_CLIENT },
      { id: 'other', name: 'Other login', issuer: other.issuer, ...LOGIN_CLIENT },
    ];
    slipway = await startWebTestApplication({ env: { WEB_LOGIN_ISSUERS: JSON.stringify(settings) } });
  });
  afterAll(async () => {
    await slipway.close();
    await Promise.all([issuer.close(), other.close()]);
  });

  const browser = () => new Browser(slipway);
  const begin = async (who: Browser, query = 'issuer=main'): Promise<Record<string, string>> => {
    const url = await who.follow(`/api/auth/login?${query}`);
    return Object.fromEntries(url.searchParams);
  };
  const finish = (who: Browser, answer: URLSearchParams | string) => who.follow(`/api/auth/callback?${answer.toString()}`);
  const signIn = async (who: Browser, claims?: Record<string, unknown>, query?: string): Promise<URL> =>
    finish(who, await issuer.authorize(await begin(who, query), claims));
  const sessionOf = async (who: Browser) => (await who.request('get', '/api/session')).json;
  const problemIn = (url: URL) => [url.origin + url.pathname, url.searchParams.get('problem')];
  const signInProblem = (code: string) => [`${WEB_ORIGIN}/sign-in`, code];

  it('asks the issuer for a code, with PKCE, state and nonce that are new each time', async () => {
    const who = browser();
    const url = await who.follow('/api/auth/login?issuer=main');
    expect(url.origin + url.pathname).toBe(`${issuer.issuer}/authorize`);
    const asked = Object.fromEntries(url.searchParams);
    expect(asked).toEqual({
      client_id: 'slipway',
      response_type: 'code',
      redirect_uri: CALLBACK,
      scope: 'openid profile email',
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    });
    const again = await begin(who);
    for (const name of ['state', 'nonce', 'code_challenge']) expect(again[name]).not.toBe(asked[name]);
  });

  it('keeps a login under way in a cookie that tells nothing, and no session for it', async () => {
    const who = browser();
    const before = await slipway.db.query('SELECT count(*) FROM web_session');
    const response = await who.request('get', '/api/auth/login?issuer=main&returnTo=/secret-path');
    expect(response.headers.get('set-cookie')).toMatch(
      /^__Host-slipway-login-[\w-]{43}=[^;]+; Max-Age=600; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/,
    );
    const [value = ''] = who.cookies.values();
    expect(Buffer.from(decodeURIComponent(value).split(':')[2] ?? '', 'base64').toString('latin1')).not.toMatch(
      /secret-path|main/,
    );
    expect(await slipway.db.query('SELECT count(*) FROM web_session')).toEqual(before);
  });

  it('stores somebody who is new as waiting, under issuer and subject', async () => {
    const who = browser();
    expect((await signIn(who, { sub: 'new', name: 'Grace Hopper', email: 'grace@example.org' })).href).toBe(`${WEB_ORIGIN}/`);
    expect(await sessionOf(who)).toMatchObject({
      state: 'not_admitted',
      user: { name: 'Grace Hopper', email: 'grace@example.org', issuerName: 'District login' },
    });
    const [user] = await slipway.db.query(`SELECT issuer, state, last_sign_in_at FROM app_user WHERE subject = 'new'`);
    expect(user).toEqual({ issuer: issuer.issuer, state: 'waiting', last_sign_in_at: expect.any(Date) });
    expect(who.cookies.size).toBe(1);
  });

  it('knows somebody again by issuer and subject alone, and takes over a new name and address', async () => {
    const { uid } = await slipway.makeUser({
      issuer: issuer.issuer,
      subject: 'ada',
      name: 'Ada Byron',
      roles: [{ role: 'staff', partner: 'demo', tenant: 'north' }],
    });
    const who = browser();
    await signIn(who, { sub: 'ada', name: 'Ada Lovelace', email: 'lovelace@example.org' });
    expect(await sessionOf(who)).toMatchObject({
      state: 'signed_in',
      user: { uid, name: 'Ada Lovelace', email: 'lovelace@example.org' },
      tenantCount: 1,
    });
    await signIn(who, { sub: 'ada', name: undefined, email: undefined });
    expect((await sessionOf(who)).user).toMatchObject({ uid, name: 'Ada Lovelace', email: 'lovelace@example.org' });

    // The same subject, name and address at another issuer is somebody else.
    const stranger = browser();
    const claims = { sub: 'ada', name: 'Ada Lovelace', email: 'lovelace@example.org' };
    await finish(stranger, await other.authorize(await begin(stranger, 'issuer=other'), claims));
    const session = await sessionOf(stranger);
    expect(session.state).toBe('not_admitted');
    expect(session.user.uid).not.toBe(uid);
  });

  it('asks the issuer who somebody is where the ID token does not say, and does without where it does not answer', async () => {
    issuer.metadata['userinfo_endpoint'] = `${issuer.issuer}/userinfo`;
    const fresh = await startWebTestApplication({
      env: { WEB_LOGIN_ISSUERS: JSON.stringify([{ id: 'main', name: 'Login', issuer: issuer.issuer, ...LOGIN_CLIENT }]) },
    });
    try {
      const asks = async (claims: Record<string, unknown>) => {
        const who = new Browser(fresh);
        // With one issuer nobody has to name it.
        await finish(who, await issuer.authorize(await begin(who, ''), claims));
        return (await sessionOf(who)).user;
      };
      issuer.answer('userinfo', (response) => sendJson(response, { sub: 'thin', name: 'Thin', email: 'thin@example.org' }));
      expect(await asks({ sub: 'thin' })).toMatchObject({ name: 'Thin', email: 'thin@example.org' });
      expect(await asks({ sub: 'another', name: 'Another' })).toMatchObject({ name: 'Another', email: null });
      issuer.answer('userinfo', answerStatus(500));
      expect(await asks({ sub: 'quiet' })).toMatchObject({ name: 'quiet', email: null });
    } finally {
      await fresh.close();
      delete issuer.metadata['userinfo_endpoint'];
    }
  });

  it('gives a new session, whatever id the browser had before (session fixation)', async () => {
    const victim = browser();
    const attacker = await slipway.signIn();
    victim.cookies.set(SESSION_COOKIE, attacker.cookie.slice(SESSION_COOKIE.length + 1));
    await signIn(victim, { sub: 'victim' });
    expect(`${SESSION_COOKIE}=${victim.cookies.get(SESSION_COOKIE)}`).not.toBe(attacker.cookie);
    expect((await attacker.request('get', '/api/session')).json.state).toBe('signed_out');
    expect((await sessionOf(victim)).user.name).toBe('victim');

    const unsigned = browser();
    unsigned.cookies.set(SESSION_COOKIE, 'chosen-by-somebody');
    await signIn(unsigned, { sub: 'unsigned' });
    expect(unsigned.cookies.get(SESSION_COOKIE)).not.toBe('chosen-by-somebody');
  });

  it('goes to the path that was asked for, and to no other site (open redirect)', async () => {
    const path = '/partners/demo/tenants/north/jobs?status=failed';
    expect((await signIn(browser(), {}, `issuer=main&returnTo=${encodeURIComponent(path)}`)).href).toBe(WEB_ORIGIN + path);
    for (const away of ['https://evil.test', '//evil.test', '/\\evil.test', '/api/auth/login'])
      expect((await signIn(browser(), {}, `issuer=main&returnTo=${encodeURIComponent(away)}`)).href).toBe(`${WEB_ORIGIN}/`);
  });

  describe('fails', () => {
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
        ['temporarily_unavailable', 'login_unavailable'],
      ] as const) {
        const who = browser();
        const { state = '' } = await begin(who);
        const answer = new URLSearchParams({ error, state, iss: issuer.issuer });
        expect(problemIn(await finish(who, answer))).toEqual(signInProblem(code));
      }
    });

    it('with an issuer that there is not, or that is not named where there are two', async () => {
      expect(problemIn(await browser().follow('/api/auth/login?issuer=nobody'))).toEqual(signInProblem('login_issuer_unknown'));
      expect(problemIn(await browser().follow('/api/auth/login'))).toEqual(signInProblem('login_issuer_unknown'));
    });

    it('while the issuer is away, and works as soon as it is back', async () => {
      const late = await startLoginIssuer();
      const fresh = await startWebTestApplication({
        env: { WEB_LOGIN_ISSUERS: JSON.stringify([{ id: 'late', name: 'Late', issuer: late.issuer, ...LOGIN_CLIENT }]) },
      });
      try {
        const who = new Browser(fresh);
        await late.goDown();
        expect(problemIn(await who.follow('/api/auth/login'))).toEqual(signInProblem('login_unavailable'));
        expect((await who.request('get', '/api/session')).status).toBe(200);
        await late.comeUp();
        late.answer('discovery', answerStatus(502));
        expect(problemIn(await who.follow('/api/auth/login'))).toEqual(signInProblem('login_unavailable'));
        late.answer('discovery');
        const answer = await late.authorize(await begin(who, ''));
        await late.goDown();
        expect(problemIn(await finish(who, answer))).toEqual(signInProblem('login_unavailable'));
        await late.comeUp();
        expect((await finish(who, await late.authorize(await begin(who, '')))).pathname).toBe('/');
      } finally {
        await fresh.close();
        await late.close();
      }
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
        expect(problemIn(await new Browser(fresh).follow('/api/auth/login'))).toEqual(signInProblem('login_unavailable'));
      } finally {
        await fresh.close();
        await slow.close();
      }
      expect((await finish(who, answer)).pathname).toBe('/');
    });
  });

  it('is possible in four tabs at once; with one more, the oldest begins again', async () => {
    const who = browser();
    const answers: URLSearchParams[] = [];
    for (let tab = 0; tab < 5; tab++) answers.push(await issuer.authorize(await begin(who), { sub: `tab-${tab}` }));
    expect(who.cookies.size).toBe(4);
    const [oldest, ...others] = answers;
    expect(problemIn(await finish(who, oldest!))).toEqual(signInProblem('login_expired'));
    for (const answer of others) expect((await finish(who, answer)).pathname).toBe('/');
    expect((await sessionOf(who)).user.name).toBe('tab-4');
  });

  it('takes sessions that were signed with an older secret, and no others', async () => {
    const agent = await slipway.signIn();
    const env = { SESSION_SECRETS: `${'n'.repeat(32)},a session secret of at least 32 characters` };
    const rotated = await startWebTestApplication({ env });
    try {
      const moved = await rotated.signIn();
      expect((await moved.request('get', '/api/session')).json.state).toBe('signed_in');
      expect((await rotated.nobody.request('get', '/api/session', { headers: { cookie: agent.cookie } })).json.state).toBe(
        'signed_out',
      );
    } finally {
      await rotated.close();
    }
  });

  describe('signing out', () => {
    const sessions = (subject: string) =>
      slipway.db.query(`SELECT sess FROM web_session WHERE sess -> 'signIn' ->> 'subject' = $1`, [subject]);

    it('ends the session on the server, and leads to the end of the one at the issuer', async () => {
      const who = browser();
      await signIn(who, { sub: 'leaver' });
      const stolen = new Browser(slipway);
      stolen.cookies.set(SESSION_COOKIE, who.cookies.get(SESSION_COOKIE) ?? '');
      expect((await sessionOf(stolen)).user.name).toBe('leaver');

      const { json } = await who.request('post', '/api/auth/logout');
      const url = new URL(json.url);
      expect(url.origin + url.pathname).toBe(`${issuer.issuer}/end-session`);
      expect(Object.fromEntries(url.searchParams)).toEqual({
        client_id: 'slipway',
        post_logout_redirect_uri: `${WEB_ORIGIN}/sign-in`,
        id_token_hint: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      });
      expect((await sessionOf(stolen)).state).toBe('signed_out');
      expect(await sessions('leaver')).toEqual([]);
    });

    it('keeps no token of the issuer where it could be read', async () => {
      await signIn(browser(), { sub: 'keeper' });
      const [{ sess }] = await sessions('keeper');
      expect(sess.signIn.idToken).toMatch(/^v1:/);
      expect(JSON.stringify(sess)).not.toContain('eyJ');
    });

    it('goes to the page where the issuer is away, and where nobody is signed in', async () => {
      const settings = [{ id: 'gone', name: 'Gone', issuer: 'http://127.0.0.1:1', ...LOGIN_CLIENT }];
      const fresh = await startWebTestApplication({ env: { WEB_LOGIN_ISSUERS: JSON.stringify(settings) } });
      try {
        const agent = await fresh.signIn({ issuer: 'http://127.0.0.1:1' });
        expect((await agent.request('post', '/api/auth/logout')).json).toEqual({ url: '/sign-in' });
        expect((await agent.request('get', '/api/session')).json.state).toBe('signed_out');
        expect((await fresh.nobody.request('post', '/api/auth/logout')).json).toEqual({ url: '/sign-in' });
      } finally {
        await fresh.close();
      }
    });
  });

  describe('back-channel logout', () => {
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
});
