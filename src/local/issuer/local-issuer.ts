import { once } from 'node:events';
import { createServer, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Configuration, errors as Errors } from 'oidc-provider';
import { NoStorage } from './no-storage';
import { importOidcProvider } from './quiet-import';
import { loadSigningKeys, SigningKeys } from './signing-keys';

const HOST = '127.0.0.1';
const TOKEN_PATH = '/token';
const TOKEN_SECONDS = 3600;
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

export interface LocalIssuerOptions {
  /** 0, the default, is any free port. The issuer's URL has the port in it, so give one where the URL must last. */
  port?: number;
  /** The signing keys are kept here. */
  directory: string;
  /** The `aud` of every token. */
  audience: string;
  clients: LocalIssuerClient[];
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
 * grant (RFC 6749 §4.4) whose access tokens are JWTs by RFC 9068. A client may authenticate by HTTP Basic or in the body.
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
    server.on('request', provider.callback());
    // Clients are checked when they are first looked up; a bad one is to stop the start.
    for (const { clientId } of options.clients) await provider.Client.find(clientId);
  } catch (error) {
    await close(server);
    throw error;
  }
  return { issuer, tokenEndpoint: `${issuer}${TOKEN_PATH}`, close: () => close(server) };
}

function configurationOf({ audience, clients }: LocalIssuerOptions, jwks: SigningKeys, errors: typeof Errors): Configuration {
  const byId = new Map(clients.map((client) => [client.clientId, client]));
  return {
    jwks,
    adapter: NoStorage,
    clients: clients.map(({ clientId, clientSecret, clientName }) => ({
      client_id: clientId,
      client_secret: clientSecret,
      client_name: clientName,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    })),
    // oidc-provider takes the one for the other, so each client has both.
    clientAuthMethods: ['client_secret_basic', 'client_secret_post'],
    routes: { token: TOKEN_PATH },
    ttl: { ClientCredentials: TOKEN_SECONDS },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => DEFAULT_RESOURCE,
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
    // Without one of our own, each of these prints a notice when it is first used.
    clientBasedCORS: () => false,
    renderError: (context, out) => {
      context.type = 'json';
      context.body = out;
    },
  };
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
