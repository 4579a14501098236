/** Where to go after the sign-in: a path of this page, whatever a link to the sign-in page says (open redirects, CWE-601). */
export function localPath(returnTo: string | null): string {
  if (returnTo === null || !returnTo.startsWith('/')) return '/';
  // Browsers take `//host` and `/\host` for another server's address, and drop tabs and line breaks before they look.
  const origin = 'http://slipway.invalid';
  const url = URL.canParse(returnTo, origin) ? new URL(returnTo, origin) : null;
  return url?.origin === origin ? url.pathname.replace(/^\/+/, '/') + url.search : '/';
}
