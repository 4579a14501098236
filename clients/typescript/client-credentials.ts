/** A token this close to its end is replaced, so that none ends on the way. */
const SPARE_SECONDS = 60;

export interface ClientCredentials {
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What the issuer wants to know besides: `scope`, Auth0's `audience`. */
  readonly parameters?: Readonly<Record<string, string>>;
}

interface Token {
  readonly value: string;
  /** In ms since 1970: when it is to be replaced. */
  readonly staleAt: number;
}

/**
 * A token provider for `createSlipwayClient`: the client credentials grant (RFC 6749 §4.4) with HTTP Basic. It asks the issuer
 * when it has no token or the last one is about to expire, once for however many requests wait for it.
 *
 * @returns a function that gives an access token, and throws an Error where the issuer gives none
 */
export function clientCredentials(credentials: ClientCredentials): () => Promise<string> {
  let token: Token | null = null;
  let request: Promise<Token> | null = null;
  return async () => {
    if (token && Date.now() < token.staleAt) return token.value;
    request ??= requestToken(credentials).finally(() => (request = null));
    token = await request;
    return token.value;
  };
}

async function requestToken({ tokenEndpoint, clientId, clientSecret, parameters }: ClientCredentials): Promise<Token> {
  // RFC 6749 §2.3.1 has both form-encoded before they are joined.
  const basic = btoa(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`);
  const response = await fetch(tokenEndpoint, {
    method: 'POST',
    headers: { Authorization: `Basic ${basic}`, Accept: 'application/json' },
    body: new URLSearchParams({ grant_type: 'client_credentials', ...parameters }),
  });
  if (!response.ok) throw new Error(`the token endpoint answered ${response.status}: ${await response.text()}`);
  const { access_token: value, expires_in: seconds = 0 } = (await response.json()) as {
    access_token: string;
    expires_in?: number;
  };
  return { value, staleAt: Date.now() + (seconds - SPARE_SECONDS) * 1000 };
}
