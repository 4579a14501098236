import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What people on the web page do about a job beside running it: notes, and marking a failed one as dealt with. And the list of a
 * tenant's jobs by their end, which the statistics count by, too.
 *
 * The columns and their checks take ACCESS EXCLUSIVE on `job` for a moment: the checks are NOT VALID, so no row is read; the rows
 * that there are have nothing in these columns and meet them. The foreign keys take SHARE ROW EXCLUSIVE on `app_user` and `job`
 * for a moment. The index takes SHARE on `job`: jobs can be read but not written while the table is read once.
 */
export class FollowUpOnJobs1764710000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE job
        ADD COLUMN resolved_at timestamptz(3),
        ADD COLUMN resolved_by_user_id bigint;
      ALTER TABLE job
        ADD CONSTRAINT job_resolved_by_user FOREIGN KEY (resolved_by_user_id) REFERENCES app_user NOT VALID,
        ADD CONSTRAINT job_resolved_by_somebody CHECK ((resolved_at IS NULL) = (resolved_by_user_id IS NULL)) NOT VALID,
        ADD CONSTRAINT job_resolved_when_failed CHECK (resolved_at IS NULL OR status = 'failed') NOT VALID;

      CREATE TABLE job_note (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        uid uuid NOT NULL UNIQUE,
        job_id bigint NOT NULL REFERENCES job,
        author_id bigint NOT NULL REFERENCES app_user,
        text text NOT NULL CHECK (length(text) BETWEEN 1 AND 4000),
        created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
        edited_at timestamptz(3)
      );
      CREATE INDEX job_note_by_job ON job_note (job_id, id);

      -- A job that has not ended counts as the last to end. With what the statistics count, so that they need no row.
      CREATE INDEX job_list_by_tenant_end ON job (tenant_id, coalesce(finished_at, 'infinity'), id) INCLUDE (finished_at, status);
      -- The last settings of a user for a bundle.
      CREATE INDEX job_by_user ON job (created_by_user_id, bundle_path, id) WHERE created_by_user_id IS NOT NULL;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP INDEX job_by_user, job_list_by_tenant_end;
      DROP TABLE job_note;
      ALTER TABLE job DROP COLUMN resolved_at, DROP COLUMN resolved_by_user_id;
    `);
  }
}
