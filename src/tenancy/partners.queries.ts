import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { entityTag, isAsExpected } from './entity-tag';

/** The SQL of partners and of the bundles that are enabled for them. */

type Queryable = Pick<DataSource | EntityManager, 'query'>;

export interface PartnerView {
  readonly code: string;
  readonly name: string;
  readonly tenants: number;
  readonly createdAt: Date;
  /** Over the name. */
  readonly etag: string;
}

const ETAG = entityTag('p.name');
const VIEW = `p.code, p.name, p.created_at AS "createdAt", ${ETAG} AS etag,
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

/** @returns the id; null where the code is taken. */
export async function insertPartner(tx: EntityManager, code: string, name: string): Promise<string | null> {
  const rows: { id: string }[] = await tx.query(
    `INSERT INTO partner (uid, code, name) VALUES ($1, $2, $3) ON CONFLICT (code) DO NOTHING RETURNING id`,
    [uuidv7(), code, name],
  );
  return rows[0]?.id ?? null;
}

/** Lets no other change of the partner happen until the transaction ends. */
export async function lockPartner(tx: EntityManager, code: string): Promise<(PartnerView & { id: string }) | null> {
  const rows: (PartnerView & { id: string })[] = await tx.query(
    `SELECT p.id, ${VIEW} FROM partner p WHERE p.code = $1 FOR NO KEY UPDATE`,
    [code],
  );
  return rows[0] ?? null;
}

/** @param tags one of which the partner must have; null: any. @returns the partner after it; null where it had none of them. */
export async function renamePartner(
  tx: EntityManager,
  id: string,
  name: string,
  tags: readonly string[] | null,
): Promise<PartnerView | null> {
  const [rows]: [PartnerView[], number] = await tx.query(
    `UPDATE partner p SET name = $2 WHERE p.id = $1 AND ${isAsExpected(ETAG, '$3')} RETURNING ${VIEW}`,
    [id, name, tags],
  );
  return rows[0] ?? null;
}

const BUNDLES = `ARRAY(SELECT bundle_path FROM partner_bundle WHERE partner_id = p.id ORDER BY bundle_path)`;
const BUNDLES_ETAG = entityTag(BUNDLES);

export interface EnabledBundles {
  /** Paths, in their order. */
  readonly bundles: readonly string[];
  readonly etag: string;
}

/** null where there is no such partner. */
export async function findEnabledBundles(db: Queryable, code: string): Promise<EnabledBundles | null> {
  const rows: EnabledBundles[] = await db.query(
    `SELECT ${BUNDLES} AS bundles, ${BUNDLES_ETAG} AS etag FROM partner p WHERE p.code = $1`,
    [code],
  );
  return rows[0] ?? null;
}

/**
 * Enables these bundles and no others. The partner must be locked.
 *
 * @param tags one of which its bundles must have; null: any. @returns whether they had.
 */
export async function replaceEnabledBundles(
  tx: EntityManager,
  partnerId: string,
  paths: readonly string[],
  tags: readonly string[] | null,
): Promise<boolean> {
  const rows: unknown[] = await tx.query(
    `WITH expected AS (
       SELECT p.id FROM partner p WHERE p.id = $1 AND ${isAsExpected(BUNDLES_ETAG, '$3')}
     ), disabled AS (
       DELETE FROM partner_bundle b USING expected WHERE b.partner_id = expected.id AND b.bundle_path <> ALL ($2::text[])
     ), enabled AS (
       INSERT INTO partner_bundle (partner_id, bundle_path) SELECT id, unnest($2::text[]) FROM expected ON CONFLICT DO NOTHING
     )
     SELECT FROM expected`,
    [partnerId, paths, tags],
  );
  return rows.length > 0;
}
