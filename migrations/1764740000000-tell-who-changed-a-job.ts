import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Which person on the web page brought an event about: started, cancelled or retried the job, or marked it. It is a column beside
 * `data`, since `data` is what API clients are shown.
 *
 * The column takes ACCESS EXCLUSIVE on `job_event` for a moment; no row is read or written. The foreign key is NOT VALID, so no row is
 * read either; it takes SHARE ROW EXCLUSIVE on both tables for a moment.
 */
export class TellWhoChangedAJob1764740000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE job_event ADD COLUMN by_user_id bigint;
      ALTER TABLE job_event ADD CONSTRAINT job_event_by_user FOREIGN KEY (by_user_id) REFERENCES app_user NOT VALID;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE job_event DROP COLUMN by_user_id`);
  }
}
