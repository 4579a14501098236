import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is needed to remove the objects of jobs that are over. Adding a column takes ACCESS EXCLUSIVE on its table for a moment, as
 * it rewrites nothing. Each index takes SHARE while it is built, so writes to `job` and to `output_set` wait for one reading of the
 * table; reads do not.
 */
export class AddRetention1764200000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- From then on the input files are no longer available.
      ALTER TABLE job ADD COLUMN inputs_removed_at timestamptz(3);
      -- From then on the set's files are no longer available.
      ALTER TABLE output_set ADD COLUMN removed_at timestamptz(3);

      -- Find what is over and still has its files; hold only those.
      CREATE INDEX job_with_inputs_by_end ON job (finished_at) WHERE finished_at IS NOT NULL AND inputs_removed_at IS NULL;
      CREATE INDEX output_set_with_files_by_age ON output_set (created_at) WHERE removed_at IS NULL;

      -- What is to be removed from the object store, written in the transaction that makes it superfluous: whatever has such a key
      -- is nobody's from then on, or will be at the time when it is due.
      CREATE TABLE object_removal (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        key_prefix text NOT NULL CHECK (key_prefix ~ '^(inputs|outputs)/[^/]+/([^/]+/)*$'),
        due_at timestamptz(3) NOT NULL
      );
      CREATE INDEX object_removal_by_due ON object_removal (due_at);
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TABLE object_removal;
      ALTER TABLE output_set DROP COLUMN removed_at;
      ALTER TABLE job DROP COLUMN inputs_removed_at;
    `);
  }
}
