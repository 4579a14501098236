import { Injectable, Logger } from '@nestjs/common';
import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose';
import * as oidc from 'openid-client';
import { WebSettings, type LoginIssuer } from '../../../platform/config/settings';

/** For one question; whoever signs in waits. */
const TIMEOUT_SECONDS = 5;
/** How far the issuer's clock and ours may differ. */
export const CLOCK_TOLERANCE_SECONDS = 30;
/** How long a discovery document is used; the keys are looked after by those who use them. */
const METADATA_MS = 3_600_000;

export interface DiscoveredIssuer {
  readonly settings: LoginIssuer;
  readonly configuration: oidc.Configuration;
  /** The issuer's keys, fetched when needed. */
  readonly keys: JWTVerifyGetKey;
}

/** The issuer does not answer, or not with what it has to; asking again later may help. */
export class LoginUnavailableError extends Error {
  constructor(cause: unknown) {
    super('the login issuer is unavailable', { cause });
    this.name = 'LoginUnavailableError';
  }
}

/** The issuers of WEB_LOGIN_ISSUERS. Each is asked for its endpoints when it is first needed, so that one that is away stops nothing. */
@Injectable()
export class LoginIssuers {
  private readonly logger = new Logger(LoginIssuers.name);
  private readonly known = new Map<string, { issuer: Promise<DiscoveredIssuer>; until: number }>();

  constructor(private readonly settings: WebSettings) {}

  /** @param id undefined: the only one there is. */
  find(id: string | undefined): LoginIssuer | null {
    const { issuers } = this.settings;
    if (id === undefined) return issuers.length === 1 ? (issuers[0] ?? null) : null;
    return issuers.find((issuer) => issuer.id === id) ?? null;
  }

  /** The one that tokens name so in `iss`. */
  findByIdentifier(issuer: string): LoginIssuer | null {
    return this.settings.issuers.find((candidate) => candidate.issuer === issuer) ?? null;
  }

  /** @throws LoginUnavailableError */
  async discover(settings: LoginIssuer): Promise<DiscoveredIssuer> {
    const known = this.known.get(settings.id);
    if (known && known.until > Date.now()) return known.issuer;
    const issuer = this.ask(settings);
    // Also while it is under way, so that many who sign in at once ask once.
    const entry = { issuer, until: Date.now() + METADATA_MS };
    this.known.set(settings.id, entry);
    try {
      return await issuer;
    } catch (error) {
      if (this.known.get(settings.id) === entry) this.known.delete(settings.id);
      throw error;
    }
  }

  private async ask(settings: LoginIssuer): Promise<DiscoveredIssuer> {
    const url = new URL(settings.issuer);
    try {
      const configuration = await oidc.discovery(
        url,
        settings.clientId,
        { [oidc.clockTolerance]: CLOCK_TOLERANCE_SECONDS },
        clientAuthentication(settings.clientSecret),
        // The settings allow http on loopback alone, outside production.
        { timeout: TIMEOUT_SECONDS, execute: url.protocol === 'http:' ? [oidc.allowInsecureRequests] : [] },
      );
      // The ID token's signature, too, and not only that it came over TLS: it is kept, and taken back at the logout.
      oidc.enableNonRepudiationChecks(configuration);
      const { jwks_uri } = configuration.serverMetadata();
      if (jwks_uri === undefined) throw new Error('the discovery document has no jwks_uri');
      return {
        settings,
        configuration,
        keys: createRemoteJWKSet(new URL(jwks_uri), { timeoutDuration: TIMEOUT_SECONDS * 1000 }),
      };
    } catch (error) {
      this.logger.warn({ err: error, issuer: settings.id }, 'the login issuer could not be discovered');
      throw new LoginUnavailableError(error);
    }
  }
}

/** As the issuer's document asks for it; `client_secret_basic` where it says nothing (OpenID Connect Discovery 1.0 §3). */
function clientAuthentication(secret: string): oidc.ClientAuth {
  const [post, basic] = [oidc.ClientSecretPost(secret), oidc.ClientSecretBasic(secret)];
  return (server, client, body, headers) => {
    const takesPost = server.token_endpoint_auth_methods_supported?.includes('client_secret_post') ?? false;
    (takesPost ? post : basic)(server, client, body, headers);
  };
}
