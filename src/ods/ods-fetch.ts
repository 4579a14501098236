/** How the client reaches an Ed-Fi API: its caller sees to addresses, TLS, time limits, and that no redirect is followed. */
export type OdsFetch = (request: OdsRequest) => Promise<OdsAnswer>;

export interface OdsRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly maxBytes: number;
}

export type OdsAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly body: Buffer }
  | { readonly kind: 'failed'; readonly reason: OdsFailure };

export type OdsFailure =
  'address_refused' | 'dns_failed' | 'tls_failed' | 'connection_failed' | 'invalid_response' | 'timeout' | 'too_large';

/** A JSON object, or null for whatever else a body may be. */
export function jsonObjectOf(body: Buffer): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
