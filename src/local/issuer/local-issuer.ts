import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ClientMetadata, Configuration, errors as Errors, KoaContextWithOIDC, ResponseType } from 'oidc-provider';
import { memoryStorage } from './memory-storage';
import { pageHeaders, signedOutPage, signOutPage } from './pages';
import { importOidcProvider } from './quiet-import';
import { answerInteraction, interactionPath, isInteraction, type LocalUser } from './sign-in';
import { loadSigningKeys, SigningKeys } from './signing-keys';

const HOST = '127.0.0.1';
const TOKEN_PATH = '/token';
const TOKEN_SECONDS = 3600;
const SESSION_SECONDS = 12 * 3600;
/** A resource is a URI (RFC 8707 §2) and an audience need not be one, so the default has a name of its own. */
const DEFAULT_RESOURCE = 'urn:slipway:external-api';

export interface LocalIssuerClient {
  clientId: string;
  clientSecret: string;
  /** Becomes the token's `client_name`. */
  clientName: string;
  /** All that the client may ask for, and what it gets when it asks for nothing. */
  scopes: string[];
}

/** The web page, with which people sign in. */
export interface LocalWebClient {
  clientId: string;
  clientSecret: string;
  /** Its origin. */
  origin: string;
  /** Paths there. */
  callbackPath: string;
  signedOutPath: string;
  backchannelLogoutPath: string;
  users: LocalUser[];
}

export interface LocalIssuerOptions {
  /** 0, the default, is any free port. The issuer's URL has the port in it, so give one where the URL must last. */
  port?: number;
  /** The signing keys are kept here. */
  directory: string;
  /** The `aud` of every token. */
  audience: string;
  clients: LocalIssuerClient[];
  /** Absent: nobody can sign in. */
  web?: LocalWebClient;
  /** Told of what goes wrong inside the issuer; refusals of a client's request are not that. */
  onError?: (error: Error) => void;
}

export interface LocalIssuer {
  issuer: string;
  tokenEndpoint: string;
  close(): Promise<void>;
}

/**
 * Starts a token issuer on 127.0.0.1, for development: OIDC discovery, a JWKS, and a token endpoint for the client credentials
 * grant (RFC 6749 §4.4) whose access tokens are JWTs by RFC 9068. A client may authenticate by HTTP Basic or in the body. With a
 * web client there is also a page on which its users sign in, for the authorization code flow, and both kinds of logout.
 *
 * @throws Error with a message for people: the port is in use, the keys or a client cannot be used
 */
export async function startLocalIssuer(options: LocalIssuerOptions): Promise<LocalIssuer> {
  const [oidc, signingKeys] = await Promise.all([importOidcProvider(), loadSigningKeys(options.directory)]);
  const server = createServer();
  const issuer = `http://${HOST}:${await listen(server, options.port ?? 0)}`;
  try {
    const provider = new oidc.Provider(issuer, configurationOf(options, signingKeys, oidc.errors));
    provider.on('server_error', (_context, error) => options.onError?.(error));
    // Or Koa prints it when an answer cannot be written because the client has gone.
    provider.silent = true;
    const answer = provider.callback();
    const { web } = options;
    server.on('request', (request, response) => {
      if (!web || !isInteraction(request)) return void answer(request, response);
      const signIn = { provider, errors: oidc.errors, users: web.users, origin: web.origin };
      answerInteraction(request, response, signIn).catch((error: Error) => {
        options.onError?.(error);
        response.destroy();
      });
    });
    // Clients are checked when they are first looked up; a bad one is to stop the start.
    for (const { clientId } of [...options.clients, ...(web ? [web] : [])]) await provider.Client.find(clientId);
  } catch (error) {
    await close(server);
    throw error;
  }
  return { issuer, tokenEndpoint: `${issuer}${TOKEN_PATH}`, close: () => close(server) };
}

function configurationOf(
  { audience, clients, web }: LocalIssuerOptions,
  jwks: SigningKeys,
  errors: typeof Errors,
): Configuration {
  const byId = new Map(clients.map((client) => [client.clientId, client]));
  return {
    jwks,
    adapter: memoryStorage(),
    clients: [
      ...clients.map(({ clientId, clientSecret, clientName }) => ({
        client_id: clientId,
        client_secret: clientSecret,
        client_name: clientName,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [] as ResponseType[],
      })),
      ...(web ? [webClientMetadata(web)] : []),
    ],
    ...(web && signInConfiguration(web)),
    // oidc-provider takes the one for the other, so each client has both.
    clientAuthMethods: ['client_secret_basic', 'client_secret_post'],
    routes: { token: TOKEN_PATH },
    ttl: {
      ClientCredentials: TOKEN_SECONDS,
      AccessToken: TOKEN_SECONDS,
      IdToken: TOKEN_SECONDS,
      AuthorizationCode: 60,
      Interaction: 600,
      Session: SESSION_SECONDS,
      Grant: SESSION_SECONDS,
    },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: web !== undefined },
      rpInitiatedLogout: {
        enabled: web !== undefined,
        logoutSource: (context, form) => show(context, signOutPage(form), web),
        postLogoutSuccessSource: (context) => show(context, signedOutPage(), web),
      },
      userinfo: { enabled: false },
      resourceIndicators: {
        enabled: true,
        // Whoever signs in asks for no API.
        defaultResource: (_context, client) => (client.clientId === web?.clientId ? [] : DEFAULT_RESOURCE),
        getResourceServerInfo: (context, resource, client) => {
          if (resource !== DEFAULT_RESOURCE && resource !== audience) throw new errors.InvalidTarget();
          const allowed = byId.get(client.clientId)?.scopes ?? [];
          const parameters = context.oidc.params ?? {};
          // oidc-provider gives no scope to who asks for none, and drops what the resource does not have without a word.
          parameters.scope ??= allowed.join(' ');
          const refused = String(parameters.scope)
            .split(' ')
            .find((scope) => !allowed.includes(scope));
          if (refused !== undefined) throw new errors.InvalidScope('the client may not have this scope', refused);
          return {
            scope: allowed.join(' '),
            audience,
            accessTokenFormat: 'jwt',
            accessTokenTTL: TOKEN_SECONDS,
            jwt: { sign: { alg: 'RS256' } },
          };
        },
      },
    },
    extraTokenClaims: (_context, token) => ({ client_name: byId.get(token.clientId ?? '')?.clientName }),
    // Without the dispatcher that it is given, which refuses loopback, where the page is that is told of a logout.
    fetch: (url, { method, headers, body, signal } = {}) => fetch(url, { method, headers, body, signal, redirect: 'error' }),
    // Without one of our own, each of these prints a notice when it is first used.
    clientBasedCORS: () => false,
    renderError: (context, out) => {
      context.type = 'json';
      context.body = out;
    },
  };
}

function webClientMetadata(web: LocalWebClient): ClientMetadata {
  return {
    client_id: web.clientId,
    client_secret: web.clientSecret,
    grant_types: ['authorization_code'],
    response_types: ['code'],
    redirect_uris: [web.origin + web.callbackPath],
    post_logout_redirect_uris: [web.origin + web.signedOutPath],
    backchannel_logout_uri: web.origin + web.backchannelLogoutPath,
    backchannel_logout_session_required: true,
  };
}

/** Whom the page's users are, and that nobody is asked whether the page may know it. */
function signInConfiguration({ users }: LocalWebClient): Partial<Configuration> {
  return {
    claims: { openid: ['sub'], profile: ['name'], email: ['email'] },
    conformIdTokenClaims: false,
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    interactions: { url: (_context, interaction) => interactionPath(interaction.uid) },
    findAccount: (_context, id) => {
      const user = users.find(({ subject }) => subject === id);
      return user && { accountId: id, claims: () => ({ sub: id, name: user.name, email: user.email }) };
    },
    loadExistingGrant: async ({ oidc }) => {
      const grant = new oidc.provider.Grant({ clientId: oidc.client?.clientId, accountId: oidc.session?.accountId });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
  };
}

function show(context: KoaContextWithOIDC, html: string, web: LocalWebClient | undefined): void {
  context.set({ ...pageHeaders(web ? [web.origin] : []) });
  context.body = html;
}

/** @returns the port */
async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, HOST);
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new Error(`the local token issuer cannot listen on ${HOST}:${port}: the port is in use`, { cause: error });
  }
  return (server.address() as AddressInfo).port;
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
