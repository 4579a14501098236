import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { placeIn, type EncryptedColumn } from '../platform/encryption/encrypted-column';
import type { Encryption } from '../platform/encryption/encryption';

/** Standard Webhooks, "Signature scheme": between 24 and 64 bytes, in base64 with this prefix. */
const PREFIX = 'whsec_';
const SECRET_BYTES = 32;

/** Where they are stored. */
export const WEBHOOK_SECRETS: EncryptedColumn = { table: 'webhook_secret', column: 'secret', what: 'webhook secrets' };

export interface StoredSecret {
  readonly uid: string;
  /** Encrypted. */
  readonly secret: string;
}

/** A new secret, as its client gets to see it once, and as it is stored. */
export function makeWebhookSecret(encryption: Encryption): { readonly secret: string; readonly stored: StoredSecret } {
  const uid = uuidv7();
  const secret = PREFIX + randomBytes(SECRET_BYTES).toString('base64');
  return { secret, stored: { uid, secret: encryption.encrypt(secret, placeIn(WEBHOOK_SECRETS, uid)) } };
}

/** @throws UndecryptableError */
export const readWebhookSecret = (encryption: Encryption, { uid, secret }: StoredSecret): string =>
  encryption.decrypt(secret, placeIn(WEBHOOK_SECRETS, uid));
