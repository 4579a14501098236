import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The trace that a job's creation was part of (a W3C `traceparent`), which its start and its runs continue; null where nothing was
 * traced. Takes an ACCESS EXCLUSIVE lock on `job` for a moment; the rows are not touched.
 */
export class KeepTheTraceOfJobs1764500000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE job ADD COLUMN traceparent text`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE job DROP COLUMN traceparent`);
  }
}
