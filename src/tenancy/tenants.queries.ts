import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { entityTag, isAsExpected } from './entity-tag';

/** The SQL of tenants and their school years. A tenant is always named with its partner. */

type Queryable = Pick<DataSource | EntityManager, 'query'>;

export interface TenantView {
  readonly code: string;
  readonly name: string;
  /** The years in which its school years end, in their order. */
  readonly schoolYears: readonly number[];
  readonly createdAt: Date;
  /** Over name and school years. */
  readonly etag: string;
}

export interface LockedTenant {
  readonly id: string;
  readonly partnerId: string;
}

const SCHOOL_YEARS = `ARRAY(SELECT end_year FROM tenant_school_year WHERE tenant_id = t.id ORDER BY end_year)`;
const ETAG = entityTag('t.name', SCHOOL_YEARS);
const VIEW = `t.code, t.name, t.created_at AS "createdAt", ${SCHOOL_YEARS} AS "schoolYears", ${ETAG} AS etag`;

/** By code, after one. @param search a part of the code or the name, in any case; null: all. */
export async function findTenants(
  db: Queryable,
  partner: string,
  search: string | null,
  afterCode: string | null,
  limit: number,
): Promise<TenantView[]> {
  return db.query(
    `SELECT ${VIEW} FROM tenant t JOIN partner p ON p.id = t.partner_id
      WHERE p.code = $1
        AND ($2::text IS NULL OR strpos(lower(t.code), lower($2)) > 0 OR strpos(lower(t.name), lower($2)) > 0)
        AND ($3::text IS NULL OR t.code > $3)
      ORDER BY t.code LIMIT $4`,
    [partner, search, afterCode, limit],
  );
}

export async function findTenant(db: Queryable, partner: string, code: string): Promise<TenantView | null> {
  const rows: TenantView[] = await db.query(
    `SELECT ${VIEW} FROM tenant t JOIN partner p ON p.id = t.partner_id WHERE p.code = $1 AND t.code = $2`,
    [partner, code],
  );
  return rows[0] ?? null;
}

export async function findPartnerId(db: Queryable, partner: string): Promise<string | null> {
  const rows: { id: string }[] = await db.query(`SELECT id FROM partner WHERE code = $1`, [partner]);
  return rows[0]?.id ?? null;
}

/** @returns the id; null where the partner has one with this code. */
export async function insertTenant(tx: EntityManager, partnerId: string, code: string, name: string): Promise<string | null> {
  const rows: { id: string }[] = await tx.query(
    `INSERT INTO tenant (uid, partner_id, code, name) VALUES ($1, $2, $3, $4)
     ON CONFLICT (partner_id, code) DO NOTHING RETURNING id`,
    [uuidv7(), partnerId, code, name],
  );
  return rows[0]?.id ?? null;
}

/** Lets no other change of the tenant, its school years or its connections happen until the transaction ends. */
export async function lockTenant(tx: EntityManager, partner: string, tenant: string): Promise<LockedTenant | null> {
  const rows: LockedTenant[] = await tx.query(
    `SELECT t.id, t.partner_id AS "partnerId" FROM tenant t JOIN partner p ON p.id = t.partner_id
      WHERE p.code = $1 AND t.code = $2 FOR NO KEY UPDATE OF t`,
    [partner, tenant],
  );
  return rows[0] ?? null;
}

/** A locked tenant as it is now. A statement of its own: the one that waited for the lock may have seen older school years. */
export async function readTenant(tx: EntityManager, id: string): Promise<TenantView> {
  const [row]: TenantView[] = await tx.query(`SELECT ${VIEW} FROM tenant t WHERE t.id = $1`, [id]);
  if (!row) throw new Error('a locked tenant is gone');
  return row;
}

/** @param tags one of which the tenant must have; null: any. The tenant must be locked. @returns whether it had. */
export async function renameTenant(
  tx: EntityManager,
  id: string,
  name: string,
  tags: readonly string[] | null,
): Promise<boolean> {
  const [, count]: [unknown, number] = await tx.query(
    `UPDATE tenant t SET name = $2 WHERE t.id = $1 AND ${isAsExpected(ETAG, '$3')}`,
    [id, name, tags],
  );
  return count > 0;
}

/**
 * Enables these school years and no others. The tenant must be locked.
 *
 * @param tags one of which the tenant must have; null: any. @returns whether it had.
 */
export async function replaceSchoolYears(
  tx: EntityManager,
  tenantId: string,
  endYears: readonly number[],
  tags: readonly string[] | null,
): Promise<boolean> {
  const rows: unknown[] = await tx.query(
    `WITH expected AS (
       SELECT t.id FROM tenant t WHERE t.id = $1 AND ${isAsExpected(ETAG, '$3')}
     ), known AS (
       INSERT INTO school_year (end_year) SELECT unnest($2::smallint[]) FROM expected ON CONFLICT DO NOTHING
     ), disabled AS (
       DELETE FROM tenant_school_year y USING expected WHERE y.tenant_id = expected.id AND y.end_year <> ALL ($2::smallint[])
     ), enabled AS (
       INSERT INTO tenant_school_year (tenant_id, end_year) SELECT id, unnest($2::smallint[]) FROM expected ON CONFLICT DO NOTHING
     )
     SELECT FROM expected`,
    [tenantId, endYears, tags],
  );
  return rows.length > 0;
}
