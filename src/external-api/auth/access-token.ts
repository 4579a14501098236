import { decodeProtectedHeader, errors, jwtVerify, type JWTVerifyGetKey, type ProtectedHeaderParameters } from 'jose';
import type { KeySet } from './key-set';
import type { AccessTokenClaims } from './principal';

/** How far the issuer's clock and ours may differ. */
const CLOCK_TOLERANCE_SECONDS = 30;
/** What common issuers stay far below, and Node's header limit is raised for. */
const MAX_TOKEN_BYTES = 16_384;
/** Asymmetric only (RFC 8725 §3.1): with HMAC a public key would be a secret that everybody knows. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
/** RFC 9068 §4, and what issuers did before it. */
const TYPES = ['at+jwt', 'application/at+jwt', 'jwt'];
/** What only an ID token has (OpenID Connect Core §2). It is for the client that asked for it, not for us. */
const ID_TOKEN_CLAIMS = ['nonce', 'at_hash'];

/** `reason` is a plain ASCII sentence of ours, for the client's people. */
export type TokenRefusal = { readonly kind: 'token_invalid'; readonly reason: string } | { readonly kind: 'token_expired' };
export type HeaderCheck = { readonly kind: 'acceptable'; readonly kid: string | undefined } | TokenRefusal;
export type AccessTokenCheck =
  | { readonly kind: 'verified'; readonly claims: AccessTokenClaims }
  /** None of these keys made the signature, but one that the issuer published later could have. */
  | { readonly kind: 'key_unknown' }
  | TokenRefusal;

const invalid = (reason: string): TokenRefusal => ({ kind: 'token_invalid', reason });

/** What can be refused before any key is looked at, so that rubbish never makes us ask the issuer. */
export function checkHeader(token: string): HeaderCheck {
  if (token.length > MAX_TOKEN_BYTES) return invalid(`The token is over ${MAX_TOKEN_BYTES} bytes long.`);
  // jose would decode padding and whitespace too; the compact form (RFC 7515 §7.1) has neither.
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return invalid('The token is not a signed JWT.');
  let header: ProtectedHeaderParameters;
  try {
    header = decodeProtectedHeader(token);
  } catch {
    return invalid('The token is not a signed JWT.');
  }
  const { alg, typ, kid } = header;
  if (typeof alg !== 'string' || !ALGORITHMS.includes(alg))
    return invalid('The token is signed with an algorithm that is not accepted.');
  if (Object.hasOwn(header, 'crit')) return invalid('The token asks for an extension that is not known here.');
  if (typ !== undefined && !(typeof typ === 'string' && TYPES.includes(typ.toLowerCase())))
    return invalid('The token is of a type that is not an access token.');
  if (kid !== undefined && typeof kid !== 'string') return invalid('The token does not name its key by a string.');
  return { kind: 'acceptable', kid };
}

export interface Expected {
  readonly issuer: string;
  readonly audience: string;
  readonly now: Date;
}

/**
 * Verifies the signature and then the claims of a token whose header was found acceptable. Keys that the header brings
 * along (`jwk`, `jku`, `x5c`, `x5u`) are never looked at.
 */
export async function checkAccessToken(
  token: string,
  kid: string | undefined,
  keys: KeySet,
  expected: Expected,
): Promise<AccessTokenCheck> {
  if (kid !== undefined && !keys.has(kid)) return { kind: 'key_unknown' };
  const outcome = await verifyWith(keys.getKey, token, expected);
  if (outcome.kind !== 'wrong_key') return outcome;
  // Without a kid there is no telling a forged token from one of a key that was published since.
  return kid === undefined ? { kind: 'key_unknown' } : invalid("The token's signature is wrong, or its key is not for this use.");
}

async function verifyWith(
  getKey: JWTVerifyGetKey,
  token: string,
  expected: Expected,
): Promise<AccessTokenCheck | { readonly kind: 'wrong_key' }> {
  try {
    const { payload } = await jwtVerify<AccessTokenClaims>(token, getKey, {
      issuer: expected.issuer,
      audience: expected.audience,
      algorithms: ALGORITHMS,
      requiredClaims: ['exp', 'iat'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: expected.now,
    });
    return checkClaims(payload, expected.now);
  } catch (error) {
    if (error instanceof errors.JWKSMultipleMatchingKeys) {
      for await (const key of error) {
        const outcome = await verifyWith(async () => key, token, expected);
        if (outcome.kind !== 'wrong_key') return outcome;
      }
      return { kind: 'wrong_key' };
    }
    if (error instanceof errors.JWTExpired) return { kind: 'token_expired' };
    if (error instanceof errors.JWTClaimValidationFailed) return invalid(claimReason(error.claim));
    if (error instanceof errors.JWTInvalid || error instanceof errors.JWSInvalid)
      return invalid('The token is not a signed JWT.');
    // The rest is about the key: no match, a wrong signature, or a key that the runtime cannot import after all.
    return { kind: 'wrong_key' };
  }
}

function claimReason(claim: string): string {
  switch (claim) {
    case 'iss':
      return 'The token is from another issuer (iss).';
    case 'aud':
      return 'The token is for another audience (aud).';
    case 'nbf':
      return 'The token is not valid yet (nbf).';
    case 'iat':
      return 'The token does not say when it was issued (iat).';
    case 'exp':
      return 'The token does not say when it expires (exp).';
    default:
      return 'A claim of the token is not as it should be.';
  }
}

/** What a token says about time, in seconds since 1970. */
export type TokenTimes = Pick<AccessTokenClaims, 'exp' | 'nbf' | 'iat'>;

/** What changes while the rest of a token stays as it was verified; each use has to check it. null: the token is good now. */
export function checkTimes({ exp, nbf = 0, iat = 0 }: TokenTimes, now: Date): TokenRefusal | null {
  const seconds = Math.floor(now.getTime() / 1000);
  if (nbf > seconds + CLOCK_TOLERANCE_SECONDS) return invalid(claimReason('nbf'));
  if (iat > seconds + CLOCK_TOLERANCE_SECONDS) return invalid('The token was issued in the future (iat).');
  return exp <= seconds - CLOCK_TOLERANCE_SECONDS ? { kind: 'token_expired' } : null;
}

/** What jose leaves to us, such as an `iat` in the future; the claims of time are known to be numbers. */
function checkClaims(claims: AccessTokenClaims, now: Date): AccessTokenCheck {
  // JSON has room for instants that a Date has not, such as 1e999.
  if (Number.isNaN(new Date(claims.exp * 1000).getTime())) return invalid('The token does not say when it expires (exp).');
  if (ID_TOKEN_CLAIMS.some((claim) => Object.hasOwn(claims, claim)))
    return invalid('The token is an ID token, not an access token.');
  return checkTimes(claims, now) ?? { kind: 'verified', claims };
}
