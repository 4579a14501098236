const SAFE_METHODS = ['GET', 'HEAD'];

export interface RequestSource {
  readonly method: string;
  readonly origin: string | undefined;
  /** The header `Sec-Fetch-Site`. */
  readonly site: string | undefined;
}

/**
 * Whether a request that may change something comes from our own page. `Origin` tells (RFC 6454 §7), which browsers send with every
 * such request; without it only the browser's own word that the page is ours is enough.
 *
 * @param baseUrl our origin.
 */
export function isFromOwnPage({ method, origin, site }: RequestSource, baseUrl: string): boolean {
  if (SAFE_METHODS.includes(method)) return true;
  return origin === undefined ? site === 'same-origin' : origin === baseUrl;
}
