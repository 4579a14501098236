import type { DataSource, EntityManager } from 'typeorm';

/** The SQL of idempotency keys. Each is found by issuer and client, so that one client's key is useless to another. */

type Queryable = Pick<DataSource | EntityManager, 'query'>;

export interface KeyOwner {
  readonly issuer: string;
  readonly clientId: string;
  readonly key: string;
}

/** What a key was used for; another use of it is a mistake. */
export interface KeyUse {
  /** Method and path. */
  readonly operation: string;
  readonly bodySha256: Buffer;
}

/** How long a request may take before its key counts as left behind by a process that died. */
const CLAIM_SECONDS = 60;
const KEPT_HOURS = 24;

/**
 * Takes a key that is new or free again. The row decides the race of parallel requests with one key.
 *
 * @param claim a UUID of this request's own.
 */
export async function claimKey(
  db: Queryable,
  owner: KeyOwner,
  { operation, bodySha256 }: KeyUse,
  claim: string,
): Promise<boolean> {
  const rows: unknown[] = await db.query(
    `INSERT INTO idempotency_key (issuer, client_id, key, operation, body_sha256, claim, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, now() + $7 * interval '1 second')
     ON CONFLICT (issuer, client_id, key) DO UPDATE
       SET operation = EXCLUDED.operation, body_sha256 = EXCLUDED.body_sha256, claim = EXCLUDED.claim, answer = NULL,
           expires_at = EXCLUDED.expires_at
       WHERE idempotency_key.expires_at <= now()
     RETURNING claim`,
    [owner.issuer, owner.clientId, owner.key, operation, bodySha256, claim, CLAIM_SECONDS],
  );
  return rows.length > 0;
}

export interface UsedKey {
  /** Whether it was used for the same. */
  readonly same: boolean;
  /** null while that request is under way. */
  readonly answer: object | null;
}

/** What a key that is not free was used for; null where it has become free. */
export async function findUsedKey(db: Queryable, owner: KeyOwner, { operation, bodySha256 }: KeyUse): Promise<UsedKey | null> {
  const rows: UsedKey[] = await db.query(
    `SELECT operation = $4 AND body_sha256 = $5 AS same, answer
       FROM idempotency_key
      WHERE issuer = $1 AND client_id = $2 AND key = $3 AND expires_at > now()`,
    [owner.issuer, owner.clientId, owner.key, operation, bodySha256],
  );
  return rows[0] ?? null;
}

/** Keeps the answer to the request that holds the claim. @returns false where it has lost the key to another one. */
export async function keepAnswer(db: Queryable, owner: KeyOwner, claim: string, answer: object): Promise<boolean> {
  const [, kept]: [unknown, number] = await db.query(
    `UPDATE idempotency_key SET answer = $5, expires_at = now() + $6 * interval '1 hour'
      WHERE issuer = $1 AND client_id = $2 AND key = $3 AND claim = $4 AND answer IS NULL`,
    [owner.issuer, owner.clientId, owner.key, claim, JSON.stringify(answer), KEPT_HOURS],
  );
  return kept > 0;
}

/** Makes a key free again whose request failed. One whose answer is kept stays. */
export async function releaseKey(db: Queryable, owner: KeyOwner, claim: string): Promise<void> {
  await db.query(
    `DELETE FROM idempotency_key WHERE issuer = $1 AND client_id = $2 AND key = $3 AND claim = $4 AND answer IS NULL`,
    [owner.issuer, owner.clientId, owner.key, claim],
  );
}
