import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { admitUser } from './admit-user.queries';
import type { ProvisionDocument } from './provision-document';

type PartnerDocument = ProvisionDocument['partners'][number];

/** How many rows a provisioning added; all zero when everything was there. */
export interface ProvisionReport {
  readonly partners: number;
  readonly tenants: number;
  readonly schoolYears: number;
  readonly bundles: number;
  readonly operators: number;
}

const OPERATOR = { role: 'operator', partner: null, tenant: null } as const;

/** Any number; the same in every process that provisions. */
const PROVISION_LOCK = 7_463_912;

/**
 * Adds what is missing, renames what has another name, and never deletes: running it again changes nothing. One
 * transaction, and of two at once one waits for the other.
 *
 * @param registryBundles the paths that `bundles: all` stands for; null where the registry was not read.
 * @throws Error where a partner has `bundles: all` and the registry was not read.
 */
export async function provision(
  db: DataSource,
  document: ProvisionDocument,
  registryBundles: readonly string[] | null,
): Promise<ProvisionReport> {
  return db.transaction(async (tx) => {
    // Two that lock the same rows in another order would end in a deadlock.
    await tx.query('SELECT pg_advisory_xact_lock($1)', [PROVISION_LOCK]);
    const added = { partners: 0, tenants: 0, schoolYears: 0, bundles: 0, operators: 0 };
    for (const partner of document.partners) {
      const bundles = partner.bundles === 'all' ? registryBundles : partner.bundles;
      if (!bundles) throw new Error(`The partner ${partner.code} has "bundles: all", but no bundle registry could be read.`);
      const partnerId = await addPartner(tx, partner, added);
      for (const tenant of partner.tenants) {
        const tenantId = await addTenant(tx, partnerId, tenant, added);
        added.schoolYears += await addSchoolYears(tx, tenantId, tenant.schoolYears);
      }
      added.bundles += await addBundles(tx, partnerId, bundles);
    }
    for (const { email = null, ...operator } of document.operators ?? [])
      added.operators += await admitUser(tx, { ...operator, email, roles: [OPERATOR] });
    return added;
  });
}

async function addPartner(tx: EntityManager, { code, name }: PartnerDocument, added: { partners: number }): Promise<string> {
  const rows: { id: string; isNew: boolean }[] = await tx.query(
    `INSERT INTO partner (uid, code, name) VALUES ($1, $2, $3)
     ON CONFLICT (code) DO UPDATE SET name = excluded.name RETURNING id, xmax = 0 AS "isNew"`,
    [uuidv7(), code, name],
  );
  return counted(rows, () => added.partners++);
}

async function addTenant(
  tx: EntityManager,
  partnerId: string,
  { code, name }: PartnerDocument['tenants'][number],
  added: { tenants: number },
): Promise<string> {
  const rows: { id: string; isNew: boolean }[] = await tx.query(
    `INSERT INTO tenant (uid, partner_id, code, name) VALUES ($1, $2, $3, $4)
     ON CONFLICT (partner_id, code) DO UPDATE SET name = excluded.name RETURNING id, xmax = 0 AS "isNew"`,
    [uuidv7(), partnerId, code, name],
  );
  return counted(rows, () => added.tenants++);
}

/** A row that an upsert inserted has no deleting transaction (`xmax`) yet; one that it updated has. */
function counted(rows: readonly { id: string; isNew: boolean }[], count: () => void): string {
  const [row] = rows;
  if (!row) throw new Error('an upsert returned no row');
  if (row.isNew) count();
  return row.id;
}

async function addSchoolYears(tx: EntityManager, tenantId: string, endYears: readonly number[]): Promise<number> {
  await tx.query(`INSERT INTO school_year (end_year) SELECT unnest($1::smallint[]) ON CONFLICT DO NOTHING`, [endYears]);
  const rows: unknown[] = await tx.query(
    `INSERT INTO tenant_school_year (tenant_id, end_year) SELECT $1, unnest($2::smallint[]) ON CONFLICT DO NOTHING RETURNING end_year`,
    [tenantId, endYears],
  );
  return rows.length;
}

async function addBundles(tx: EntityManager, partnerId: string, paths: readonly string[]): Promise<number> {
  const rows: unknown[] = await tx.query(
    `INSERT INTO partner_bundle (partner_id, bundle_path) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING RETURNING bundle_path`,
    [partnerId, paths],
  );
  return rows.length;
}
