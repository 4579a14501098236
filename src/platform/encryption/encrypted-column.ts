import type { DataSource } from 'typeorm';
import { UndecryptableError, type Encryption } from './encryption';

/** A column of secrets, in a table whose rows have a `uid`. Each secret is bound to its row and column. */
export interface EncryptedColumn {
  readonly table: string;
  readonly column: string;
  /** What the secrets are, for the log: `webhook secrets`. */
  readonly what: string;
}

/** Where a row's secret is, as `Encryption` wants to be told. */
export const placeIn = ({ table, column }: EncryptedColumn, uid: string): string => `${table}.${column}:${uid}`;

export interface ReencryptReport {
  readonly renewed: number;
  /** Secrets that none of the configured keys can decrypt; they are left as they are. */
  readonly unreadable: number;
}

/**
 * Brings at most `limit` secrets that an older key encrypted under the current one. Any number of processes may do this at once:
 * a secret that was changed meanwhile is left alone.
 *
 * @param target its names go into the statements as they are, so they are constants and no input.
 */
export async function reencryptColumn(
  db: DataSource,
  encryption: Encryption,
  target: EncryptedColumn,
  limit: number,
): Promise<ReencryptReport> {
  const { table, column } = target;
  const stored: { uid: string; secret: string }[] = await db.query(
    `SELECT uid, ${column} AS secret FROM ${table} WHERE NOT starts_with(${column}, $1) ORDER BY id LIMIT $2`,
    [encryption.currentPrefix, limit],
  );
  let [renewed, unreadable] = [0, 0];
  for (const { uid, secret } of stored) {
    try {
      const place = placeIn(target, uid);
      const anew = encryption.encrypt(encryption.decrypt(secret, place), place);
      await db.query(`UPDATE ${table} SET ${column} = $3 WHERE uid = $1 AND ${column} = $2`, [uid, secret, anew]);
      renewed++;
    } catch (error) {
      if (!(error instanceof UndecryptableError)) throw error;
      unreadable++;
    }
  }
  return { renewed, unreadable };
}
