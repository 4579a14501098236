import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Tells whoever listens that a job has a new event, by the job's id. A trigger, so that no writer can forget it.
 *
 * Transactions that notify commit one after the other (PostgreSQL, "NOTIFY", notes), so a job's first event is left out: nobody
 * can be following a job that is not there yet, and creating jobs is what happens most at once.
 *
 * Takes SHARE ROW EXCLUSIVE on `job_event` for a moment: writers wait, readers do not.
 */
export class NotifyJobEvents1764450000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE FUNCTION notify_job_event() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM pg_notify('slipway_job_event', NEW.job_id::text);
        RETURN NULL;
      END $$;
      CREATE TRIGGER job_event_notify AFTER INSERT ON job_event
        FOR EACH ROW WHEN (NEW.type <> 'job.created') EXECUTE FUNCTION notify_job_event();
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP TRIGGER job_event_notify ON job_event; DROP FUNCTION notify_job_event()`);
  }
}
