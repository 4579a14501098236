import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The core's tables. Integer ids are for foreign keys and never leave the process; `uid` (UUID v7, made in the application) is
 * what the outside sees. Times have the milliseconds that the API shows, so that a filter by a time that was shown leaves out
 * what has it. Everything that a tenant owns carries its partner and tenant, tied together by a composite foreign key, so that no
 * row can name a tenant of another partner.
 */
export class CreateCoreTables1764000000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE partner (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        uid uuid NOT NULL UNIQUE,
        code text NOT NULL UNIQUE CHECK (code ~ '^[A-Za-z0-9._-]{1,64}$'),
        name text NOT NULL CHECK (name <> ''),
        created_at timestamptz(3) NOT NULL DEFAULT now()
      );

      CREATE TABLE tenant (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        uid uuid NOT NULL UNIQUE,
        partner_id bigint NOT NULL REFERENCES partner,
        code text NOT NULL CHECK (code ~ '^[A-Za-z0-9._-]{1,64}$'),
        name text NOT NULL CHECK (name <> ''),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        UNIQUE (partner_id, code),
        UNIQUE (id, partner_id)
      );

      -- Ed-Fi names a school year by the year in which it ends.
      CREATE TABLE school_year (
        end_year smallint PRIMARY KEY CHECK (end_year BETWEEN 1900 AND 2200)
      );

      CREATE TABLE tenant_school_year (
        tenant_id bigint NOT NULL REFERENCES tenant,
        end_year smallint NOT NULL REFERENCES school_year,
        PRIMARY KEY (tenant_id, end_year)
      );

      -- The bundle is named by its path in the registry, which may be out of reach or ahead of this table.
      CREATE TABLE partner_bundle (
        partner_id bigint NOT NULL REFERENCES partner,
        bundle_path text NOT NULL CHECK (bundle_path <> ''),
        PRIMARY KEY (partner_id, bundle_path)
      );

      -- A person, as their issuer names them.
      CREATE TABLE app_user (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        uid uuid NOT NULL UNIQUE,
        issuer text NOT NULL,
        subject text NOT NULL,
        name text NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        UNIQUE (issuer, subject)
      );

      CREATE TABLE job (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        uid uuid NOT NULL UNIQUE,
        partner_id bigint NOT NULL,
        tenant_id bigint NOT NULL,
        school_year smallint NOT NULL REFERENCES school_year,
        bundle_path text NOT NULL,
        bundle_version text NOT NULL,
        params jsonb NOT NULL CHECK (jsonb_typeof(params) = 'object'),
        status text NOT NULL DEFAULT 'created'
          CHECK (status IN ('created', 'queued', 'running', 'succeeded', 'failed', 'cancelled', 'expired')),
        created_by_user_id bigint REFERENCES app_user,
        client_issuer text,
        client_id text,
        client_name text,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        expires_at timestamptz(3) NOT NULL,
        started_at timestamptz(3),
        finished_at timestamptz(3),
        progress jsonb,
        error jsonb,
        FOREIGN KEY (tenant_id, partner_id) REFERENCES tenant (id, partner_id),
        -- For a tenant's list, too.
        CONSTRAINT job_by_tenant UNIQUE (tenant_id, id, partner_id),
        CONSTRAINT job_created_by_user_or_client CHECK (
          (created_by_user_id IS NOT NULL AND client_issuer IS NULL AND client_id IS NULL AND client_name IS NULL)
          OR (created_by_user_id IS NULL AND client_issuer IS NOT NULL AND client_id IS NOT NULL)
        ),
        CONSTRAINT job_started_when_queued CHECK (status IN ('created', 'cancelled', 'expired') OR started_at IS NOT NULL),
        CONSTRAINT job_finished_when_final CHECK (
          (status IN ('succeeded', 'failed', 'cancelled', 'expired')) = (finished_at IS NOT NULL)
        ),
        CONSTRAINT job_error_when_failed CHECK ((status = 'failed') = (error IS NOT NULL))
      );
      CREATE INDEX job_by_partner ON job (partner_id, id);
      -- Finds the jobs that were never started; holds only those.
      CREATE INDEX job_unstarted_by_expiry ON job (expires_at) WHERE status = 'created';

      CREATE TABLE job_file (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        job_id bigint NOT NULL REFERENCES job,
        env_var text NOT NULL,
        name text NOT NULL CHECK (octet_length(name) BETWEEN 1 AND 255),
        object_key text NOT NULL UNIQUE,
        declared_size bigint CHECK (declared_size > 0),
        declared_sha256 text CHECK (declared_sha256 ~ '^[0-9a-f]{64}$'),
        -- What was found at the start; the run reads exactly this.
        size bigint CHECK (size > 0),
        etag text,
        version_id text,
        sha256 text CHECK (sha256 ~ '^[0-9a-f]{64}$'),
        UNIQUE (job_id, env_var),
        CONSTRAINT job_file_pinned_whole CHECK ((size IS NULL) = (etag IS NULL))
      );

      CREATE TABLE run (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        uid uuid NOT NULL UNIQUE,
        job_id bigint NOT NULL REFERENCES job,
        number integer NOT NULL CHECK (number > 0),
        status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
        -- Raised by every claim; a write that names an older attempt changes nothing.
        attempt integer NOT NULL DEFAULT 0 CHECK (attempt >= 0),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        started_at timestamptz(3),
        finished_at timestamptz(3),
        error jsonb,
        UNIQUE (job_id, number),
        UNIQUE (id, job_id),
        CONSTRAINT run_claimed_when_running CHECK (status NOT IN ('running', 'succeeded') OR (attempt > 0 AND started_at IS NOT NULL)),
        CONSTRAINT run_finished_when_final CHECK ((status IN ('succeeded', 'failed', 'cancelled')) = (finished_at IS NOT NULL)),
        CONSTRAINT run_error_when_failed CHECK ((status = 'failed') = (error IS NOT NULL))
      );
      CREATE UNIQUE INDEX run_one_live_per_job ON run (job_id) WHERE status IN ('queued', 'running');
      CREATE INDEX run_live ON run (id) WHERE status IN ('queued', 'running');

      CREATE TABLE job_event (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        uid uuid NOT NULL UNIQUE,
        job_id bigint NOT NULL REFERENCES job,
        run_id bigint,
        type text NOT NULL,
        at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
        data jsonb NOT NULL DEFAULT '{}',
        FOREIGN KEY (run_id, job_id) REFERENCES run (id, job_id)
      );
      CREATE INDEX job_event_by_job ON job_event (job_id, id);

      CREATE TABLE output_set (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        uid uuid NOT NULL UNIQUE,
        run_id bigint NOT NULL UNIQUE,
        job_id bigint NOT NULL,
        partner_id bigint NOT NULL,
        tenant_id bigint NOT NULL,
        school_year smallint NOT NULL REFERENCES school_year,
        bundle_path text NOT NULL,
        bundle_version text NOT NULL,
        sent_to_ods boolean NOT NULL DEFAULT false,
        created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
        FOREIGN KEY (run_id, job_id) REFERENCES run (id, job_id),
        FOREIGN KEY (job_id, tenant_id, partner_id) REFERENCES job (id, tenant_id, partner_id)
      );
      CREATE INDEX output_set_by_partner ON output_set (partner_id, id);
      CREATE INDEX output_set_by_tenant ON output_set (tenant_id, id);
      CREATE INDEX output_set_by_job ON output_set (job_id);

      CREATE TABLE output_file (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        output_set_id bigint NOT NULL REFERENCES output_set,
        name text NOT NULL CHECK (name <> ''),
        object_key text NOT NULL UNIQUE,
        version_id text,
        size bigint NOT NULL CHECK (size >= 0),
        records bigint NOT NULL CHECK (records >= 0),
        UNIQUE (output_set_id, name)
      );

      -- The bundle versions whose files are in the object store, where workers fetch them.
      CREATE TABLE bundle_snapshot (
        bundle_path text NOT NULL,
        bundle_version text NOT NULL,
        object_key text NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (bundle_path, bundle_version)
      );
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TABLE bundle_snapshot, output_file, output_set, job_event, run, job_file, job, app_user, partner_bundle,
        tenant_school_year, school_year, tenant, partner
    `);
  }
}
