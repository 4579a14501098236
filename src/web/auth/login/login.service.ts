import { Injectable, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import * as oidc from 'openid-client';
import { WebSettings } from '../../../platform/config/settings';
import { Encryption, UndecryptableError } from '../../../platform/encryption/encryption';
import { UserAccessService } from '../../../tenancy/user-access.service';
import { WebSessions, type SignIn } from '../web-sessions';
import { toIdentity, type Identity } from './identity';
import { isIssuerAway, isIssuersFault } from './issuer-errors';
import { LoginCookies, type PendingLogin } from './login-cookies';
import { LoginIssuers, LoginUnavailableError, type DiscoveredIssuer } from './login-issuers';
import { safeReturnTo } from './return-to';

/** Below the API's folder, so that what stands before it stands before these, too. */
export const CALLBACK_PATH = '/api/auth/callback';
/** Where the page has its list of issuers. */
export const SIGN_IN_PAGE = '/sign-in';

const SCOPE = 'openid profile email';

export type BeginLoginResult =
  | { readonly kind: 'redirect'; readonly url: string }
  | { readonly kind: 'login_issuer_unknown' }
  | { readonly kind: 'login_unavailable' };

export type FinishLoginResult =
  | { readonly kind: 'signed_in'; readonly returnTo: string }
  /** This browser has not begun such a login, or too long ago. */
  | { readonly kind: 'login_expired' }
  /** The issuer, or the person there, said no. */
  | { readonly kind: 'login_refused' }
  /** What the issuer sent is not what it has to be. */
  | { readonly kind: 'login_failed' }
  | { readonly kind: 'login_unavailable' };

/** Signing in by OpenID Connect (Core 1.0 §3.1, the authorization code flow) with PKCE (RFC 7636), and out (RP-Initiated Logout 1.0). */
@Injectable()
export class LoginService {
  private readonly logger = new Logger(LoginService.name);

  constructor(
    private readonly settings: WebSettings,
    private readonly issuers: LoginIssuers,
    private readonly cookies: LoginCookies,
    private readonly sessions: WebSessions,
    private readonly users: UserAccessService,
    private readonly encryption: Encryption,
  ) {}

  /** @param issuerId undefined: the only one there is. @param returnTo where the page goes in the end. */
  async begin(
    request: Request,
    response: Response,
    issuerId: string | undefined,
    returnTo: string | undefined,
  ): Promise<BeginLoginResult> {
    const issuer = this.issuers.find(issuerId);
    if (!issuer) return { kind: 'login_issuer_unknown' };
    const discovered = await this.discoverOrNull(issuer);
    if (!discovered) return { kind: 'login_unavailable' };
    const login: PendingLogin = {
      issuerId: issuer.id,
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      codeVerifier: oidc.randomPKCECodeVerifier(),
      returnTo: safeReturnTo(returnTo),
      startedAt: Date.now(),
    };
    const url = oidc.buildAuthorizationUrl(discovered.configuration, {
      redirect_uri: this.ownUrl(CALLBACK_PATH),
      scope: SCOPE,
      state: login.state,
      nonce: login.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(login.codeVerifier),
      code_challenge_method: 'S256',
    });
    this.cookies.add(request, response, login);
    return { kind: 'redirect', url: url.href };
  }

  /** Takes the issuer's answer, which the browser brings in the query. */
  async finish(request: Request, response: Response): Promise<FinishLoginResult> {
    const { state } = request.query;
    const login = typeof state === 'string' ? this.cookies.take(request, response, state) : null;
    const issuer = login && this.issuers.find(login.issuerId);
    if (!login || !issuer) return { kind: 'login_expired' };
    const discovered = await this.discoverOrNull(issuer);
    if (!discovered) return { kind: 'login_unavailable' };
    try {
      const { identity, sid, idToken } = await this.exchange(discovered, login, new URL(this.ownUrl(request.originalUrl)));
      if (!identity) return { kind: 'login_failed' };
      const { id: userId } = await this.users.recordSignIn({ issuer: issuer.issuer, ...identity });
      await this.sessions.begin(request, (sessionId) => ({
        userId,
        issuer: issuer.issuer,
        subject: identity.subject,
        sid,
        idToken: this.encryption.encrypt(idToken, placeOfIdToken(sessionId)),
      }));
      return { kind: 'signed_in', returnTo: login.returnTo };
    } catch (error) {
      return this.failure(error, issuer.id);
    }
  }

  /** Ends the session, if there is one. @returns where the browser goes to end the issuer's session as well. */
  async end(request: Request): Promise<string> {
    const { signIn } = request.session;
    if (!signIn) return SIGN_IN_PAGE;
    const idToken = this.idTokenOf(signIn, request.sessionID);
    await this.sessions.end(request);
    const issuer = this.issuers.findByIdentifier(signIn.issuer);
    const discovered = issuer && (await this.discoverOrNull(issuer));
    if (!discovered?.configuration.serverMetadata().end_session_endpoint) return SIGN_IN_PAGE;
    return oidc.buildEndSessionUrl(discovered.configuration, {
      post_logout_redirect_uri: this.ownUrl(SIGN_IN_PAGE),
      ...(idToken !== null && { id_token_hint: idToken }),
    }).href;
  }

  private async exchange({ configuration }: DiscoveredIssuer, login: PendingLogin, answer: URL) {
    // Checks state, `iss` (RFC 9207), and the ID token: signature, iss, aud, azp, exp, iat, nonce.
    const tokens = await oidc.authorizationCodeGrant(configuration, answer, {
      expectedState: login.state,
      expectedNonce: login.nonce,
      pkceCodeVerifier: login.codeVerifier,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (!claims || tokens.id_token === undefined) throw new Error('the issuer sent no ID token');
    const sid = typeof claims['sid'] === 'string' ? claims['sid'] : null;
    return { identity: await this.identify(configuration, tokens.access_token, claims), sid, idToken: tokens.id_token };
  }

  /** Some issuers put no name into the ID token, and say it when they are asked (Core §5.3). */
  private async identify(configuration: oidc.Configuration, accessToken: string, claims: oidc.IDToken): Promise<Identity | null> {
    const identity = toIdentity(claims);
    const isComplete = identity !== null && identity.name !== null && identity.email !== null;
    if (isComplete || !configuration.serverMetadata().userinfo_endpoint) return identity;
    try {
      return toIdentity({ ...claims, ...(await oidc.fetchUserInfo(configuration, accessToken, claims.sub)) });
    } catch (error) {
      this.logger.warn({ err: error }, 'the login issuer does not say who signed in; the ID token has to do');
      return identity;
    }
  }

  private failure(error: unknown, issuer: string): FinishLoginResult {
    if (error instanceof oidc.AuthorizationResponseError && error.error === 'access_denied') return { kind: 'login_refused' };
    if (isIssuerAway(error)) {
      this.logger.warn({ err: error, issuer }, 'the login issuer does not answer');
      return { kind: 'login_unavailable' };
    }
    if (!isIssuersFault(error)) throw error;
    this.logger.warn({ err: error, issuer }, 'a login failed');
    return { kind: 'login_failed' };
  }

  private async discoverOrNull(issuer: DiscoveredIssuer['settings']): Promise<DiscoveredIssuer | null> {
    try {
      return await this.issuers.discover(issuer);
    } catch (error) {
      if (error instanceof LoginUnavailableError) return null;
      throw error;
    }
  }

  /** Without its key the logout goes on without the hint. */
  private idTokenOf({ idToken }: SignIn, sessionId: string): string | null {
    try {
      return idToken === null ? null : this.encryption.decrypt(idToken, placeOfIdToken(sessionId));
    } catch (error) {
      if (error instanceof UndecryptableError) return null;
      throw error;
    }
  }

  private ownUrl(path: string): string {
    return `${this.settings.baseUrl}${path}`;
  }
}

const placeOfIdToken = (sessionId: string): string => `web_session.idToken:${sessionId}`;
