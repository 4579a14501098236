import type { Method, RequestOptions, TestApplication, TestResponse } from './application';
import { WEB_ORIGIN, type WebAgent } from './web';

/** A browser that keeps the cookies it is given, and does not follow redirects. */
export class Browser implements WebAgent {
  readonly cookies = new Map<string, string>();

  /** @param origin what its page's is. */
  constructor(
    private readonly slipway: Pick<TestApplication, 'request'>,
    private readonly origin = WEB_ORIGIN,
  ) {}

  async request(method: Method, path: string, options: Omit<RequestOptions, 'token'> = {}): Promise<TestResponse> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { origin: this.origin, ...(cookie && { cookie }), ...options.headers };
    const response = await this.slipway.request(method, path, { ...options, token: null, headers });
    for (const set of setCookiesOf(response)) {
      const [pair = ''] = set.split(';');
      const at = pair.indexOf('=');
      const [name, value] = [pair.slice(0, at).trim(), pair.slice(at + 1)];
      if (value === '' || /Expires=Thu, 01 Jan 1970/.test(set)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }

  /** Goes to a path and gives where it leads. */
  async follow(path: string): Promise<URL> {
    const response = await this.request('get', path);
    if (response.status !== 302) throw new Error(`GET ${path} answered ${response.status} ${response.text}`);
    return new URL(response.headers.get('location') ?? '', this.origin);
  }
}

/** Several are joined by commas, and a time has one, too. */
const setCookiesOf = ({ headers }: TestResponse): string[] =>
  (headers.get('set-cookie') ?? '').split(/,(?=[^;,]+=)/).filter((cookie) => cookie !== '');
