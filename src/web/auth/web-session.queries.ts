import type { DataSource } from 'typeorm';

/** The SQL of sessions, beside that of connect-pg-simple. */

/** Whether a session has neither ended nor been ended. */
export async function isSessionOpen(db: DataSource, sid: string): Promise<boolean> {
  const rows: unknown[] = await db.query(`SELECT FROM web_session WHERE sid = $1 AND expire > now()`, [sid]);
  return rows.length > 0;
}

/**
 * Lets a session last until then, if there still is one, or for as long as it lasts anyway; in no case longer than `atMost`. What would gain
 * less than `gainMs` is left, so that not every request writes.
 */
export async function lengthenSession(
  db: DataSource,
  sid: string,
  { until, atMost, gainMs }: { until: Date; atMost: Date; gainMs: number },
): Promise<void> {
  await db.query(
    `UPDATE web_session SET expire = least(greatest(expire, $2::timestamptz), $3::timestamptz)
      WHERE sid = $1 AND (expire <= least($2::timestamptz, $3) - $4 * interval '1 millisecond' OR expire > $3)`,
    [sid, until, atMost, gainMs],
  );
}

/** Ends all sessions of a user but so many, those that began last. */
export async function endOldSessions(db: DataSource, user: { issuer: string; subject: string }, keep: number): Promise<void> {
  await db.query(
    `DELETE FROM web_session WHERE sid IN (
       SELECT sid FROM web_session WHERE sess -> 'signIn' ->> 'subject' = $1 AND sess -> 'signIn' ->> 'issuer' = $2
        ORDER BY (sess -> 'signIn' ->> 'startedAt')::bigint DESC OFFSET $3)`,
    [user.subject, user.issuer, keep],
  );
}
