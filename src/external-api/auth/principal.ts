import type { JWTPayload } from 'jose';

/** Who is calling, as a verified token says. */
export interface Principal {
  readonly issuer: string;
  /** null: the token names no client, which is enough to read but not to write. */
  readonly clientId: string | null;
  /** Who the token is about; for a token without a client the one thing that tells it from others. */
  readonly subject: string | null;
  /** For people only. */
  readonly clientName: string | null;
  /** Every scope but the `partner:` ones, without duplicates. */
  readonly scopes: readonly string[];
  /** Codes of the partners that the token is good for, without the prefix and duplicates. */
  readonly partners: readonly string[];
  readonly expiresAt: Date;
}

/** The claims that a verified access token always has. */
export interface AccessTokenClaims extends JWTPayload {
  readonly iss: string;
  readonly exp: number;
}

const PARTNER_PREFIX = 'partner:';
/** As many as the columns that record who created a job can hold. */
const MAX_NAME_CHARACTERS = 255;
const CONTROL_CHARACTER = /\p{Cc}/u;

export function toPrincipal(claims: AccessTokenClaims): Principal {
  const granted = [...new Set([...scopeClaim(claims['scope']), ...scpClaim(claims['scp'])])];
  const partners = granted
    .filter((scope) => scope.startsWith(PARTNER_PREFIX))
    .map((scope) => scope.slice(PARTNER_PREFIX.length))
    // No partner's code has a NUL, and Postgres takes no text that has one.
    .filter((code) => code !== '' && !code.includes('\0'));
  return {
    issuer: claims.iss,
    clientId: name(claims['client_id']) ?? name(claims['azp']),
    subject: name(claims.sub),
    clientName: name(claims['client_name']),
    scopes: granted.filter((scope) => !scope.startsWith(PARTNER_PREFIX)),
    partners,
    expiresAt: new Date(claims.exp * 1000),
  };
}

/** RFC 8693 §4.2: one text, delimited by spaces (RFC 6749 §3.3: by nothing else, so a tab is part of a scope). */
function scopeClaim(claim: unknown): string[] {
  return typeof claim === 'string' ? claim.split(' ').filter((scope) => scope !== '') : [];
}

/** `scp` is what some issuers use instead: a text as above, or an array with one scope an element. */
function scpClaim(claim: unknown): string[] {
  if (!Array.isArray(claim)) return scopeClaim(claim);
  return claim.filter((scope): scope is string => typeof scope === 'string' && scope !== '');
}

/** An id or name that we can record and show; anything else counts as absent. */
function name(claim: unknown): string | null {
  if (typeof claim !== 'string' || claim === '' || !claim.isWellFormed() || CONTROL_CHARACTER.test(claim)) return null;
  return Array.from(claim).length > MAX_NAME_CHARACTERS ? null : claim;
}
