import type { DataSource } from 'typeorm';
import type { TenantRow } from './factories';

/** A tenant that is there, as the factories take it. */
export async function findTenant(db: DataSource, partner: string, code: string): Promise<TenantRow> {
  const [row] = await db.query(
    `SELECT t.id, p.id AS "partnerId" FROM tenant t JOIN partner p ON p.id = t.partner_id WHERE p.code = $1 AND t.code = $2`,
    [partner, code],
  );
  return { id: row.id, code, partner: { id: row.partnerId, code: partner }, schoolYear: 2026 };
}
