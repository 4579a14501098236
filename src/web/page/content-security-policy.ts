/**
 * The page's Content-Security-Policy (CSP level 3): nothing but its own files, and no script that is not one of them. Files go
 * from the page straight to the object store and back.
 *
 * @param nonce for the style elements that the page's components add; attributes they set by script, which no policy forbids
 * @param storeOrigin of the object store's presigned URLs; null where it is not known
 */
export function contentSecurityPolicy(nonce: string, storeOrigin: string | null): string {
  const directives: Record<string, string> = {
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': `'self' 'nonce-${nonce}'`,
    'img-src': "'self' data:",
    'connect-src': storeOrigin === null ? "'self'" : `'self' ${storeOrigin}`,
    'base-uri': "'none'",
    'form-action': "'self'",
    'frame-ancestors': "'none'",
  };
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}
