import type { DataSource } from 'typeorm';

/** The SQL that keeps the tables of webhooks small; bounded, and for any number of processes. */

/** Ends the log: takes out at most `limit` deliveries that have been final for `days`. @returns how many. */
export async function deleteOldDeliveries(db: DataSource, days: number, limit: number): Promise<number> {
  const [row]: { count: number }[] = await db.query(
    `WITH old AS (
       SELECT id FROM webhook_delivery WHERE status <> 'pending' AND finished_at < now() - $1 * interval '1 day'
        ORDER BY finished_at LIMIT $2 FOR UPDATE SKIP LOCKED
     ), deleted AS (
       DELETE FROM webhook_delivery USING old WHERE webhook_delivery.id = old.id RETURNING 1
     )
     SELECT count(*)::int AS count FROM deleted`,
    [days, limit],
  );
  return row?.count ?? 0;
}

/** Takes out secrets that no longer sign, and deleted endpoints that nothing in the log belongs to any more. */
export async function deleteUnused(db: DataSource): Promise<void> {
  await db.query(`DELETE FROM webhook_secret WHERE expires_at <= now()`);
  await db.query(
    `DELETE FROM webhook_endpoint e
      WHERE disabled_reason = 'deleted' AND NOT EXISTS (SELECT FROM webhook_delivery WHERE endpoint_id = e.id)
        AND NOT EXISTS (SELECT FROM webhook_secret WHERE endpoint_id = e.id)`,
  );
}
