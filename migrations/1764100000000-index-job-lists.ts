import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The indexes of the lists of jobs: newest first within a partner, a tenant or a client, also with the filters that a long walk
 * could find little of. Each has the list's order last, so that a page is a walk over as many entries as it has items. A list with
 * several of these filters walks the narrowest of the indexes and looks at the rest in the rows.
 *
 * Takes SHARE on `job`: jobs can be read but not written until all are built, which takes half a minute with 1,000,000
 * jobs on two busy cores.
 */
export class IndexJobLists1764100000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE INDEX job_list_by_partner ON job (partner_id, created_at, id);
      CREATE INDEX job_list_by_partner_status ON job (partner_id, status, created_at, id);
      CREATE INDEX job_list_by_partner_school_year ON job (partner_id, school_year, created_at, id);
      CREATE INDEX job_list_by_partner_bundle ON job (partner_id, bundle_path, created_at, id);
      CREATE INDEX job_list_by_tenant ON job (tenant_id, created_at, id);
      CREATE INDEX job_list_by_tenant_status ON job (tenant_id, status, created_at, id);
      -- Without the issuer: an installation has one at a time, and its name is long.
      CREATE INDEX job_list_by_client ON job (partner_id, client_id, created_at, id);
      CREATE INDEX job_list_by_client_status ON job (partner_id, client_id, status, created_at, id);
      DROP INDEX job_by_partner;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE INDEX job_by_partner ON job (partner_id, id);
      DROP INDEX job_list_by_client_status, job_list_by_client, job_list_by_tenant_status, job_list_by_tenant,
        job_list_by_partner_bundle, job_list_by_partner_school_year, job_list_by_partner_status, job_list_by_partner;
    `);
  }
}
