import type { DataSource, EntityManager } from 'typeorm';
import { entityTag, isAsExpected } from './entity-tag';

/** The SQL of ODS connections. A tenant is always named with its partner, or locked before. */

type Queryable = Pick<DataSource | EntityManager, 'query'>;

export interface OdsConnectionView {
  /** The year in which the school year ends. */
  readonly endYear: number;
  readonly baseUrl: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Over all of it; key and secret count by when they were given. */
  readonly etag: string;
}

export interface StoredOdsConnection extends OdsConnectionView {
  readonly uid: string;
  /** Encrypted. */
  readonly credentials: string;
}

/** Not over the stored credentials, which a new encryption key changes, too. */
const ETAG = entityTag('c.uid', 'c.base_url', 'extract(epoch FROM c.updated_at)');
const VIEW = `c.end_year AS "endYear", c.base_url AS "baseUrl", c.created_at AS "createdAt", c.updated_at AS "updatedAt", ${ETAG} AS etag`;

/** By school year; there are never more than years. null where there is no such tenant. */
export async function findOdsConnections(db: Queryable, partner: string, tenant: string): Promise<OdsConnectionView[] | null> {
  const rows: (OdsConnectionView | { endYear: null })[] = await db.query(
    `SELECT ${VIEW} FROM tenant t JOIN partner p ON p.id = t.partner_id LEFT JOIN ods_connection c ON c.tenant_id = t.id
      WHERE p.code = $1 AND t.code = $2 ORDER BY c.end_year`,
    [partner, tenant],
  );
  return rows.length === 0 ? null : rows.filter((row) => row.endYear !== null);
}

export async function findOdsConnection(
  db: Queryable,
  partner: string,
  tenant: string,
  endYear: number,
): Promise<StoredOdsConnection | null> {
  const rows: StoredOdsConnection[] = await db.query(
    `SELECT c.uid, c.credentials, ${VIEW}
       FROM ods_connection c JOIN tenant t ON t.id = c.tenant_id JOIN partner p ON p.id = t.partner_id
      WHERE p.code = $1 AND t.code = $2 AND c.end_year = $3`,
    [partner, tenant, endYear],
  );
  return rows[0] ?? null;
}

export async function isSchoolYearEnabled(tx: EntityManager, tenantId: string, endYear: number): Promise<boolean> {
  const rows: unknown[] = await tx.query(`SELECT FROM tenant_school_year WHERE tenant_id = $1 AND end_year = $2`, [
    tenantId,
    endYear,
  ]);
  return rows.length > 0;
}

export interface OdsConnectionValues {
  readonly uid: string;
  readonly endYear: number;
  readonly baseUrl: string;
  /** Encrypted for this uid. */
  readonly credentials: string;
}

/** Makes a connection; null where the tenant has one for this year. */
export async function insertOdsConnection(
  tx: EntityManager,
  tenantId: string,
  { uid, endYear, baseUrl, credentials }: OdsConnectionValues,
): Promise<OdsConnectionView | null> {
  const rows: OdsConnectionView[] = await tx.query(
    `INSERT INTO ods_connection AS c (uid, tenant_id, end_year, base_url, credentials) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (tenant_id, end_year) DO NOTHING RETURNING ${VIEW}`,
    [uid, tenantId, endYear, baseUrl, credentials],
  );
  return rows[0] ?? null;
}

/** Changes a connection. @param tags one of which it must have; null: any. @returns it after that; null where it had none of them. */
export async function updateOdsConnection(
  tx: EntityManager,
  { uid, baseUrl, credentials }: Omit<OdsConnectionValues, 'endYear'>,
  tags: readonly string[] | null,
): Promise<OdsConnectionView | null> {
  const [rows]: [OdsConnectionView[], number] = await tx.query(
    `UPDATE ods_connection c SET base_url = $2, credentials = $3, updated_at = clock_timestamp()
      WHERE c.uid = $1 AND ${isAsExpected(ETAG, '$4')} RETURNING ${VIEW}`,
    [uid, baseUrl, credentials, tags],
  );
  return rows[0] ?? null;
}

export async function deleteOdsConnection(tx: EntityManager, uid: string): Promise<void> {
  await tx.query(`DELETE FROM ods_connection WHERE uid = $1`, [uid]);
}
