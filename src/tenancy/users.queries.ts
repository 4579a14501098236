import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { UserState } from './entities/app-user.entity';
import type { Role } from './entities/user-role.entity';
import { entityTag, isAsExpected } from './entity-tag';

/** The SQL of users and their roles. */

type Queryable = Pick<DataSource | EntityManager, 'query'>;

interface Named {
  readonly code: string;
  readonly name: string;
}

export interface RoleView {
  readonly role: Role;
  /** null of an operator. */
  readonly partner: Named | null;
  /** null but for staff. */
  readonly tenant: Named | null;
}

export interface UserView {
  readonly uid: string;
  readonly issuer: string;
  readonly subject: string;
  readonly name: string;
  readonly email: string | null;
  readonly state: UserState;
  readonly lastSignInAt: Date | null;
  readonly createdAt: Date;
  readonly roles: readonly RoleView[];
  /** Over the roles. */
  readonly etag: string;
}

const ROLES = `coalesce((SELECT json_agg(json_build_object('role', r.role,
                          'partner', CASE WHEN p.id IS NOT NULL THEN json_build_object('code', p.code, 'name', p.name) END,
                          'tenant', CASE WHEN t.id IS NOT NULL THEN json_build_object('code', t.code, 'name', t.name) END)
                          ORDER BY r.role, p.code, t.code)
                 FROM user_role r LEFT JOIN partner p ON p.id = r.partner_id LEFT JOIN tenant t ON t.id = r.tenant_id
                WHERE r.user_id = u.id AND ($1::text IS NULL OR p.code = $1)), '[]')`;
/** Over the roles by what they are about, and not by how that is called. */
const ETAG =
  entityTag(`ARRAY(SELECT concat_ws(' ', r.role, r.partner_id, r.tenant_id) FROM user_role r LEFT JOIN partner p ON p.id = r.partner_id
                WHERE r.user_id = u.id AND ($1::text IS NULL OR p.code = $1) ORDER BY 1)`);
/** Takes the partner's code, or null for all roles, as $1. */
const VIEW = `u.uid, u.issuer, u.subject, u.name, u.email, u.state, u.last_sign_in_at AS "lastSignInAt",
              u.created_at AS "createdAt", ${ROLES} AS roles, ${ETAG} AS etag`;
/** The same $1: a user who has no role at the partner is none of its. */
const BELONGS = `($1::text IS NULL
              OR u.id IN (SELECT r.user_id FROM user_role r JOIN partner p ON p.id = r.partner_id WHERE p.code = $1))`;

export interface UserFilter {
  /** Only those who have a role at this partner, with those roles alone; null: all. */
  readonly partner: string | null;
  /** A part of the name, the address or the subject, in any case. */
  readonly search: string | null;
  readonly state: UserState | null;
}

/** By what users are listed. */
export interface UserPosition {
  readonly name: string;
  readonly id: string;
}

export async function findUsers(
  db: Queryable,
  { partner, search, state }: UserFilter,
  after: UserPosition | null,
  limit: number,
): Promise<(UserView & { id: string })[]> {
  return db.query(
    `SELECT u.id, ${VIEW} FROM app_user u
      WHERE ${BELONGS}
        AND ($2::text IS NULL OR strpos(lower(concat_ws(E'\\n', u.name, u.email, u.subject)), lower($2)) > 0)
        AND ($3::text IS NULL OR u.state = $3)
        AND ($4::text IS NULL OR (u.name, u.id) > ($4, $5::bigint))
      ORDER BY u.name, u.id LIMIT $6`,
    [partner, search, state, after?.name ?? null, after?.id ?? null, limit],
  );
}

/** @param partner where the user must have a role, and whose roles are shown; null: all. */
export async function findUser(db: Queryable, uid: string, partner: string | null): Promise<UserView | null> {
  const rows: UserView[] = await db.query(`SELECT ${VIEW} FROM app_user u WHERE u.uid = $2 AND ${BELONGS}`, [partner, uid]);
  return rows[0] ?? null;
}

/** @param partner whose roles are shown; null: all. */
export async function readUser(db: Queryable, id: string, partner: string | null): Promise<UserView> {
  const [row]: UserView[] = await db.query(`SELECT ${VIEW} FROM app_user u WHERE u.id = $2`, [partner, id]);
  if (!row) throw new Error('a user is gone');
  return row;
}

export interface LockedUser {
  readonly id: string;
  readonly state: UserState;
}

/** Lets no other change of the user happen until the transaction ends. @param partner where the user must have a role; null: none. */
export async function lockUser(tx: EntityManager, uid: string, partner: string | null): Promise<LockedUser | null> {
  const rows: LockedUser[] = await tx.query(
    `SELECT u.id, u.state FROM app_user u WHERE u.uid = $2 AND ${BELONGS} FOR NO KEY UPDATE OF u`,
    [partner, uid],
  );
  return rows[0] ?? null;
}

export interface NewUser {
  readonly issuer: string;
  readonly subject: string;
  readonly name: string;
  readonly email: string | null;
}

/** Adds a user who is admitted already. @returns the id; null where there is one with this issuer and subject. */
export async function insertUser(tx: EntityManager, { issuer, subject, name, email }: NewUser): Promise<string | null> {
  const rows: { id: string }[] = await tx.query(
    `INSERT INTO app_user (uid, issuer, subject, name, email, state) VALUES ($1, $2, $3, $4, $5, 'admitted')
     ON CONFLICT (issuer, subject) DO NOTHING RETURNING id`,
    [uuidv7(), issuer, subject, name, email],
  );
  return rows[0]?.id ?? null;
}

export async function lockUserBySubject(tx: EntityManager, issuer: string, subject: string): Promise<LockedUser | null> {
  const rows: LockedUser[] = await tx.query(
    `SELECT id, state FROM app_user WHERE issuer = $1 AND subject = $2 FOR NO KEY UPDATE`,
    [issuer, subject],
  );
  return rows[0] ?? null;
}

export async function updateUserState(tx: EntityManager, id: string, state: UserState): Promise<void> {
  await tx.query(`UPDATE app_user SET state = $2 WHERE id = $1`, [id, state]);
}

/** What a role is about, by ids; null where there is no such partner or tenant. */
export interface ResolvedRole {
  readonly partnerId: string | null;
  readonly tenantId: string | null;
}

/** The partners and tenants of roles, in the order given. */
export async function resolveRoles(
  tx: EntityManager,
  roles: readonly { readonly partner: string | null; readonly tenant: string | null }[],
): Promise<ResolvedRole[]> {
  return tx.query(
    `SELECT p.id AS "partnerId", t.id AS "tenantId"
       FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS r (partner, tenant, place)
       LEFT JOIN partner p ON p.code = r.partner LEFT JOIN tenant t ON t.partner_id = p.id AND t.code = r.tenant
      ORDER BY r.place`,
    [roles.map(({ partner }) => partner), roles.map(({ tenant }) => tenant)],
  );
}

export interface StoredRole {
  readonly role: Role;
  readonly partnerId: string | null;
  readonly tenantId: string | null;
}

export async function insertRoles(tx: EntityManager, userId: string, roles: readonly StoredRole[]): Promise<void> {
  await tx.query(
    `INSERT INTO user_role (user_id, role, partner_id, tenant_id)
     SELECT $1, * FROM unnest($2::text[], $3::bigint[], $4::bigint[]) ON CONFLICT DO NOTHING`,
    [userId, roles.map(({ role }) => role), roles.map(({ partnerId }) => partnerId), roles.map(({ tenantId }) => tenantId)],
  );
}

/**
 * Gives a user these roles and no others. The user must be locked.
 *
 * @param partner whose staff roles alone are meant; null: all roles.
 * @param tags one of which the roles must have; null: any. @returns whether they had.
 */
export async function replaceRoles(
  tx: EntityManager,
  userId: string,
  roles: readonly StoredRole[],
  partner: string | null,
  tags: readonly string[] | null,
): Promise<boolean> {
  const rows: unknown[] = await tx.query(
    `WITH expected AS (
       SELECT u.id FROM app_user u WHERE u.id = $2 AND ${isAsExpected(ETAG, '$6')}
     ), wanted AS (
       SELECT * FROM unnest($3::text[], $4::bigint[], $5::bigint[]) AS wanted (role, partner_id, tenant_id)
     ), taken AS (
       DELETE FROM user_role r USING expected
        WHERE r.user_id = expected.id
          AND ($1::text IS NULL OR (r.role = 'staff' AND r.partner_id = (SELECT id FROM partner WHERE code = $1)))
          AND NOT EXISTS (SELECT FROM wanted WHERE wanted.role = r.role AND wanted.partner_id IS NOT DISTINCT FROM r.partner_id
                             AND wanted.tenant_id IS NOT DISTINCT FROM r.tenant_id)
     ), given AS (
       INSERT INTO user_role (user_id, role, partner_id, tenant_id)
       SELECT expected.id, wanted.* FROM expected CROSS JOIN wanted ON CONFLICT DO NOTHING
     )
     SELECT FROM expected`,
    [
      partner,
      userId,
      roles.map(({ role }) => role),
      roles.map(({ partnerId }) => partnerId),
      roles.map(({ tenantId }) => tenantId),
      tags,
    ],
  );
  return rows.length > 0;
}

/**
 * Whether somebody else than this user may do everything here. Of several transactions that ask, one goes on at a time, and sees
 * what the one before it did, so no two of them can take away the last two operators.
 */
export async function hasOtherOperator(tx: EntityManager, userId: string): Promise<boolean> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('the last operator', 0))`);
  const rows: unknown[] = await tx.query(
    `SELECT FROM user_role r JOIN app_user u ON u.id = r.user_id
      WHERE r.role = 'operator' AND u.state = 'admitted' AND u.id <> $1 LIMIT 1`,
    [userId],
  );
  return rows.length > 0;
}
