import { Browser } from './browser';
import { LOGIN_CLIENT, startLoginIssuer, type LoginIssuer } from './login-issuer';
import { startWebTestApplication, WEB_ORIGIN, type WebTestApplication } from './web';

/** Slipway with two login issuers, `main` and `other`, and what a browser does on its way to one and back. */
export class LoginStage {
  private constructor(
    readonly slipway: WebTestApplication,
    readonly issuer: LoginIssuer,
    readonly other: LoginIssuer,
  ) {}

  static async set(): Promise<LoginStage> {
    const [issuer, other] = await Promise.all([startLoginIssuer(), startLoginIssuer()]);
    const settings = [
      { id: 'main', name: 'District login', issuer: issuer.issuer, ...LOGIN_CLIENT },
      { id: 'other', name: 'Other login', issuer: other.issuer, ...LOGIN_CLIENT },
    ];
    const slipway = await startWebTestApplication({ env: { WEB_LOGIN_ISSUERS: JSON.stringify(settings) } });
    return new LoginStage(slipway, issuer, other);
  }

  async clear(): Promise<void> {
    await this.slipway.close();
    await Promise.all([this.issuer.close(), this.other.close()]);
  }

  browser(): Browser {
    return new Browser(this.slipway);
  }

  /** Signs in through `main` with these claims. @returns where the browser ends. */
  async signIn(who: Browser, claims?: Record<string, unknown>, query?: string): Promise<URL> {
    return finish(who, await this.issuer.authorize(await begin(who, query), claims));
  }
}

/** @returns what the issuer is asked for. */
export async function begin(who: Browser, query = 'issuer=main'): Promise<Record<string, string>> {
  const url = await who.follow(`/api/auth/login?${query}`);
  return Object.fromEntries(url.searchParams);
}

/** Comes back with the issuer's answer. @returns where the browser ends. */
export const finish = (who: Browser, answer: URLSearchParams | string): Promise<URL> =>
  who.follow(`/api/auth/callback?${answer.toString()}`);

export const sessionOf = async (who: Browser) => (await who.request('get', '/api/session')).json;

/** Where a browser has ended, and the problem that it is told of there. */
export const problemIn = (url: URL) => [url.origin + url.pathname, url.searchParams.get('problem')];
export const signInProblem = (code: string) => [`${WEB_ORIGIN}/sign-in`, code];
