import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What came of the requests that had an `Idempotency-Key`. A new table: nothing waits for it. */
export class CreateIdempotencyKeys1764400000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE idempotency_key (
        issuer text NOT NULL,
        client_id text NOT NULL,
        key text NOT NULL CHECK (key ~ '^[!-~]{1,255}$'),
        operation text NOT NULL,
        body_sha256 bytea NOT NULL CHECK (octet_length(body_sha256) = 32),
        -- Names the request that holds the key; a write of another one changes nothing.
        claim uuid NOT NULL,
        -- NULL while the request is under way. It holds no URL: those are made anew.
        answer jsonb CHECK (jsonb_typeof(answer) = 'object'),
        -- From then on the key is free.
        expires_at timestamptz(3) NOT NULL,
        PRIMARY KEY (issuer, client_id, key)
      );
      CREATE INDEX idempotency_key_by_expiry ON idempotency_key (expires_at);
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP TABLE idempotency_key`);
  }
}
