import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';

/** The SQL of partners and of the bundles that are enabled for them. */

type Queryable = Pick<DataSource | EntityManager, 'query'>;

export interface PartnerView {
  readonly code: string;
  readonly name: string;
  readonly tenants: number;
  readonly createdAt: Date;
}

const VIEW = `p.code, p.name, p.created_at AS "createdAt",
              (SELECT count(*)::int FROM tenant WHERE partner_id = p.id) AS tenants`;

/** Whose partners: all that there are, or those that a user administers. */
export interface PartnerAccess {
  readonly userId: string;
  readonly operator: boolean;
}

/** By code, after one. @param search a part of the code or the name, in any case; null: all. */
export async function findPartners(
  db: Queryable,
  { userId, operator }: PartnerAccess,
  search: string | null,
  afterCode: string | null,
  limit: number,
): Promise<PartnerView[]> {
  return db.query(
    `SELECT ${VIEW} FROM partner p
      WHERE ($1 OR EXISTS (SELECT FROM user_role WHERE user_id = $2 AND role = 'partner_admin' AND partner_id = p.id))
        AND ($3::text IS NULL OR strpos(lower(p.code), lower($3)) > 0 OR strpos(lower(p.name), lower($3)) > 0)
        AND ($4::text IS NULL OR p.code > $4)
      ORDER BY p.code LIMIT $5`,
    [operator, userId, search, afterCode, limit],
  );
}

/** Whether they administer any partner. */
export async function isAdministrator(db: Queryable, { userId, operator }: PartnerAccess): Promise<boolean> {
  if (operator) return true;
  const rows: unknown[] = await db.query(`SELECT FROM user_role WHERE user_id = $1 AND role = 'partner_admin' LIMIT 1`, [userId]);
  return rows.length > 0;
}

export async function findPartner(db: Queryable, code: string): Promise<PartnerView | null> {
  const rows: PartnerView[] = await db.query(`SELECT ${VIEW} FROM partner p WHERE p.code = $1`, [code]);
  return rows[0] ?? null;
}

/** null where the code is taken. */
export async function insertPartner(
  tx: EntityManager,
  code: string,
  name: string,
): Promise<{ id: string; createdAt: Date } | null> {
  const rows: { id: string; createdAt: Date }[] = await tx.query(
    `INSERT INTO partner (uid, code, name) VALUES ($1, $2, $3) ON CONFLICT (code) DO NOTHING
     RETURNING id, created_at AS "createdAt"`,
    [uuidv7(), code, name],
  );
  return rows[0] ?? null;
}

/** Lets no other change of the partner happen until the transaction ends. */
export async function lockPartner(tx: EntityManager, code: string): Promise<(PartnerView & { id: string }) | null> {
  const rows: (PartnerView & { id: string })[] = await tx.query(
    `SELECT p.id, ${VIEW} FROM partner p WHERE p.code = $1 FOR NO KEY UPDATE`,
    [code],
  );
  return rows[0] ?? null;
}

export async function renamePartner(tx: EntityManager, id: string, name: string): Promise<void> {
  await tx.query(`UPDATE partner SET name = $2 WHERE id = $1`, [id, name]);
}

/** Paths of bundles, in their order; null where there is no such partner. */
export async function findEnabledBundles(db: Queryable, code: string): Promise<string[] | null> {
  const rows: { bundles: string[] }[] = await db.query(
    `SELECT ARRAY(SELECT bundle_path FROM partner_bundle WHERE partner_id = p.id ORDER BY bundle_path) AS bundles
       FROM partner p WHERE p.code = $1`,
    [code],
  );
  return rows[0]?.bundles ?? null;
}

/** Enables these bundles and no others. The partner must be locked. */
export async function replaceEnabledBundles(tx: EntityManager, partnerId: string, paths: readonly string[]): Promise<void> {
  await tx.query(`DELETE FROM partner_bundle WHERE partner_id = $1 AND bundle_path <> ALL ($2)`, [partnerId, paths]);
  await tx.query(`INSERT INTO partner_bundle (partner_id, bundle_path) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING`, [
    partnerId,
    paths,
  ]);
}
