import { placeIn, type EncryptedColumn } from '../platform/encryption/encrypted-column';
import type { Encryption } from '../platform/encryption/encryption';

/** What Slipway is known by at an Ed-Fi API. */
export interface OdsCredentials {
  readonly key: string;
  readonly secret: string;
}

/** Where they are stored, the two as one text, so that no key can ever stand beside the secret of another. */
export const ODS_CREDENTIALS: EncryptedColumn = {
  table: 'ods_connection',
  column: 'credentials',
  what: 'credentials of ODS connections',
};

/** @param uid of the connection that they are for. */
export const encryptOdsCredentials = (encryption: Encryption, uid: string, { key, secret }: OdsCredentials): string =>
  encryption.encrypt(JSON.stringify([key, secret]), placeIn(ODS_CREDENTIALS, uid));

/** @throws UndecryptableError */
export function decryptOdsCredentials(encryption: Encryption, uid: string, credentials: string): OdsCredentials {
  const [key, secret] = JSON.parse(encryption.decrypt(credentials, placeIn(ODS_CREDENTIALS, uid))) as [string, string];
  return { key, secret };
}
