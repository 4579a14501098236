import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { Encryption } from '../platform/encryption/encryption';

/** Standard Webhooks, "Signature scheme": between 24 and 64 bytes, in base64 with this prefix. */
const PREFIX = 'whsec_';
const SECRET_BYTES = 32;

export interface StoredSecret {
  readonly uid: string;
  /** Encrypted. */
  readonly secret: string;
}

/** A new secret, as its client gets to see it once, and as it is stored. */
export function makeWebhookSecret(encryption: Encryption): { readonly secret: string; readonly stored: StoredSecret } {
  const uid = uuidv7();
  const secret = PREFIX + randomBytes(SECRET_BYTES).toString('base64');
  return { secret, stored: { uid, secret: encryption.encrypt(secret, placeOf(uid)) } };
}

/** @throws UndecryptableError */
export const readWebhookSecret = (encryption: Encryption, { uid, secret }: StoredSecret): string =>
  encryption.decrypt(secret, placeOf(uid));

/** The same secret under the current key. @throws UndecryptableError */
export const reencryptWebhookSecret = (encryption: Encryption, stored: StoredSecret): StoredSecret => ({
  uid: stored.uid,
  secret: encryption.encrypt(readWebhookSecret(encryption, stored), placeOf(stored.uid)),
});

const placeOf = (uid: string): string => `webhook_secret.secret:${uid}`;
