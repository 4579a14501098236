import type { WebSettings } from '../../platform/config/settings';

export interface CookieNames {
  readonly session: string;
  /** What the name of a cookie of a login under way begins with; see `LoginCookies`. */
  readonly login: string;
  /** Whether they are sent over https alone. */
  readonly isSecure: boolean;
}

/**
 * On https the names have the prefix by which browsers refuse a cookie that another host or a page on http has set (RFC 6265bis
 * §4.1.3.2); it asks for https, which local mode has not.
 */
export function cookieNames({ baseUrl }: Pick<WebSettings, 'baseUrl'>): CookieNames {
  const isSecure = baseUrl?.startsWith('https:') ?? true;
  const prefix = isSecure ? '__Host-' : '';
  return { session: `${prefix}slipway-session`, login: `${prefix}slipway-login-`, isSecure };
}
