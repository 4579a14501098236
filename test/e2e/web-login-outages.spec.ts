import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Browser } from '../support/browser';
import { adminQuery } from '../support/database';
import { answerStatus } from '../support/issuer';
import { LOGIN_CLIENT, startLoginIssuer, type LoginIssuer } from '../support/login-issuer';
import { begin, finish, sessionOf } from '../support/login-stage';
import { startWebTestApplication, type WebTestApplication } from '../support/web';

const NAVIGATION = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

/** A browser goes to these addresses itself, so what is wrong is told by the page. */
describe('signing in while something is away', () => {
  let directory: string;
  let issuer: LoginIssuer;
  let slipway: WebTestApplication;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'page-'));
    await mkdir(join(directory, 'assets'));
    await writeFile(join(directory, 'index.html'), '<!doctype html><meta name="problem" content="%PROBLEM%">');
  });
  beforeEach(async () => {
    issuer = await startLoginIssuer();
    const settings = [{ id: 'main', name: 'Login', issuer: issuer.issuer, ...LOGIN_CLIENT }];
    slipway = await startWebTestApplication({ pageDirectory: directory, env: { WEB_LOGIN_ISSUERS: JSON.stringify(settings) } });
  });
  afterEach(() => Promise.all([slipway.close(), issuer.close()]));
  afterAll(() => rm(directory, { recursive: true }));

  const isToldOf = async (who: Browser, path: string, code: string) => {
    const cookie = [...who.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const page = await fetch(slipway.url + path, { redirect: 'manual', headers: { ...NAVIGATION, cookie } });
    expect([path, page.status, page.headers.get('content-type')]).toEqual([path, 503, 'text/html; charset=utf-8']);
    expect(await page.text()).toBe(`<!doctype html><meta name="problem" content="${code}">`);
    expect(page.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  };
  const isProblem = async (who: Browser, path: string, code: string) => {
    const { status, json, headers } = await who.request('get', path);
    expect([path, status, json.code]).toEqual([path, 503, code]);
    expect(headers.get('retry-after')).toMatch(/^\d+$/);
  };

  it('is told of the issuer, at the beginning and at the end, and works as soon as it is back', async () => {
    const who = new Browser(slipway);
    await issuer.goDown();
    await isToldOf(who, '/api/auth/login?returnTo=/admin', 'login_unavailable');
    await isProblem(who, '/api/auth/login', 'login_unavailable');
    expect((await who.request('get', '/api/session')).status).toBe(200);
    await issuer.comeUp();
    issuer.answer('discovery', answerStatus(502));
    await isToldOf(who, '/api/auth/login', 'login_unavailable');
    issuer.answer('discovery');
    const answer = await issuer.authorize(await begin(who, ''));
    await issuer.goDown();
    await isToldOf(who, `/api/auth/callback?${answer.toString()}`, 'login_unavailable');
    await issuer.comeUp();
    expect((await finish(who, await issuer.authorize(await begin(who, '')))).pathname).toBe('/');
  });

  it('is told of the database, also by whoever has a session, and works as soon as it is back', async () => {
    const [fresh, known] = [new Browser(slipway), new Browser(slipway)];
    await finish(known, await issuer.authorize(await begin(known, '')));
    const answer = await issuer.authorize(await begin(fresh, ''));
    const name = new URL(slipway.config.database.url).pathname.slice(1);
    try {
      await adminQuery(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS false`);
      await adminQuery(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
      await isToldOf(fresh, `/api/auth/callback?${answer.toString()}`, 'database_unavailable');
      await isToldOf(known, '/api/auth/login', 'database_unavailable');
      await isProblem(known, '/api/auth/callback', 'database_unavailable');
      const other = await known.request('get', '/api/session', { headers: NAVIGATION });
      expect([other.status, other.headers.get('content-type')]).toEqual([503, 'application/problem+json; charset=utf-8']);
    } finally {
      await adminQuery(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS true`);
    }
    expect((await finish(fresh, await issuer.authorize(await begin(fresh, '')))).pathname).toBe('/');
    expect((await sessionOf(fresh)).state).toBe('not_admitted');
  });
});

describe('a flood of sign-ins', () => {
  let issuer: LoginIssuer;
  let slipway: WebTestApplication;
  beforeAll(async () => {
    issuer = await startLoginIssuer();
    const settings = [{ id: 'main', name: 'Login', issuer: issuer.issuer, ...LOGIN_CLIENT }];
    slipway = await startWebTestApplication({ env: { WEB_LOGIN_ISSUERS: JSON.stringify(settings) } });
  });
  afterAll(() => Promise.all([slipway.close(), issuer.close()]));

  it('of nobody whom the issuer knows writes nothing, and has a rate', async () => {
    const rows = await slipway.rowCounts();
    const flood = Array.from({ length: 50 }, async () => {
      const who = new Browser(slipway);
      const { state = '' } = await begin(who, '');
      return finish(who, new URLSearchParams({ code: 'junk', state, iss: issuer.issuer }));
    });
    const ends = (await Promise.all(flood)).map(({ searchParams }) => searchParams.get('problem'));
    expect(new Set(ends)).toEqual(new Set(['login_failed']));
    expect(await slipway.rowCounts()).toEqual(rows);
    const { headers } = await slipway.nobody.request('get', '/api/auth/login');
    expect(headers.get('ratelimit-policy')).toBe('"address";q=3000;w=60');
    expect(Number(/^"address";r=(\d+);/.exec(headers.get('ratelimit') ?? '')?.[1])).toBeLessThan(3_000);
  });

  it('of one user has twenty sessions at a time, those that began last', async () => {
    const browsers: Browser[] = [];
    for (let count = 0; count < 22; count++) {
      const who = new Browser(slipway);
      await finish(who, await issuer.authorize(await begin(who, ''), { sub: 'eager' }));
      browsers.push(who);
    }
    const sessions = await slipway.db.query(`SELECT FROM web_session WHERE sess -> 'signIn' ->> 'subject' = 'eager'`);
    expect(sessions).toHaveLength(20);
    const states = await Promise.all([0, 1, 2, 21].map(async (index) => (await sessionOf(browsers[index]!)).state));
    expect(states).toEqual(['signed_out', 'signed_out', 'not_admitted', 'not_admitted']);
  });
});
