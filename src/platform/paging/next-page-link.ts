import type { Request } from 'express';

/** `Link` to the next page (RFC 8288): the same request with another cursor, relative, since a proxy may stand before us. */
export function nextPageLink(request: Request, cursor: string): string {
  const [path = '', search = ''] = request.originalUrl.split('?', 2);
  const query = new URLSearchParams(search);
  query.set('cursor', cursor);
  return `<${path}?${query}>; rel="next"`;
}
