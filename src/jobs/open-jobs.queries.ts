import type { EntityManager } from 'typeorm';
import { ownerKey, type JobOwner } from './job-owner';

/** The SQL of the limit on the open jobs of a client or user. */

/** Placeholders of an owner's values. */
export type OwnerSql =
  | { readonly kind: 'client'; readonly issuer: string; readonly clientId: string }
  | { readonly kind: 'user'; readonly userId: string };

/**
 * SQL for whether an owner has fewer open jobs than a limit: created and not expired, queued, or running. It reads as many entries
 * of `job_open_by_client` or `job_open_by_user` as there are open jobs, and at most as many as the limit.
 *
 * @param limit the placeholder of the limit.
 */
export const hasFewerOpenJobs = (owner: OwnerSql, limit: string): string =>
  `(SELECT count(*) FROM (
      SELECT FROM job open
       WHERE ${isOf(owner)} AND open.status IN ('created', 'queued', 'running')
         AND (open.status <> 'created' OR open.expires_at > now())
       LIMIT ${limit}) AS open) < ${limit}`;

const isOf = (owner: OwnerSql): string =>
  owner.kind === 'client'
    ? `open.client_id = ${owner.clientId} AND open.client_issuer = ${owner.issuer}`
    : `open.created_by_user_id = ${owner.userId}`;

/**
 * Makes this transaction the only one that counts the owner's open jobs under this lock, until it ends. It must be a statement
 * before the count: that one then sees the jobs of whoever had the lock before.
 */
export async function lockOpenJobs(tx: EntityManager, owner: JobOwner): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [`open-jobs:${ownerKey(owner)}`]);
}

/** Whether the owner may have one open job more. Its open jobs must be locked. */
export async function hasRoomForJob(tx: EntityManager, owner: JobOwner, limit: number): Promise<boolean> {
  const [sql, values] =
    owner.kind === 'client'
      ? [hasFewerOpenJobs({ kind: 'client', issuer: '$1', clientId: '$2' }, '$3::int'), [owner.issuer, owner.clientId, limit]]
      : [hasFewerOpenJobs({ kind: 'user', userId: '$1::bigint' }, '$2::int'), [owner.userId, limit]];
  const [row]: { room: boolean }[] = await tx.query(`SELECT ${sql} AS room`, values);
  return row?.room ?? false;
}
