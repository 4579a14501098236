import { KeySet } from './key-set';

/** For discovery and the keys together, so that a request that has to wait for them is answered within 10 s. */
const TIMEOUT_MS = 5000;
const MAX_DOCUMENT_BYTES = 1024 ** 2;

/**
 * Asks the issuer for its keys: OpenID Connect Discovery 1.0 §4, then the document's `jwks_uri`.
 *
 * @param issuer exactly as tokens and the document name it, with or without a trailing slash.
 * @throws Error where there is no answer in time, or one that we do not accept: the issuer counts as unreachable.
 */
export async function fetchIssuerKeys(issuer: string, { timeoutMs = TIMEOUT_MS } = {}): Promise<KeySet> {
  const signal = AbortSignal.timeout(timeoutMs);
  const metadata = await fetchJson(discoveryUrl(issuer), signal);
  if (metadata['issuer'] !== issuer) throw new Error('the discovery document names another issuer');
  return KeySet.from(await fetchJson(jwksUrl(metadata['jwks_uri'], issuer), signal));
}

/** §4: a slash that ends the issuer is dropped before the well-known path is added. */
export function discoveryUrl(issuer: string): URL {
  return new URL(`${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`);
}

/**
 * Keys must not come over a connection that anybody could change; plain http stays on this machine.
 *
 * @throws Error where the document's `jwks_uri` is none that we follow.
 */
export function jwksUrl(value: unknown, issuer: string): URL {
  if (typeof value !== 'string' || !URL.canParse(value)) throw new Error('the discovery document has no jwks_uri');
  const url = new URL(value);
  const local = new URL(issuer).protocol === 'http:' && url.protocol === 'http:' && isLoopback(url.hostname);
  if (url.protocol !== 'https:' && !local) throw new Error('the jwks_uri is not https');
  return url;
}

const isLoopback = (hostname: string): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);

async function fetchJson(url: URL, signal: AbortSignal): Promise<Record<string, unknown>> {
  // A redirect would let whoever can answer in the issuer's place choose where the keys come from.
  const response = await fetch(url, { redirect: 'error', signal, headers: { accept: 'application/json' } });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`${url.href} answered ${response.status}`);
  }
  const document: unknown = JSON.parse(await readText(response, url));
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    throw new Error(`${url.href} is no JSON object`);
  return document as Record<string, unknown>;
}

/** Counts what comes out of decompression, so that a small compressed answer cannot grow without limit either. */
async function readText(response: Response, url: URL): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_DOCUMENT_BYTES) throw new Error(`${url.href} is over ${MAX_DOCUMENT_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
