import { Injectable } from '@nestjs/common';
import { decodeJwt, errors } from 'jose';
import { DataSource } from 'typeorm';
import { endSessions } from './ended-sessions.queries';
import { LoginIssuers, LoginUnavailableError } from './login-issuers';
import { verifyLogoutToken } from './logout-token';

export type BackchannelLogoutResult =
  | { readonly kind: 'logged_out' }
  | { readonly kind: 'logout_token_invalid'; readonly reason: string }
  | { readonly kind: 'login_unavailable' };

/** Ends sessions because their issuer says so (OpenID Connect Back-Channel Logout 1.0). */
@Injectable()
export class BackchannelLogoutService {
  constructor(
    private readonly db: DataSource,
    private readonly issuers: LoginIssuers,
  ) {}

  async logout(logoutToken: string): Promise<BackchannelLogoutResult> {
    const settings = this.issuers.findByIdentifier(issuerOf(logoutToken));
    if (!settings) return { kind: 'logout_token_invalid', reason: 'it is of no issuer that people sign in with here' };
    try {
      const { keys } = await this.issuers.discover(settings);
      const result = await verifyLogoutToken(logoutToken, keys, settings);
      if (result.kind !== 'verified') return result;
      const isFirstUse = await endSessions(this.db, settings.issuer, result.token);
      return isFirstUse ? { kind: 'logged_out' } : { kind: 'logout_token_invalid', reason: 'it was used before (jti)' };
    } catch (error) {
      if (error instanceof LoginUnavailableError) return { kind: 'login_unavailable' };
      throw error;
    }
  }
}

/** Not verified yet: only to know whose keys to ask for. */
function issuerOf(token: string): string {
  try {
    return decodeJwt(token).iss ?? '';
  } catch (error) {
    if (error instanceof errors.JOSEError) return '';
    throw error;
  }
}
