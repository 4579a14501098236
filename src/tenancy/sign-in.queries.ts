import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';

/** Somebody whom their issuer has told apart. */
export interface SignedInUser {
  readonly issuer: string;
  readonly subject: string;
  readonly name: string | null;
  readonly email: string | null;
}

/** One statement, so that two sign-ins of a new user at once make one user. */
export async function recordSignIn(db: DataSource, { issuer, subject, name, email }: SignedInUser): Promise<{ id: string }> {
  const rows: { id: string }[] = await db.query(
    `INSERT INTO app_user (uid, issuer, subject, name, email, last_sign_in_at) VALUES ($1, $2, $3, coalesce($4, $3), $5, now())
     ON CONFLICT (issuer, subject) DO UPDATE
       SET name = coalesce($4, app_user.name), email = coalesce($5, app_user.email), last_sign_in_at = now()
     RETURNING id`,
    [uuidv7(), issuer, subject, name, email],
  );
  const [row] = rows;
  if (!row) throw new Error('an upsert returned no row');
  return row;
}
