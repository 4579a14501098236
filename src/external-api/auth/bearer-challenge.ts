const REALM = 'slipway';
/** More than any partner's code or list of our scopes; a header must not grow with what a client sends. */
const MAX_SCOPE_LENGTH = 200;

export interface ChallengeError {
  readonly error: 'invalid_token' | 'insufficient_scope';
  /** A plain ASCII sentence of ours. */
  readonly description: string;
  /** The scopes that are needed, space-delimited; left out where it is no scope by RFC 6749 §3.3. */
  readonly scope?: string;
}

/**
 * The value of `WWW-Authenticate` (RFC 6750 §3): without an error for a request that has no token, since nothing was wrong
 * with it. Nothing in it can end the header or a quoted text.
 */
export function bearerChallenge(error?: ChallengeError): string {
  const parameters = [`realm="${REALM}"`];
  if (error) {
    parameters.push(`error="${error.error}"`, `error_description="${error.description.replace(/[^ !#-[\]-~]/g, '?')}"`);
    if (error.scope !== undefined && isScope(error.scope)) parameters.push(`scope="${error.scope}"`);
  }
  return `Bearer ${parameters.join(', ')}`;
}

/** RFC 6749 §3.3: scope-tokens of visible ASCII without `"` and `\`, with one space between. */
const isScope = (value: string): boolean => value.length <= MAX_SCOPE_LENGTH && /^[!#-[\]-~]+( [!#-[\]-~]+)*$/.test(value);
