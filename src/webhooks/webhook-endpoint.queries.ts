import type { DataSource, EntityManager } from 'typeorm';
import type { WebhookDisabledReason, WebhookEventType } from './webhook-events';
import type { StoredSecret } from './webhook-secret';

/**
 * The SQL of webhook endpoints and their secrets. Whatever reads or changes an endpoint names the client that it belongs to and
 * the partners which that may reach now.
 */

type Queryable = Pick<DataSource | EntityManager, 'query'>;

/** Whose endpoints: those of this client, for the partners that its token names. */
export interface WebhookAccess {
  readonly issuer: string;
  readonly clientId: string;
  readonly partners: readonly string[];
}

export interface WebhookEndpointView {
  readonly uid: string;
  readonly partner: string;
  readonly url: string;
  readonly eventTypes: readonly WebhookEventType[];
  /** null: it is enabled. */
  readonly disabledReason: WebhookDisabledReason | null;
  readonly failingSince: Date | null;
  readonly createdAt: Date;
}

const VIEW = `e.uid, partner.code AS partner, e.url, e.event_types AS "eventTypes", e.disabled_reason AS "disabledReason",
              e.failing_since AS "failingSince", e.created_at AS "createdAt"`;
/** Takes the parameters that `accessOf` gives, as the first three. */
const ACCESSIBLE = `e.client_issuer = $1 AND e.client_id = $2 AND partner.code = ANY ($3)
              AND e.disabled_reason IS DISTINCT FROM 'deleted'`;
const accessOf = ({ issuer, clientId, partners }: WebhookAccess): unknown[] => [issuer, clientId, partners];

/** Lets one client's endpoints be added one transaction after the other, so that they can be counted. */
export async function lockEndpointsOfClient(tx: EntityManager, { issuer, clientId }: WebhookAccess): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('webhook_endpoint of ' || $1 || ' ' || $2, 0))`, [
    issuer,
    clientId,
  ]);
}

export async function countEndpointsOfClient(db: Queryable, { issuer, clientId }: WebhookAccess): Promise<number> {
  const [row]: { count: number }[] = await db.query(
    `SELECT count(*)::int AS count FROM webhook_endpoint
      WHERE client_issuer = $1 AND client_id = $2 AND disabled_reason IS DISTINCT FROM 'deleted'`,
    [issuer, clientId],
  );
  return row?.count ?? 0;
}

export interface NewWebhookEndpoint {
  readonly uid: string;
  readonly partner: string;
  readonly url: string;
  readonly eventTypes: readonly WebhookEventType[];
  readonly secret: StoredSecret;
}

/** Writes the endpoint with its first secret; null where there is no such partner. */
export async function insertEndpoint(
  tx: EntityManager,
  { issuer, clientId }: WebhookAccess,
  endpoint: NewWebhookEndpoint,
): Promise<WebhookEndpointView | null> {
  const rows: WebhookEndpointView[] = await tx.query(
    `WITH e AS (
       INSERT INTO webhook_endpoint (uid, partner_id, client_issuer, client_id, url, event_types)
       SELECT $1, partner.id, $3, $4, $5, $6 FROM partner WHERE partner.code = $2
       RETURNING *
     ), new_secret AS (
       INSERT INTO webhook_secret (uid, endpoint_id, secret) SELECT $7, id, $8 FROM e
     )
     SELECT ${VIEW} FROM e JOIN partner ON partner.id = e.partner_id`,
    [
      endpoint.uid,
      endpoint.partner,
      issuer,
      clientId,
      endpoint.url,
      endpoint.eventTypes,
      endpoint.secret.uid,
      endpoint.secret.secret,
    ],
  );
  return rows[0] ?? null;
}

/** Oldest first, after an id. */
export async function findEndpoints(
  db: Queryable,
  access: WebhookAccess,
  partner: string | null,
  afterId: string,
  limit: number,
): Promise<(WebhookEndpointView & { id: string })[]> {
  return db.query(
    `SELECT e.id, ${VIEW} FROM webhook_endpoint e JOIN partner ON partner.id = e.partner_id
      WHERE ${ACCESSIBLE} AND ($4::text IS NULL OR partner.code = $4) AND e.id > $5
      ORDER BY e.id LIMIT $6`,
    [...accessOf(access), partner, afterId, limit],
  );
}

export async function findEndpoint(
  db: Queryable,
  access: WebhookAccess,
  uid: string,
): Promise<(WebhookEndpointView & { id: string }) | null> {
  const rows: (WebhookEndpointView & { id: string })[] = await db.query(
    `SELECT e.id, ${VIEW} FROM webhook_endpoint e JOIN partner ON partner.id = e.partner_id WHERE ${ACCESSIBLE} AND e.uid = $4`,
    [...accessOf(access), uid],
  );
  return rows[0] ?? null;
}

export interface WebhookEndpointChanges {
  readonly url?: string;
  readonly eventTypes?: readonly WebhookEventType[];
  /** true clears whatever disabled it and what is known of its failures. */
  readonly enabled?: boolean;
}

/** @returns the endpoint after the changes; null where there is none for this client. */
export async function updateEndpoint(
  db: Queryable,
  access: WebhookAccess,
  uid: string,
  { url, eventTypes, enabled }: WebhookEndpointChanges,
): Promise<WebhookEndpointView | null> {
  const rows: WebhookEndpointView[] = await db.query(
    `WITH found AS (
       SELECT e.id FROM webhook_endpoint e JOIN partner ON partner.id = e.partner_id WHERE ${ACCESSIBLE} AND e.uid = $4
     ), e AS (
       UPDATE webhook_endpoint SET
              url = coalesce($5, url), event_types = coalesce($6, event_types),
              disabled_reason = CASE $7::boolean WHEN true THEN NULL WHEN false THEN coalesce(disabled_reason, 'requested')
                                ELSE disabled_reason END,
              failing_since = CASE WHEN $7 THEN NULL ELSE failing_since END,
              paused_until = CASE WHEN $7 THEN NULL ELSE paused_until END
         FROM found WHERE webhook_endpoint.id = found.id AND disabled_reason IS DISTINCT FROM 'deleted'
       RETURNING webhook_endpoint.*
     )
     SELECT ${VIEW} FROM e JOIN partner ON partner.id = e.partner_id`,
    [...accessOf(access), uid, url ?? null, eventTypes ?? null, enabled ?? null],
  );
  return rows[0] ?? null;
}

/** Takes an endpoint out of everybody's sight, with its secrets; its deliveries leave with the log. False where there is none. */
export async function deleteEndpoint(db: Queryable, access: WebhookAccess, uid: string): Promise<boolean> {
  const rows: unknown[] = await db.query(
    `WITH found AS (
       SELECT e.id FROM webhook_endpoint e JOIN partner ON partner.id = e.partner_id WHERE ${ACCESSIBLE} AND e.uid = $4
     ), deleted AS (
       UPDATE webhook_endpoint SET disabled_reason = 'deleted' FROM found WHERE webhook_endpoint.id = found.id
       RETURNING webhook_endpoint.id
     ), forgotten AS (
       DELETE FROM webhook_secret USING deleted WHERE endpoint_id = deleted.id
     )
     SELECT FROM deleted`,
    [...accessOf(access), uid],
  );
  return rows.length > 0;
}

/** Locks an endpoint until the transaction ends; null where there is none for this client. */
export async function lockEndpoint(tx: EntityManager, access: WebhookAccess, uid: string): Promise<string | null> {
  const rows: { id: string }[] = await tx.query(
    `SELECT e.id FROM webhook_endpoint e JOIN partner ON partner.id = e.partner_id
      WHERE ${ACCESSIBLE} AND e.uid = $4 FOR NO KEY UPDATE OF e`,
    [...accessOf(access), uid],
  );
  return rows[0]?.id ?? null;
}

/** Lets the current secret expire and puts another in its place. The endpoint must be locked. @returns when it expires. */
export async function replaceSecret(
  tx: EntityManager,
  endpointId: string,
  secret: StoredSecret,
  gracePeriodSeconds: number,
): Promise<Date> {
  // Two statements: within one, the rule that there is one current secret is checked before the first part is seen.
  const [previous]: { expiresAt: Date }[] = await tx.query(
    `WITH previous AS (
       UPDATE webhook_secret SET expires_at = now() + $2 * interval '1 second'
        WHERE endpoint_id = $1 AND expires_at IS NULL RETURNING expires_at
     )
     SELECT expires_at AS "expiresAt" FROM previous`,
    [endpointId, gracePeriodSeconds],
  );
  if (!previous) throw new Error('an endpoint has no current secret');
  await tx.query(`INSERT INTO webhook_secret (uid, endpoint_id, secret) VALUES ($1, $2, $3)`, [
    secret.uid,
    endpointId,
    secret.secret,
  ]);
  return previous.expiresAt;
}
