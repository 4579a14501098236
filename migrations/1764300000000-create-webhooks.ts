import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Webhook endpoints, their secrets, and the deliveries, which are queue and log in one. New tables only; the foreign key takes a
 * SHARE ROW EXCLUSIVE lock on `partner` for a moment.
 */
export class CreateWebhooks1764300000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE webhook_endpoint (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        uid uuid NOT NULL UNIQUE,
        partner_id bigint NOT NULL REFERENCES partner,
        -- The client that registered it, and alone sees and changes it.
        client_issuer text NOT NULL,
        client_id text NOT NULL,
        url text NOT NULL CHECK (length(url) BETWEEN 1 AND 2048),
        event_types text[] NOT NULL CHECK (cardinality(event_types) > 0),
        -- NULL: enabled.
        disabled_reason text CHECK (disabled_reason IN ('requested', 'gone', 'failing', 'deleted')),
        -- Since when every delivery has failed; NULL: the last one did not.
        failing_since timestamptz(3),
        -- The receiver asked for a pause until then.
        paused_until timestamptz(3),
        created_at timestamptz(3) NOT NULL DEFAULT now()
      );
      CREATE INDEX webhook_endpoint_by_client ON webhook_endpoint (client_issuer, client_id, id);
      CREATE INDEX webhook_endpoint_enabled ON webhook_endpoint (partner_id) WHERE disabled_reason IS NULL;

      -- While a secret is replaced, the older ones go on signing until they expire. Encrypted.
      CREATE TABLE webhook_secret (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        uid uuid NOT NULL UNIQUE,
        endpoint_id bigint NOT NULL REFERENCES webhook_endpoint,
        secret text NOT NULL CHECK (secret <> ''),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        -- NULL: the current one.
        expires_at timestamptz(3)
      );
      CREATE INDEX webhook_secret_by_endpoint ON webhook_secret (endpoint_id, id);
      CREATE UNIQUE INDEX webhook_secret_one_current ON webhook_secret (endpoint_id) WHERE expires_at IS NULL;

      CREATE TABLE webhook_delivery (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        uid uuid NOT NULL UNIQUE,
        -- What the receiver tells repetitions by; a redelivery has that of the delivery that it repeats.
        message_uid uuid NOT NULL,
        endpoint_id bigint NOT NULL REFERENCES webhook_endpoint,
        event_type text NOT NULL,
        -- Outlives the job.
        job_uid uuid,
        -- json and not jsonb: the members are sent in the order in which they were written.
        payload json NOT NULL,
        status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'delivered', 'failed')),
        -- Raised by every claim; a write that names an older attempt changes nothing.
        attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
        -- While an attempt is under way: when it counts as lost.
        next_attempt_at timestamptz(3) DEFAULT now(),
        last_attempt_at timestamptz(3),
        response_status smallint,
        duration_ms integer CHECK (duration_ms >= 0),
        error_code text,
        created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
        finished_at timestamptz(3),
        CONSTRAINT webhook_delivery_next_when_pending CHECK ((status = 'pending') = (next_attempt_at IS NOT NULL)),
        CONSTRAINT webhook_delivery_finished_when_final CHECK ((status = 'pending') = (finished_at IS NULL)),
        CONSTRAINT webhook_delivery_error_when_failed CHECK (status <> 'failed' OR error_code IS NOT NULL)
      );
      CREATE INDEX webhook_delivery_due ON webhook_delivery (endpoint_id, next_attempt_at) WHERE status = 'pending';
      CREATE INDEX webhook_delivery_by_endpoint ON webhook_delivery (endpoint_id, id);
      CREATE INDEX webhook_delivery_by_status ON webhook_delivery (endpoint_id, status, id);
      -- For the end of the log.
      CREATE INDEX webhook_delivery_finished ON webhook_delivery (finished_at) WHERE status <> 'pending';
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP TABLE webhook_delivery, webhook_secret, webhook_endpoint`);
  }
}
