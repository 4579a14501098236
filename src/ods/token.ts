import { jsonObjectOf, type OdsFailure, type OdsFetch } from './ods-fetch';

const MAX_BYTES = 64 * 1024;

export interface OdsCredentials {
  readonly key: string;
  readonly secret: string;
}

export type ObtainTokenResult =
  | { readonly kind: 'obtained'; readonly token: string; readonly expiresInSeconds: number | null }
  | { readonly kind: 'unreachable'; readonly reason: OdsFailure }
  /** The key or the secret is wrong. */
  | { readonly kind: 'rejected' }
  /** 429: as many tokens of the key are live as the API allows. */
  | { readonly kind: 'too_many_tokens' }
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'no_token' };

/** Asks for an access token by `client_credentials` with Basic authentication (RFC 6749 §4.4; Ed-Fi, "Authentication"). */
export async function obtainToken(fetch: OdsFetch, url: URL, { key, secret }: OdsCredentials): Promise<ObtainTokenResult> {
  const answer = await fetch({
    method: 'POST',
    url,
    headers: {
      accept: 'application/json',
      authorization: `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
    maxBytes: MAX_BYTES,
  });
  if (answer.kind === 'failed') return { kind: 'unreachable', reason: answer.reason };
  const { status, body } = answer;
  if (status === 429) return { kind: 'too_many_tokens' };
  // RFC 6749 §5.2: `invalid_client` may come with either status.
  if (status === 401 || (status === 400 && jsonObjectOf(body)?.error === 'invalid_client')) return { kind: 'rejected' };
  if (status !== 200) return { kind: 'refused', status };
  const { access_token: token, expires_in: expiresIn } = jsonObjectOf(body) ?? {};
  if (typeof token !== 'string' || !/^[!-~]{1,16384}$/.test(token)) return { kind: 'no_token' };
  return { kind: 'obtained', token, expiresInSeconds: typeof expiresIn === 'number' ? expiresIn : null };
}
