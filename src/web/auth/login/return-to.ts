const MAX_LENGTH = 500;
const HOME = '/';
/** Any origin will do: what leads away from it is no path of ours. */
const ANYWHERE = 'https://here.invalid';

/**
 * Where the page goes after signing in: the path that was asked for, if it is one of the page, or else its beginning. Nothing that
 * is asked for leads to another site (open redirect), however a browser reads it.
 */
export function safeReturnTo(asked: string | undefined): string {
  if (asked === undefined || asked.length > MAX_LENGTH || !asked.startsWith('/')) return HOME;
  if (!URL.canParse(asked, ANYWHERE)) return HOME;
  const { origin, pathname, search, hash } = new URL(asked, ANYWHERE);
  // `//` at the beginning of what comes out, too: `/.//evil.test` is a path here, and would be a host in a Location.
  const isOurs = origin === ANYWHERE && !pathname.startsWith('//') && !/^\/api(\/|$)/i.test(pathname);
  return isOurs ? pathname + search + hash : HOME;
}
