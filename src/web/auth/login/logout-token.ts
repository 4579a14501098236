import { errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { isFetchFailure } from './issuer-errors';
import { CLOCK_TOLERANCE_SECONDS } from './login-issuers';

/** Whose sessions end, as a logout token says: of a subject, of a session at the issuer, or of both at once. */
export interface LogoutToken {
  readonly jti: string;
  readonly subject: string | null;
  readonly sid: string | null;
  /** After which the token is worth nothing, tolerance included. */
  readonly expiresAt: Date;
}

export type LogoutTokenResult =
  | { readonly kind: 'verified'; readonly token: LogoutToken }
  | { readonly kind: 'logout_token_invalid'; readonly reason: string }
  | { readonly kind: 'login_unavailable' };

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
/** An issuer sends it at once, or again a little later. */
const MAX_AGE_SECONDS = 600;
const MAX_JTI_LENGTH = 255;

const invalid = (reason: string): LogoutTokenResult => ({ kind: 'logout_token_invalid', reason });

/** Verifies a logout token by OpenID Connect Back-Channel Logout 1.0 §2.6; whether it was used before is for the database to say. */
export async function verifyLogoutToken(
  token: string,
  keys: JWTVerifyGetKey,
  { issuer, clientId }: { issuer: string; clientId: string },
): Promise<LogoutTokenResult> {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      issuer,
      audience: clientId,
      algorithms: ALGORITHMS,
      requiredClaims: ['iat', 'exp', 'jti', 'events'],
      maxTokenAge: MAX_AGE_SECONDS,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
    });
    const typ = protectedHeader.typ?.toLowerCase();
    if (typ !== undefined && !['logout+jwt', 'application/logout+jwt', 'jwt'].includes(typ))
      return invalid('it is of another type (typ)');
    return read(payload);
  } catch (error) {
    if (areKeysMissing(error)) return { kind: 'login_unavailable' };
    if (!(error instanceof errors.JOSEError)) throw error;
    return invalid(error instanceof errors.JWTClaimValidationFailed ? `its claim ${error.claim} is wrong` : 'it is not verified');
  }
}

/** A key set that did not come, or is none, is the issuer's trouble and says nothing about the token. */
function areKeysMissing(error: unknown): boolean {
  if (isFetchFailure(error)) return true;
  return error instanceof errors.JOSEError && ['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC'].includes(error.code);
}

function read({ jti, sub, events, exp = 0, ...claims }: JWTPayload): LogoutTokenResult {
  const event: unknown = typeof events === 'object' && events !== null ? (events as Record<string, unknown>)[EVENT] : undefined;
  if (typeof event !== 'object' || event === null) return invalid('its events have no logout');
  // So that no ID token can be used as one.
  if (Object.hasOwn(claims, 'nonce')) return invalid('it has a nonce');
  if (typeof jti !== 'string' || jti === '' || jti.length > MAX_JTI_LENGTH || jti.includes('\0'))
    return invalid('its jti is no id');
  const { sid } = claims;
  const isName = (value: unknown) => value === undefined || (typeof value === 'string' && value !== '' && !value.includes('\0'));
  if (!isName(sub) || !isName(sid) || (sub === undefined && sid === undefined)) return invalid('it names nobody (sub, sid)');
  const expiresAt = new Date((exp + CLOCK_TOLERANCE_SECONDS) * 1000);
  if (Number.isNaN(expiresAt.getTime())) return invalid('its exp is no time');
  return { kind: 'verified', token: { jti, subject: sub ?? null, sid: typeof sid === 'string' ? sid : null, expiresAt } };
}
