const LAST = 'slipway.last-sign-in';

/** The address by which this tab has last begun to sign in. */
export const rememberSignIn = (url: string): void => sessionStorage.setItem(LAST, url);

/**
 * Where one tries again. What an issuer has answered is good for one time, so after it the way begins anew.
 *
 * @param failed the address of the step that failed
 */
export function signInAgainUrl({ pathname, search }: Pick<Location, 'pathname' | 'search'>): string {
  if (/^\/api\/auth\/login\/?$/i.test(pathname)) return pathname + search;
  return sessionStorage.getItem(LAST) ?? '/sign-in';
}
