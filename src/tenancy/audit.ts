import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';

/** What an administrator can have changed. A closed list: the page and those who look for something go by it. */
export const AUDIT_ACTIONS = [
  'partner.created',
  'partner.renamed',
  'partner.bundles_changed',
  'tenant.created',
  'tenant.renamed',
  'tenant.school_years_changed',
  'user.added',
  'user.state_changed',
  'user.roles_changed',
  'ods_connection.created',
  'ods_connection.changed',
  'ods_connection.deleted',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** What something was like, as far as the change was about it; never a secret. */
export type AuditState = Readonly<Record<string, unknown>>;

/** The administrator who makes a change. */
export interface Actor {
  /** Of `app_user`. */
  readonly id: string;
}

export interface AuditEntry {
  readonly action: AuditAction;
  readonly partnerId?: string | null;
  /** Only with its partner. */
  readonly tenantId?: string;
  readonly endYear?: number;
  readonly subjectUserId?: string;
  /** null: it was not there. */
  readonly before: AuditState | null;
  /** null: it is there no more. */
  readonly after: AuditState | null;
}

/** Writes down a change, in its transaction. What changes nothing is not to be written. */
export async function writeAudit(tx: EntityManager, actor: Actor, entry: AuditEntry): Promise<void> {
  await tx.query(
    `INSERT INTO audit_record (uid, user_id, action, partner_id, tenant_id, end_year, subject_user_id, before, after)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      uuidv7(),
      actor.id,
      entry.action,
      entry.partnerId ?? null,
      entry.tenantId ?? null,
      entry.endYear ?? null,
      entry.subjectUserId ?? null,
      entry.before && JSON.stringify(entry.before),
      entry.after && JSON.stringify(entry.after),
    ],
  );
}
