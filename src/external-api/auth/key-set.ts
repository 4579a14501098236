import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { createPublicKey, type JsonWebKey } from 'node:crypto';

/** RFC 7518 §3.3 and §3.5 ask for at least this for every RSA signature. */
const MIN_RSA_BITS = 2048;

/** An issuer's published keys (RFC 7517), parsed and imported once and then used for every token. */
export class KeySet {
  private constructor(
    private readonly kids: ReadonlySet<string>,
    /** Finds the key for a token's header by `kid`, `alg`, `kty`, `crv`, `use` and `key_ops`; for jose's `jwtVerify`. */
    readonly getKey: JWTVerifyGetKey,
  ) {}

  /** @throws Error where the document is no JWK Set, or has no key that could verify anything. */
  static from(document: Readonly<Record<string, unknown>>): KeySet {
    const published = document['keys'];
    if (!Array.isArray(published) || !published.every(isObject)) throw new Error('the JWKS has no array of keys');
    const usable = published.filter(canVerify);
    if (usable.length === 0) throw new Error('the JWKS has no key that can verify a signature');
    // A key that we refuse is known all the same: its tokens are invalid, and asking the issuer again would change nothing.
    const kids = published.map((jwk) => jwk['kid']).filter((kid) => typeof kid === 'string');
    return new KeySet(new Set(kids), createLocalJWKSet({ keys: usable } as JSONWebKeySet));
  }

  has(kid: string): boolean {
    return this.kids.has(kid);
  }
}

type JsonObject = Record<string, unknown>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether it is a well-formed public key for signatures; which algorithms it is for is looked at with each token. */
function canVerify(jwk: JsonObject): boolean {
  // A private key that its issuer published can be used by anybody.
  if ('d' in jwk || (jwk['use'] !== undefined && jwk['use'] !== 'sig')) return false;
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
    if (asymmetricKeyType === 'rsa') return (asymmetricKeyDetails?.modulusLength ?? 0) >= MIN_RSA_BITS;
    return asymmetricKeyType === 'ec' || asymmetricKeyType === 'ed25519';
  } catch {
    return false;
  }
}
