import { Injectable } from '@nestjs/common';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { EncryptionSettings } from '../config/settings';

const ALGORITHM = 'aes-256-gcm';
const FORMAT = 'v1';
/** NIST SP 800-38D §8.2.2: a random nonce of 96 bits is good for 2^32 texts under one key. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A text that cannot be decrypted: its key is no longer configured, it was changed, or it belongs somewhere else. */
export class UndecryptableError extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(`a stored secret cannot be decrypted: ${reason}`, options);
    this.name = 'UndecryptableError';
  }
}

/**
 * Secrets at rest: AES-256-GCM under the keys of ENCRYPTION_KEYS. The first key encrypts and every key decrypts, so a key is
 * replaced by putting the new one in front. The result names its key: `v1:<key id>:<base64 of nonce, text and tag>`.
 */
@Injectable()
export class Encryption {
  private readonly keys: ReadonlyMap<string, Buffer>;
  private readonly current: EncryptionSettings['keys'][number];

  constructor({ keys }: EncryptionSettings) {
    const [first] = keys;
    if (!first) throw new Error('there is no encryption key');
    this.current = first;
    this.keys = new Map(keys.map(({ id, key }) => [id, key]));
  }

  /** What everything that the current key encrypted begins with, to find in SQL what an older one did. */
  get currentPrefix(): string {
    return `${FORMAT}:${this.current.id}:`;
  }

  /**
   * @param place names the one row and column that the result is for, such as `webhook_secret.secret:<uid>`. It is
   *   authenticated (additional data), so a secret that is copied into another row cannot be decrypted there.
   */
  encrypt(text: string, place: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.current.key, nonce).setAAD(Buffer.from(place));
    const bytes = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return this.currentPrefix + bytes.toString('base64');
  }

  /**
   * @param place as it was given to `encrypt`.
   * @throws UndecryptableError
   */
  decrypt(encrypted: string, place: string): string {
    const [format, id = '', base64 = ''] = encrypted.split(':');
    const key = this.keys.get(id);
    if (format !== FORMAT || !key) throw new UndecryptableError('ENCRYPTION_KEYS does not have its key');
    const bytes = Buffer.from(base64, 'base64');
    if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new UndecryptableError('it is damaged');
    const tagAt = bytes.length - TAG_BYTES;
    const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(place))
      .setAuthTag(bytes.subarray(tagAt));
    try {
      return decipher.update(bytes.subarray(NONCE_BYTES, tagAt), undefined, 'utf8') + decipher.final('utf8');
    } catch (cause) {
      throw new UndecryptableError('it was changed, or is not in the place that it was encrypted for', { cause });
    }
  }
}
