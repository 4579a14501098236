import { Injectable } from '@nestjs/common';
import { ExternalApiSettings } from '../../platform/config/settings';
import { checkAccessToken, checkHeader, checkTimes, type TokenRefusal, type TokenTimes } from './access-token';
import { readBearerToken } from './bearer-token';
import { Clock } from './clock';
import { IssuerKeys } from './issuer-keys';
import type { KeySet } from './key-set';
import { toPrincipal, type Principal } from './principal';
import { VerifiedTokens } from './verified-tokens';

/** A failure's `kind` is its problem code. */
export type TokenVerification =
  | { readonly kind: 'verified'; readonly principal: Principal }
  | { readonly kind: 'token_missing' }
  | TokenRefusal
  | { readonly kind: 'token_issuer_unavailable'; readonly retryAfterSeconds: number }
  | { readonly kind: 'external_api_disabled' };

interface SignedToken {
  readonly token: string;
  readonly kid: string | undefined;
  readonly issuer: string;
  readonly audience: string;
}

/** Says who sent a request, by its access token (RFC 6750, RFC 9068). */
@Injectable()
export class TokenVerifier {
  private readonly verified = new VerifiedTokens<{ readonly principal: Principal; readonly times: TokenTimes }>();

  constructor(
    private readonly settings: ExternalApiSettings,
    private readonly issuerKeys: IssuerKeys,
    private readonly clock: Clock,
  ) {}

  /** @param authorization the value of every `Authorization` header of the request. */
  async verify(authorization: readonly string[]): Promise<TokenVerification> {
    const { issuer, audience } = this.settings;
    if (issuer === null || audience === null) return { kind: 'external_api_disabled' };
    const bearer = readBearerToken(authorization);
    if (bearer.kind !== 'token') return bearer;
    const header = checkHeader(bearer.token);
    if (header.kind !== 'acceptable') return header;
    return this.verifyWithIssuerKeys({ token: bearer.token, kid: header.kid, issuer, audience });
  }

  private async verifyWithIssuerKeys(signed: SignedToken): Promise<TokenVerification> {
    const current = await this.issuerKeys.current();
    if (current.kind === 'unavailable') return { ...current, kind: 'token_issuer_unavailable' };
    const verification = await this.verifyWith(current.keys, signed);
    if (verification.kind !== 'key_unknown') return verification;

    const refetched = await this.issuerKeys.refetched();
    if (refetched.kind === 'unavailable') return { ...refetched, kind: 'token_issuer_unavailable' };
    const again = refetched.keys === current.keys ? verification : await this.verifyWith(refetched.keys, signed);
    if (again.kind !== 'key_unknown') return again;
    return { kind: 'token_invalid', reason: 'The token is signed with a key that its issuer does not publish.' };
  }

  private async verifyWith(keys: KeySet, signed: SignedToken): Promise<TokenVerification | { readonly kind: 'key_unknown' }> {
    const { token, kid, issuer, audience } = signed;
    const now = this.clock.now();
    const remembered = this.verified.get(token, keys);
    if (remembered) return checkTimes(remembered.times, now) ?? { kind: 'verified', principal: remembered.principal };

    const check = await checkAccessToken(token, kid, keys, { issuer, audience, now });
    if (check.kind !== 'verified') return check;
    const { exp, nbf, iat } = check.claims;
    const principal = toPrincipal(check.claims);
    this.verified.add(token, keys, { principal, times: { exp, nbf, iat } });
    return { kind: 'verified', principal };
  }
}
