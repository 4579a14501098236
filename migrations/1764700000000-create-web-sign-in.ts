import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What signing in on the web page needs: who a user is, what they may do, and their sessions. The new columns of `app_user` take
 * ACCESS EXCLUSIVE on it for a moment (constant defaults, so nothing is rewritten), the foreign keys SHARE ROW EXCLUSIVE on
 * `app_user`, `partner` and `tenant`.
 */
export class CreateWebSignIn1764700000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE app_user
        ADD COLUMN email text,
        ADD COLUMN state text NOT NULL DEFAULT 'waiting' CONSTRAINT app_user_state_check CHECK (state IN ('waiting', 'admitted', 'disabled')),
        ADD COLUMN last_sign_in_at timestamptz(3);

      CREATE TABLE user_role (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        user_id bigint NOT NULL REFERENCES app_user,
        role text NOT NULL CHECK (role IN ('operator', 'partner_admin', 'staff')),
        partner_id bigint REFERENCES partner,
        tenant_id bigint,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        -- No staff of another partner's tenant.
        FOREIGN KEY (tenant_id, partner_id) REFERENCES tenant (id, partner_id),
        CONSTRAINT user_role_of_something CHECK (
          (partner_id IS NOT NULL) = (role <> 'operator') AND (tenant_id IS NOT NULL) = (role = 'staff')
        )
      );
      -- Each once; Postgres 14 has no NULLS NOT DISTINCT, and no id is 0.
      CREATE UNIQUE INDEX user_role_once ON user_role (user_id, role, coalesce(partner_id, 0), coalesce(tenant_id, 0));
      -- Who belongs to a partner or tenant.
      CREATE INDEX user_role_by_partner ON user_role (partner_id, tenant_id) WHERE partner_id IS NOT NULL;
      CREATE INDEX user_role_operators ON user_role (user_id) WHERE role = 'operator';

      -- As connect-pg-simple reads and writes it. A session is only there for somebody who is signed in.
      CREATE TABLE web_session (
        sid text PRIMARY KEY,
        sess jsonb NOT NULL,
        expire timestamptz NOT NULL
      );
      -- For the end of sessions that nobody comes back to.
      CREATE INDEX web_session_by_expiry ON web_session (expire);
      -- For the issuer's back-channel logout, which names a person, a session of theirs at the issuer, or both.
      CREATE INDEX web_session_by_subject ON web_session ((sess -> 'signIn' ->> 'subject'), (sess -> 'signIn' ->> 'issuer'));
      CREATE INDEX web_session_by_issuer_session ON web_session ((sess -> 'signIn' ->> 'sid'), (sess -> 'signIn' ->> 'issuer'));
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TABLE web_session, user_role;
      ALTER TABLE app_user DROP COLUMN email, DROP COLUMN state, DROP COLUMN last_sign_in_at;
    `);
  }
}
