import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalIssuer, type LocalIssuer } from '../../src/local/issuer/local-issuer';
import { BACKCHANNEL_LOGOUT_PATH } from '../../src/web/auth/login/login.controller';
import { CALLBACK_PATH, SIGN_IN_PAGE } from '../../src/web/auth/login/login.service';
import { Browser } from '../support/browser';
import { freePort } from '../support/free-port';
import { startWebTestApplication, type WebTestApplication } from '../support/web';

const CLIENT = { clientId: 'slipway-web', clientSecret: 'local web secret' };
const USERS = [
  {
    subject: 'ada',
    name: 'Ada <b>Lovelace</b>',
    email: 'ada@slipway.example',
    password: 'ada-password',
    description: 'Staff & more',
  },
  { subject: 'grace', name: 'Grace Hopper', email: 'grace@slipway.example', password: 'grace-password', description: 'Operator' },
];

/** A browser at the issuer, which has cookies of its own. */
class IssuerBrowser {
  private readonly cookies = new Map<string, string>();

  async go(
    url: string,
    form?: Record<string, string>,
  ): Promise<{ status: number; location: string; text: string; headers: Headers }> {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const location = response.headers.get('location');
    return {
      status: response.status,
      location: location === null ? '' : new URL(location, url).href,
      text: await response.text(),
      headers: response.headers,
    };
  }
}

describe('the local issuer, where people sign in on the web page', () => {
  let directory: string;
  let issuer: LocalIssuer;
  let slipway: WebTestApplication;
  let origin: string;
  beforeAll(async () => {
    // oidc-provider cannot load its network library in jest, and says so.
    jest.spyOn(console, 'warn').mockImplementation(() => undefined);
    directory = await mkdtemp(join(tmpdir(), 'slipway-issuer-'));
    const port = await freePort();
    origin = `http://127.0.0.1:${port}`;
    issuer = await startLocalIssuer({
      directory,
      audience: 'unused',
      clients: [],
      web: {
        ...CLIENT,
        origin,
        callbackPath: CALLBACK_PATH,
        signedOutPath: SIGN_IN_PAGE,
        backchannelLogoutPath: BACKCHANNEL_LOGOUT_PATH,
        users: USERS,
      },
    });
    const issuers = [{ id: 'local', name: 'Local login', issuer: issuer.issuer, ...CLIENT }];
    slipway = await startWebTestApplication({ port, env: { WEB_BASE_URL: origin, WEB_LOGIN_ISSUERS: JSON.stringify(issuers) } });
  });
  afterAll(async () => {
    await slipway.close();
    await issuer.close();
    await rm(directory, { recursive: true, force: true });
  });

  const sessionOf = async (who: Browser) => (await who.request('get', '/api/session')).json;

  /** Goes from our page to the issuer's. */
  async function begin(who: Browser, there: IssuerBrowser) {
    const asked = await there.go((await who.follow('/api/auth/login')).href);
    return asked.location.includes('/interaction/')
      ? { url: asked.location, ...(await there.go(asked.location)) }
      : { url: '', ...asked };
  }
  async function signIn(who: Browser, there: IssuerBrowser, { email, password }: (typeof USERS)[number]): Promise<URL> {
    const { url } = await begin(who, there);
    const accepted = await there.go(url, { email, password });
    const answered = await there.go(accepted.location);
    return who.follow(answered.location.slice(origin.length));
  }

  it('lists the users, as text, on a page that runs nothing', async () => {
    const { status, text, headers } = await begin(new Browser(slipway, origin), new IssuerBrowser());
    expect(status).toBe(200);
    expect(text).toContain('Ada &lt;b&gt;Lovelace&lt;/b&gt;');
    expect(text).toContain('Staff &amp; more');
    expect(text).not.toMatch(/<script|<b>/);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('content-security-policy')).toContain(`form-action 'self' ${origin}`);
  });

  it('signs in who is chosen, with name and address', async () => {
    const who = new Browser(slipway, origin);
    expect((await signIn(who, new IssuerBrowser(), USERS[0]!)).href).toBe(`${origin}/`);
    expect(await sessionOf(who)).toMatchObject({
      state: 'not_admitted',
      user: { name: 'Ada <b>Lovelace</b>', email: 'ada@slipway.example', issuerName: 'Local login' },
    });
  });

  it('signs nobody in with a wrong password, and says so', async () => {
    const there = new IssuerBrowser();
    const { url } = await begin(new Browser(slipway, origin), there);
    for (const form of [
      { email: 'ada@slipway.example', password: 'grace-password' },
      { email: 'nobody' },
      { email: 'x'.repeat(5000) },
    ]) {
      const { status, text } = await there.go(url, form as Record<string, string>);
      expect([status, text]).toEqual([401, expect.stringContaining('no such user with this password')]);
    }
  });

  it('says that a page has expired', async () => {
    const { status, text } = await new IssuerBrowser().go(`${issuer.issuer}/interaction/unknown`);
    expect([status, text]).toEqual([400, expect.stringContaining('expired')]);
  });

  it('signs in again without asking while its own session lasts', async () => {
    const [who, again, there] = [new Browser(slipway, origin), new Browser(slipway, origin), new IssuerBrowser()];
    await signIn(who, there, USERS[1]!);
    const { location } = await begin(again, there);
    await again.follow(location.slice(origin.length));
    expect((await sessionOf(again)).user.name).toBe('Grace Hopper');
  });

  it('ends its session after ours, and by the back channel every other of ours that came of it', async () => {
    const [who, elsewhere, there] = [new Browser(slipway, origin), new Browser(slipway, origin), new IssuerBrowser()];
    await signIn(who, there, USERS[0]!);
    await elsewhere.follow((await begin(elsewhere, there)).location.slice(origin.length));
    expect((await sessionOf(elsewhere)).user.name).toContain('Ada');

    const { url } = (await who.request('post', '/api/auth/logout')).json;
    expect((await sessionOf(who)).state).toBe('signed_out');
    expect((await sessionOf(elsewhere)).state).toBe('not_admitted');
    const asked = await there.go(url);
    expect([asked.status, asked.text]).toEqual([200, expect.stringContaining('Sign out of Slipway')]);
    const [, action = ''] = /action="([^"]+)"/.exec(asked.text) ?? [];
    const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(asked.text) ?? [];
    const ended = await there.go(action, { xsrf, logout: 'yes' });
    expect(ended.location).toBe(`${origin}/sign-in`);
    expect((await sessionOf(elsewhere)).state).toBe('signed_out');
    // It asks again who it is.
    expect((await begin(who, there)).text).toContain('Local mode has these users');
  });
});
