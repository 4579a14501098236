/** Who signed in, as the issuer says. */
export interface Identity {
  /** With the issuer what a user is known by; never anything else, such as the e-mail address, which may be given to another. */
  readonly subject: string;
  /** null: the issuer does not say. */
  readonly name: string | null;
  readonly email: string | null;
}

type Claims = Readonly<Record<string, unknown>>;

const MAX_CHARACTERS = 255;
const CONTROL_CHARACTER = /\p{Cc}/u;

/** The claims of OpenID Connect Core §5.1 that are shown; null where there is no subject that can be kept (§2: up to 255 characters). */
export function toIdentity(claims: Claims): Identity | null {
  const subject = text(claims['sub']);
  if (subject === null) return null;
  const email = text(claims['email']);
  return { subject, name: text(claims['name']) ?? fullName(claims) ?? text(claims['preferred_username']) ?? email, email };
}

function fullName(claims: Claims): string | null {
  const parts = [text(claims['given_name']), text(claims['family_name'])].filter((part) => part !== null);
  return text(parts.join(' '));
}

/** What can be kept and shown; anything else counts as absent. */
function text(claim: unknown): string | null {
  if (typeof claim !== 'string' || claim.trim() === '' || !claim.isWellFormed() || CONTROL_CHARACTER.test(claim)) return null;
  return Array.from(claim).length > MAX_CHARACTERS ? null : claim;
}
