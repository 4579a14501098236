import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Counts a person's open jobs; holds only those. Takes SHARE on `job`: jobs can be read but not written while the table is read
 * once.
 */
export class IndexOpenJobsOfUsers1764790000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE INDEX job_open_by_user ON job (created_by_user_id)
       WHERE created_by_user_id IS NOT NULL AND status IN ('created', 'queued', 'running')
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP INDEX job_open_by_user`);
  }
}
