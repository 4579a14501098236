import type { DataSource } from 'typeorm';

/** The SQL of sessions, beside that of connect-pg-simple. */

/** Whether a session has neither ended nor been ended. */
export async function isSessionOpen(db: DataSource, sid: string): Promise<boolean> {
  const rows: unknown[] = await db.query(`SELECT FROM web_session WHERE sid = $1 AND expire > now()`, [sid]);
  return rows.length > 0;
}

/** Lets a session last until then, if there still is one, or for as long as it lasts anyway; in no case longer than `atMost`. */
export async function lengthenSession(db: DataSource, sid: string, until: Date, atMost: Date): Promise<void> {
  await db.query(`UPDATE web_session SET expire = least(greatest(expire, $2), $3) WHERE sid = $1`, [sid, until, atMost]);
}
