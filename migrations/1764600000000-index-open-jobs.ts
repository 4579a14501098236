import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Counts a client's open jobs; holds only those. Takes SHARE on `job`: jobs can be read but not written while the table is read
 * once.
 */
export class IndexOpenJobs1764600000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE INDEX job_open_by_client ON job (client_id, client_issuer) WHERE status IN ('created', 'queued', 'running')
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP INDEX job_open_by_client`);
  }
}
