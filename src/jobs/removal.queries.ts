import type { DataSource, EntityManager } from 'typeorm';
import { inputPrefix } from './object-keys';

/** The SQL of what is to be removed from the object store: written down where it becomes superfluous, and done later. */

/** An upload that began before its URL ended may take so long. */
const LONGEST_UPLOAD_HOURS = 24;

/**
 * A job's inputs go at once, and again when nothing can come any more: an upload URL works until the job's expiry, whatever has
 * become of the job.
 */
export async function scheduleInputRemoval(
  tx: EntityManager,
  jobs: readonly { readonly uid: string; readonly expiresAt: Date }[],
): Promise<void> {
  await tx.query(
    `INSERT INTO object_removal (key_prefix, due_at)
     SELECT key_prefix, due_at
       FROM unnest($1::text[], $2::timestamptz[]) AS job (key_prefix, expires_at),
            LATERAL (VALUES (now()), (greatest(now(), expires_at) + $3 * interval '1 hour')) AS removal (due_at)`,
    [jobs.map(({ uid }) => inputPrefix(uid)), jobs.map(({ expiresAt }) => expiresAt), LONGEST_UPLOAD_HOURS],
  );
}

/** A worker hears within seconds that its attempt is over; one that was paused hears it when it goes on. */
export const LATE_WRITER_SECONDS = 3_600;

/** @param afterSeconds how long somebody may still be writing there. */
export async function scheduleOutputRemoval(
  tx: EntityManager,
  keyPrefixes: readonly string[],
  afterSeconds: number,
): Promise<void> {
  await tx.query(
    `INSERT INTO object_removal (key_prefix, due_at) SELECT prefix, now() + $2 * interval '1 second' FROM unnest($1::text[]) AS prefix`,
    [keyPrefixes, afterSeconds],
  );
}

export interface DueRemoval {
  readonly id: string;
  readonly keyPrefix: string;
}

/** Takes what is due, the oldest first, for `leaseSeconds`: after that it is due again, unless it was completed. */
export async function takeDueRemovals(db: DataSource, limit: number, leaseSeconds: number): Promise<DueRemoval[]> {
  return db.query(
    `WITH due AS (
       SELECT id FROM object_removal WHERE due_at <= now() ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED
     ), taken AS (
       UPDATE object_removal SET due_at = now() + $2 * interval '1 second' FROM due WHERE object_removal.id = due.id
       RETURNING object_removal.id, key_prefix
     )
     SELECT id, key_prefix AS "keyPrefix" FROM taken`,
    [limit, leaseSeconds],
  );
}

export async function completeRemovals(db: DataSource, ids: readonly string[]): Promise<void> {
  await db.query(`DELETE FROM object_removal WHERE id = ANY ($1)`, [ids]);
}
