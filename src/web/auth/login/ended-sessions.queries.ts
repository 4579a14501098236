import type { DataSource } from 'typeorm';
import type { LogoutToken } from './logout-token';

/**
 * Ends the sessions that a logout token names, and remembers the token for as long as it could be used again.
 *
 * @returns false where it was used before; then nothing is ended.
 */
export async function endSessions(
  db: DataSource,
  issuer: string,
  { jti, subject, sid, expiresAt }: LogoutToken,
): Promise<boolean> {
  const rows: unknown[] = await db.query(
    `WITH forgotten AS (
       DELETE FROM used_logout_token WHERE expires_at < now() AND NOT (issuer = $1 AND jti = $2)
     ), first_use AS (
       INSERT INTO used_logout_token (issuer, jti, expires_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING jti
     ), ended AS (
       DELETE FROM web_session
        WHERE sess -> 'signIn' ->> 'issuer' = $1 AND EXISTS (SELECT FROM first_use)
          AND ($4::text IS NULL OR sess -> 'signIn' ->> 'subject' = $4) AND ($5::text IS NULL OR sess -> 'signIn' ->> 'sid' = $5)
     )
     SELECT FROM first_use`,
    [issuer, jti, expiresAt, subject, sid],
  );
  return rows.length > 0;
}
