import type { DataSource } from 'typeorm';

/** Deletes idempotency keys that are free again, at most so many, for every client. @returns how many there were. */
export async function deleteFreeKeys(db: DataSource, limit: number): Promise<number> {
  const [, deleted]: [unknown, number] = await db.query(
    `DELETE FROM idempotency_key WHERE (issuer, client_id, key) IN (
       SELECT issuer, client_id, key FROM idempotency_key WHERE expires_at <= now()
        ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED
     )`,
    [limit],
  );
  return deleted;
}
