import { createHash, randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { sendJson, startTestIssuer, type MintOptions, type TestIssuer } from './issuer';

export const LOGIN_CLIENT = { clientId: 'slipway', clientSecret: 'login-secret' };
const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout';

/** What the issuer was asked for at the authorization endpoint, as the browser brings it. */
export type AuthorizationRequest = Readonly<Record<string, string>>;

export interface LoginIssuer extends TestIssuer {
  /**
   * Signs somebody in as if a person had done so on the issuer's page.
   *
   * @param claims of the ID token; set, or left out with `undefined`.
   * @returns the query with which the browser comes back.
   */
  authorize(request: AuthorizationRequest, claims?: Record<string, unknown>, options?: MintOptions): Promise<URLSearchParams>;
  /** A logout token; claims are set, or left out with `undefined`. */
  logoutToken(claims: Record<string, unknown>, options?: MintOptions): Promise<string>;
}

/** The test issuer, with a token endpoint that checks the client, the code and its PKCE, and no page of its own. */
export async function startLoginIssuer(): Promise<LoginIssuer> {
  const issuer = await startTestIssuer({ audience: LOGIN_CLIENT.clientId });
  const codes = new Map<string, { request: AuthorizationRequest; idToken: string }>();
  Object.assign(issuer.metadata, {
    authorization_endpoint: `${issuer.issuer}/authorize`,
    end_session_endpoint: `${issuer.issuer}/end-session`,
    authorization_response_iss_parameter_supported: true,
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
    id_token_signing_alg_values_supported: ['ES256'],
  });

  issuer.answer('token', async (response, _usual, request) => {
    const form = new URLSearchParams(await text(request));
    const basic = Buffer.from((request.headers.authorization ?? '').replace(/^Basic /, ''), 'base64').toString();
    // RFC 6749 §2.3.1: each is form-encoded first.
    const [clientId, secret] = basic.split(':').map(decodeURIComponent);
    const known = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (clientId !== LOGIN_CLIENT.clientId || secret !== LOGIN_CLIENT.clientSecret)
      return sendJson(response, { error: 'invalid_client' }, 401);
    if (
      !known ||
      challenge !== known.request['code_challenge'] ||
      known.request['code_challenge_method'] !== 'S256' ||
      form.get('redirect_uri') !== known.request['redirect_uri']
    )
      return sendJson(response, { error: 'invalid_grant' }, 400);
    sendJson(response, { access_token: randomUUID(), token_type: 'Bearer', expires_in: 60, id_token: known.idToken });
  });

  const withoutAccessClaims = { client_id: undefined, client_name: undefined, scope: undefined };
  return {
    ...issuer,
    authorize: async (request, claims = {}, options = {}) => {
      const idToken = await issuer.mint(
        { ...withoutAccessClaims, jti: undefined, sub: 'ada', nonce: request['nonce'], ...claims },
        { ...options, header: { typ: 'JWT', ...options.header } },
      );
      const code = randomUUID();
      codes.set(code, { request, idToken });
      return new URLSearchParams({ code, state: request['state'] ?? '', iss: issuer.issuer });
    },
    logoutToken: (claims, options = {}) =>
      issuer.mint(
        { ...withoutAccessClaims, sub: undefined, events: { [LOGOUT_EVENT]: {} }, ...claims },
        { ...options, header: { typ: 'logout+jwt', ...options.header } },
      ),
  };
}
