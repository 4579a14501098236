import type { EntityManager } from 'typeorm';

/** The SQL of the limit on a client's open jobs. */

/** An API client, as its token's issuer names it. */
export interface JobClient {
  readonly issuer: string;
  readonly clientId: string;
}

/**
 * SQL for whether a client has fewer open jobs than a limit: created and not expired, queued, or running. It reads as many entries
 * of `job_open_by_client` as there are open jobs, and at most as many as the limit.
 *
 * @param sql the placeholders of the issuer, the client's id and the limit.
 */
export const hasFewerOpenJobs = (sql: { issuer: string; clientId: string; limit: string }): string =>
  `(SELECT count(*) FROM (
      SELECT FROM job open
       WHERE open.client_id = ${sql.clientId} AND open.client_issuer = ${sql.issuer} AND open.status IN ('created', 'queued', 'running')
         AND (open.status <> 'created' OR open.expires_at > now())
       LIMIT ${sql.limit}) AS open) < ${sql.limit}`;

/**
 * Makes this transaction the only one that counts the client's open jobs under this lock, until it ends. It must be a statement
 * before the count: that one then sees the jobs of whoever had the lock before.
 */
export async function lockOpenJobs(tx: EntityManager, { issuer, clientId }: JobClient): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [JSON.stringify(['open-jobs', issuer, clientId])]);
}

/** Whether the client may have one open job more. Its open jobs must be locked. */
export async function hasRoomForJob(tx: EntityManager, { issuer, clientId }: JobClient, limit: number): Promise<boolean> {
  const sql = hasFewerOpenJobs({ issuer: '$1', clientId: '$2', limit: '$3::int' });
  const [row]: { room: boolean }[] = await tx.query(`SELECT ${sql} AS room`, [issuer, clientId, limit]);
  return row?.room ?? false;
}
