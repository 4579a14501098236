import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The last change of a user, for telling who made it when two administrators edit the same user.
 *
 * Takes SHARE on `audit_record` while the index is built: administrators' changes wait, readers do not. Its rows are what people did.
 */
export class IndexAuditBySubject1764750000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE INDEX audit_record_by_subject ON audit_record (subject_user_id, at, id) WHERE subject_user_id IS NOT NULL
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP INDEX audit_record_by_subject`);
  }
}
