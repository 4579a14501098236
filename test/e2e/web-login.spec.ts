import { Browser } from '../support/browser';
import { answerStatus, sendJson } from '../support/issuer';
import { LOGIN_CLIENT, type LoginIssuer } from '../support/login-issuer';
import { begin, finish, LoginStage, problemIn, sessionOf, signInProblem } from '../support/login-stage';
import { SESSION_COOKIE, startWebTestApplication, WEB_ORIGIN, type WebTestApplication } from '../support/web';

const CALLBACK = `${WEB_ORIGIN}/api/auth/callback`;

describe('signing in', () => {
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
});
