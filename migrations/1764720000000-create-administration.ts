import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What administrators need: connections to Ed-Fi APIs, the record of what they changed, and the order in which users are listed.
 * The foreign keys take SHARE ROW EXCLUSIVE on `app_user`, `partner`, `tenant` and `school_year` for a moment; the index takes
 * SHARE on `app_user` while it is built, and its rows are people.
 */
export class CreateAdministration1764720000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- A school year that is disabled keeps its connection, as it keeps its jobs.
      CREATE TABLE ods_connection (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        uid uuid NOT NULL UNIQUE,
        tenant_id bigint NOT NULL REFERENCES tenant,
        end_year smallint NOT NULL REFERENCES school_year,
        base_url text NOT NULL CHECK (length(base_url) BETWEEN 1 AND 2048),
        -- Key and secret, encrypted.
        credentials text NOT NULL CHECK (credentials <> ''),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        UNIQUE (tenant_id, end_year)
      );

      -- Who changed what; written in the transaction of the change, and never changed or deleted. Without secrets.
      CREATE TABLE audit_record (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        uid uuid NOT NULL UNIQUE,
        at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
        user_id bigint NOT NULL REFERENCES app_user,
        action text NOT NULL CHECK (action ~ '^[a-z_]+\\.[a-z_]+$'),
        -- What it is about, as far as it is about one.
        partner_id bigint REFERENCES partner,
        tenant_id bigint,
        end_year smallint,
        subject_user_id bigint REFERENCES app_user,
        -- NULL: it was not there.
        before jsonb CHECK (jsonb_typeof(before) = 'object'),
        -- NULL: it is there no more.
        after jsonb CHECK (jsonb_typeof(after) = 'object'),
        FOREIGN KEY (tenant_id, partner_id) REFERENCES tenant (id, partner_id),
        CONSTRAINT audit_record_of_something CHECK (partner_id IS NOT NULL OR subject_user_id IS NOT NULL),
        CONSTRAINT audit_record_tenant_of_partner CHECK (tenant_id IS NULL OR partner_id IS NOT NULL),
        CONSTRAINT audit_record_of_a_change CHECK (before IS DISTINCT FROM after)
      );
      CREATE INDEX audit_record_by_time ON audit_record (at, id);
      CREATE INDEX audit_record_by_partner ON audit_record (partner_id, at, id);
      CREATE INDEX audit_record_by_user ON audit_record (user_id, at, id);
      CREATE INDEX audit_record_by_action ON audit_record (action, at, id);
      CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME;
      END $$;
      CREATE TRIGGER audit_record_stays BEFORE UPDATE OR DELETE ON audit_record
        FOR EACH ROW EXECUTE FUNCTION refuse_change();

      CREATE INDEX app_user_by_name ON app_user (name, id);
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP INDEX app_user_by_name;
      DROP TABLE audit_record, ods_connection;
      DROP FUNCTION refuse_change();
    `);
  }
}
