import type { MigrationInterface, QueryRunner } from 'typeorm';

/** So that a logout token is used once (OpenID Connect Back-Channel Logout 1.0 §2.6). A new table only. */
export class RememberLogoutTokens1764705000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE used_logout_token (
        issuer text NOT NULL,
        jti text NOT NULL,
        expires_at timestamptz(3) NOT NULL,
        PRIMARY KEY (issuer, jti)
      );
      CREATE INDEX used_logout_token_by_expiry ON used_logout_token (expires_at);
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP TABLE used_logout_token`);
  }
}
