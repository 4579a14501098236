import { Injectable } from '@nestjs/common';
import { ExternalApiSettings } from '../../platform/config/settings';
import { checkAccessToken, checkHeader, type AccessTokenCheck, type TokenRefusal } from './access-token';
import { readBearerToken } from './bearer-token';
import { Clock } from './clock';
import { IssuerKeys } from './issuer-keys';
import { toPrincipal, type Principal } from './principal';

/** A failure's `kind` is its problem code. */
export type TokenVerification =
  | { readonly kind: 'verified'; readonly principal: Principal }
  | { readonly kind: 'token_missing' }
  | TokenRefusal
  | { readonly kind: 'token_issuer_unavailable'; readonly retryAfterSeconds: number }
  | { readonly kind: 'external_api_disabled' };

/** Says who sent a request, by its access token (RFC 6750, RFC 9068). */
@Injectable()
export class TokenVerifier {
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
    return this.verifyWithIssuerKeys(bearer.token, header.kid, issuer, audience);
  }

  private async verifyWithIssuerKeys(
    token: string,
    kid: string | undefined,
    issuer: string,
    audience: string,
  ): Promise<TokenVerification> {
    const current = await this.issuerKeys.current();
    if (current.kind === 'unavailable') return { ...current, kind: 'token_issuer_unavailable' };
    const expected = { issuer, audience, now: this.clock.now() };
    const check = await checkAccessToken(token, kid, current.keys, expected);
    if (check.kind !== 'key_unknown') return toVerification(check);

    const refetched = await this.issuerKeys.refetched();
    if (refetched.kind === 'unavailable') return { ...refetched, kind: 'token_issuer_unavailable' };
    if (refetched.keys === current.keys) return toVerification(check);
    return toVerification(await checkAccessToken(token, kid, refetched.keys, expected));
  }
}

function toVerification(check: AccessTokenCheck): TokenVerification {
  switch (check.kind) {
    case 'verified':
      return { kind: 'verified', principal: toPrincipal(check.claims) };
    case 'key_unknown':
      return { kind: 'token_invalid', reason: 'The token is signed with a key that its issuer does not publish.' };
    case 'token_invalid':
    case 'token_expired':
      return check;
    default:
      return check satisfies never;
  }
}
