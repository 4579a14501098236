import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { Role } from './entities/user-role.entity';

/** A person who may work here, with what they may do; partner and tenant by their codes. */
export interface UserToAdmit {
  readonly issuer: string;
  readonly subject: string;
  readonly name: string;
  readonly email: string | null;
  readonly roles: readonly { readonly role: Role; readonly partner: string | null; readonly tenant: string | null }[];
}

/**
 * Admits somebody, before they have ever signed in if need be, and adds what roles they lack; one at a partner or tenant that there
 * is not is left out. Who was disabled stays so, and how their issuer calls them is theirs to say.
 *
 * @returns how many roles were added.
 */
export async function admitUser(tx: EntityManager, { issuer, subject, name, email, roles }: UserToAdmit): Promise<number> {
  const rows: unknown[] = await tx.query(
    `WITH admitted AS (
       INSERT INTO app_user (uid, issuer, subject, name, email, state) VALUES ($1, $2, $3, $4, $5, 'admitted')
       ON CONFLICT (issuer, subject) DO UPDATE
         SET state = CASE WHEN app_user.state = 'waiting' THEN 'admitted' ELSE app_user.state END
       RETURNING id
     )
     INSERT INTO user_role (user_id, role, partner_id, tenant_id)
     SELECT admitted.id, wanted.role, partner.id, tenant.id
       FROM admitted CROSS JOIN unnest($6::text[], $7::text[], $8::text[]) AS wanted (role, partner, tenant)
       LEFT JOIN partner ON partner.code = wanted.partner
       LEFT JOIN tenant ON tenant.partner_id = partner.id AND tenant.code = wanted.tenant
      WHERE (wanted.partner IS NULL OR partner.id IS NOT NULL) AND (wanted.tenant IS NULL OR tenant.id IS NOT NULL)
     ON CONFLICT DO NOTHING RETURNING id`,
    [
      uuidv7(),
      issuer,
      subject,
      name,
      email,
      roles.map(({ role }) => role),
      roles.map(({ partner }) => partner),
      roles.map(({ tenant }) => tenant),
    ],
  );
  return rows.length;
}
