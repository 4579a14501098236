import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Refuses TRUNCATE of the audit records too: triggers for each row, as there are for UPDATE and DELETE, do not see it (PostgreSQL,
 * "TRUNCATE"). It also comes by `TRUNCATE … CASCADE` of what the records refer to.
 *
 * Takes SHARE ROW EXCLUSIVE on `audit_record` for a moment: writers wait, readers do not.
 */
export class RefuseEmptyingTheAudit1764730000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TRIGGER audit_record_is_not_emptied BEFORE TRUNCATE ON audit_record
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP TRIGGER audit_record_is_not_emptied ON audit_record`);
  }
}
