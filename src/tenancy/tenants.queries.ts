import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';

/** The SQL of tenants and their school years. A tenant is always named with its partner. */

type Queryable = Pick<DataSource | EntityManager, 'query'>;

export interface TenantView {
  readonly code: string;
  readonly name: string;
  /** The years in which its school years end, in their order. */
  readonly schoolYears: readonly number[];
  readonly createdAt: Date;
}

export interface LockedTenant {
  readonly id: string;
  readonly partnerId: string;
}

const VIEW = `t.code, t.name, t.created_at AS "createdAt",
              ARRAY(SELECT end_year FROM tenant_school_year WHERE tenant_id = t.id ORDER BY end_year) AS "schoolYears"`;

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

export async function findPartnerId(db: Queryable, partner: string): Promise<string | null> {
  const rows: { id: string }[] = await db.query(`SELECT id FROM partner WHERE code = $1`, [partner]);
  return rows[0]?.id ?? null;
}

/** null where the partner has one with this code. */
export async function insertTenant(
  tx: EntityManager,
  partnerId: string,
  code: string,
  name: string,
): Promise<{ id: string; createdAt: Date } | null> {
  const rows: { id: string; createdAt: Date }[] = await tx.query(
    `INSERT INTO tenant (uid, partner_id, code, name) VALUES ($1, $2, $3, $4)
     ON CONFLICT (partner_id, code) DO NOTHING RETURNING id, created_at AS "createdAt"`,
    [uuidv7(), partnerId, code, name],
  );
  return rows[0] ?? null;
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

export async function renameTenant(tx: EntityManager, id: string, name: string): Promise<void> {
  await tx.query(`UPDATE tenant SET name = $2 WHERE id = $1`, [id, name]);
}

/** Enables these school years and no others. The tenant must be locked. */
export async function replaceSchoolYears(tx: EntityManager, tenantId: string, endYears: readonly number[]): Promise<void> {
  await tx.query(`INSERT INTO school_year (end_year) SELECT unnest($1::smallint[]) ON CONFLICT DO NOTHING`, [endYears]);
  await tx.query(`DELETE FROM tenant_school_year WHERE tenant_id = $1 AND end_year <> ALL ($2::smallint[])`, [
    tenantId,
    endYears,
  ]);
  await tx.query(
    `INSERT INTO tenant_school_year (tenant_id, end_year) SELECT $1, unnest($2::smallint[]) ON CONFLICT DO NOTHING`,
    [tenantId, endYears],
  );
}
