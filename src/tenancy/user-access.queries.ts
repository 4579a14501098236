import type { DataSource } from 'typeorm';
import type { UserState } from './entities/app-user.entity';
import type { Role } from './entities/user-role.entity';
import type { WebUser } from './user-access';

/** The SQL of what a user may reach. Roles are read anew each time, so that one that was taken away is gone at once. */

export interface FoundUser {
  readonly user: WebUser;
  readonly state: UserState;
  /** null: there is no such partner, or none was asked for. */
  readonly partner: { readonly isAdmin: boolean; readonly isStaff: boolean } | null;
  readonly tenant: { readonly isStaff: boolean } | null;
}

/** One statement finds a user with everything that decides about a partner and tenant, by their codes. */
export async function findUserForAccess(
  db: DataSource,
  userId: string,
  { partner = null, tenant = null }: { partner?: string | null; tenant?: string | null },
): Promise<FoundUser | null> {
  const rows: { found: FoundUser }[] = await db.query(
    `SELECT json_build_object(
              'user', json_build_object('id', u.id::text, 'uid', u.uid, 'name', u.name, 'email', u.email,
                'operator', EXISTS (SELECT FROM user_role r WHERE r.user_id = u.id AND r.role = 'operator')),
              'state', u.state,
              'partner', CASE WHEN partner.id IS NOT NULL THEN json_build_object(
                'isAdmin', EXISTS (SELECT FROM user_role r WHERE r.user_id = u.id AND r.role = 'partner_admin' AND r.partner_id = partner.id),
                'isStaff', EXISTS (SELECT FROM user_role r WHERE r.user_id = u.id AND r.role = 'staff' AND r.partner_id = partner.id)) END,
              'tenant', CASE WHEN tenant.id IS NOT NULL THEN json_build_object(
                'isStaff', EXISTS (SELECT FROM user_role r WHERE r.user_id = u.id AND r.role = 'staff' AND r.tenant_id = tenant.id)) END
            ) AS found
       FROM app_user u
       LEFT JOIN partner ON partner.code = $2
       LEFT JOIN tenant ON tenant.partner_id = partner.id AND tenant.code = $3
      WHERE u.id = $1`,
    [userId, partner, tenant],
  );
  return rows[0]?.found ?? null;
}

export interface Named {
  readonly code: string;
  readonly name: string;
}

export interface ReachableTenant {
  readonly partner: Named;
  readonly tenant: Named;
  /** The highest by which the user reaches it. */
  readonly role: Role;
}

/** How a user ($1) reaches a tenant; null: not at all. */
const ROLE_FOR_TENANT = `CASE
  WHEN EXISTS (SELECT FROM user_role r WHERE r.user_id = $1 AND r.role = 'operator') THEN 'operator'
  WHEN tenant.partner_id IN (SELECT partner_id FROM user_role WHERE user_id = $1 AND role = 'partner_admin') THEN 'partner_admin'
  WHEN tenant.id IN (SELECT tenant_id FROM user_role WHERE user_id = $1 AND role = 'staff') THEN 'staff'
END`;

export interface UserOverview {
  readonly adminOf: readonly Named[];
  readonly tenantCount: number;
  readonly firstTenant: { readonly partner: Named; readonly tenant: Named } | null;
}

/** What a user's page begins with; `adminOf` is what they have the role for, so nothing for an operator who needs none. */
export async function findUserOverview(db: DataSource, userId: string): Promise<UserOverview> {
  const [row]: UserOverview[] = await db.query(
    `WITH reachable AS (
       SELECT json_build_object('code', partner.code, 'name', partner.name) AS partner,
              json_build_object('code', tenant.code, 'name', tenant.name) AS tenant,
              row_number() OVER (ORDER BY partner.code, tenant.code) AS place, count(*) OVER () AS total
         FROM tenant JOIN partner ON partner.id = tenant.partner_id
        WHERE ${ROLE_FOR_TENANT} IS NOT NULL
     )
     SELECT (SELECT coalesce(json_agg(json_build_object('code', p.code, 'name', p.name) ORDER BY p.code), '[]')
               FROM user_role r JOIN partner p ON p.id = r.partner_id WHERE r.user_id = $1 AND r.role = 'partner_admin') AS "adminOf",
            coalesce((SELECT total::int FROM reachable WHERE place = 1), 0) AS "tenantCount",
            (SELECT json_build_object('partner', partner, 'tenant', tenant) FROM reachable WHERE place = 1) AS "firstTenant"`,
    [userId],
  );
  return row ?? { adminOf: [], tenantCount: 0, firstTenant: null };
}

/** By what a list of tenants is ordered. */
export interface TenantPosition {
  readonly partner: string;
  readonly tenant: string;
}

/** The tenants that a user reaches after a position, by the codes of partner and tenant. */
export async function findReachableTenants(
  db: DataSource,
  userId: string,
  { search, after, limit }: { search: string | null; after: TenantPosition | null; limit: number },
): Promise<ReachableTenant[]> {
  return db.query(
    `SELECT json_build_object('code', reachable.partner_code, 'name', reachable.partner_name) AS partner,
            json_build_object('code', reachable.code, 'name', reachable.name) AS tenant, reachable.role
       FROM (SELECT partner.code AS partner_code, partner.name AS partner_name, tenant.code, tenant.name, ${ROLE_FOR_TENANT} AS role
               FROM tenant JOIN partner ON partner.id = tenant.partner_id) AS reachable
      WHERE reachable.role IS NOT NULL
        AND ($2::text IS NULL OR strpos(lower(concat_ws(E'\\n', partner_code, partner_name, code, name)), lower($2)) > 0)
        AND ($3::text IS NULL OR (partner_code, code) > ($3, $4))
      ORDER BY partner_code, code LIMIT $5`,
    [userId, search, after?.partner ?? null, after?.tenant ?? null, limit],
  );
}
