import type { IncomingHttpHeaders } from 'node:http';

/** `true` on what the page asks for without a person having touched it. The page has the name, too: `src/client/api/attendance.ts`. */
const UNATTENDED = 'slipway-unattended';
const SAFE_METHODS = ['GET', 'HEAD'];

/**
 * Whether a request says nothing about a person at the page, and so does not lengthen the session. The page's word is enough, since all
 * that it can do is let a session end sooner; what changes something counts whatever it says. Event streams are opened anew by the
 * browser itself, which lets no page set a header on them.
 */
export const isUnattended = ({ method, headers }: { method: string; headers: IncomingHttpHeaders }): boolean =>
  SAFE_METHODS.includes(method) && (headers[UNATTENDED] === 'true' || (headers.accept?.includes('text/event-stream') ?? false));
