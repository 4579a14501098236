import type { DataSource } from 'typeorm';
import { TEST_EVENT_TYPE, type WebhookDisabledReason, type WebhookErrorCode, type WebhookPayload } from './webhook-events';
import type { StoredSecret } from './webhook-secret';

/**
 * The SQL of sending, for workers: no client is named, for every endpoint is theirs to serve. A delivery is claimed by pushing
 * its next attempt beyond the time that this one may take; whoever finds it due then takes it for lost. Every write after the
 * claim names the attempt, and changes nothing once there is another.
 */

export interface ClaimedDelivery {
  readonly id: string;
  readonly uid: string;
  /** Counts the attempt that the claim begins. */
  readonly attempt: number;
  readonly messageUid: string;
  readonly payload: WebhookPayload;
  readonly endpointId: string;
  readonly endpointUid: string;
  readonly url: string;
  readonly disabledReason: WebhookDisabledReason | 'deleted' | null;
  /** The current one first, then those that were replaced and have not expired. */
  readonly secrets: readonly StoredSecret[];
}

export interface ClaimLimits {
  readonly deliveries: number;
  /** How many of one endpoint may be under way in this process. */
  readonly perEndpoint: number;
  /** The same for one whose last delivery failed. */
  readonly perFailingEndpoint: number;
  readonly secrets: number;
  readonly leaseSeconds: number;
}

/**
 * Claims deliveries that are due. Each endpoint has its own queue, and those whose last delivery failed come last, so that a dead
 * or slow one holds up nobody else, however much has piled up for it. The heads of all queues are read in that order, and locked
 * one by one until there are enough: locking all of them would take longer than the rest, and keep them from other workers.
 *
 * @param underWay how many deliveries of an endpoint this process has in hand, by the endpoint's id.
 */
export async function claimDeliveries(
  db: DataSource,
  underWay: ReadonlyMap<string, number>,
  limits: ClaimLimits,
): Promise<ClaimedDelivery[]> {
  return db.query(
    `WITH candidate AS MATERIALIZED (
       SELECT d.id
         FROM webhook_endpoint e
         LEFT JOIN unnest($1::bigint[], $2::int[]) AS busy (endpoint_id, deliveries) ON busy.endpoint_id = e.id
        CROSS JOIN LATERAL (
                SELECT w.id, w.next_attempt_at FROM webhook_delivery w
                 WHERE w.endpoint_id = e.id AND w.status = 'pending' AND w.next_attempt_at <= now()
                 ORDER BY w.next_attempt_at
                 LIMIT greatest(0, CASE WHEN e.failing_since IS NULL THEN $4::int ELSE $5::int END - coalesce(busy.deliveries, 0))
              ) d
        WHERE e.paused_until IS NULL OR e.paused_until <= now()
        ORDER BY e.failing_since IS NOT NULL, d.next_attempt_at
     ), due AS (
       SELECT locked.id
         FROM candidate
        CROSS JOIN LATERAL (
                SELECT w.id FROM webhook_delivery w
                 WHERE w.id = candidate.id AND w.status = 'pending' AND w.next_attempt_at <= now()
                   FOR NO KEY UPDATE SKIP LOCKED
              ) locked
        LIMIT $3
     ), claimed AS (
       UPDATE webhook_delivery d
          SET attempts = attempts + 1, last_attempt_at = now(), next_attempt_at = now() + $7 * interval '1 second',
              response_status = NULL, duration_ms = NULL, error_code = NULL
         FROM due WHERE d.id = due.id
       RETURNING d.id, d.uid, d.attempts, d.message_uid, d.payload, d.endpoint_id
     )
     SELECT claimed.id, claimed.uid, claimed.attempts AS attempt, claimed.message_uid AS "messageUid", claimed.payload,
            e.id AS "endpointId", e.uid AS "endpointUid", e.url, e.disabled_reason AS "disabledReason",
            (SELECT coalesce(json_agg(json_build_object('uid', s.uid, 'secret', s.secret) ORDER BY s.id DESC), '[]')
               FROM (SELECT id, uid, secret FROM webhook_secret
                      WHERE endpoint_id = e.id AND (expires_at IS NULL OR expires_at > now()) ORDER BY id DESC LIMIT $6) s) AS secrets
       FROM claimed JOIN webhook_endpoint e ON e.id = claimed.endpoint_id`,
    [
      [...underWay.keys()],
      [...underWay.values()],
      limits.deliveries,
      limits.perEndpoint,
      limits.perFailingEndpoint,
      limits.secrets,
      limits.leaseSeconds,
    ],
  );
}

type Attempt = Pick<ClaimedDelivery, 'id' | 'attempt'>;

/** Ends a delivery well, and with it whatever was held against its endpoint. */
export async function markDelivered(db: DataSource, { id, attempt }: Attempt, status: number, durationMs: number): Promise<void> {
  await db.query(
    `WITH delivered AS (
       UPDATE webhook_delivery
          SET status = 'delivered', next_attempt_at = NULL, finished_at = clock_timestamp(), response_status = $3, duration_ms = $4,
              error_code = NULL
        WHERE id = $1 AND attempts = $2 AND status = 'pending'
       RETURNING endpoint_id
     )
     UPDATE webhook_endpoint e SET failing_since = NULL, paused_until = NULL
       FROM delivered WHERE e.id = delivered.endpoint_id AND (failing_since IS NOT NULL OR paused_until IS NOT NULL)`,
    [id, attempt, status, durationMs],
  );
}

export interface FailedAttempt {
  readonly errorCode: WebhookErrorCode;
  /** null: there was no answer. */
  readonly responseStatus: number | null;
  readonly durationMs: number;
  /** null: the delivery has failed. */
  readonly retryInSeconds: number | null;
  /** How long the receiver wants to be left alone; null: it did not say. */
  readonly pauseSeconds: number | null;
  /** Whether it tells something about the endpoint; a test does not. */
  readonly counts: boolean;
}

/**
 * Notes a failed attempt. An endpoint that is gone is disabled at once, another after `disableAfterDays` of nothing but failures.
 *
 * @returns why the endpoint was disabled just now; null: it was not.
 */
export async function markFailed(
  db: DataSource,
  { id, attempt }: Attempt,
  failure: FailedAttempt,
  disableAfterDays: number,
): Promise<WebhookDisabledReason | null> {
  const [disabled]: { reason: WebhookDisabledReason }[] = await db.query(
    `WITH failed AS (
       UPDATE webhook_delivery
          SET status = CASE WHEN $5::float8 IS NULL THEN 'failed' ELSE 'pending' END,
              next_attempt_at = clock_timestamp() + $5 * interval '1 second',
              finished_at = CASE WHEN $5 IS NULL THEN clock_timestamp() END,
              error_code = $3, response_status = $4, duration_ms = $6
        WHERE id = $1 AND attempts = $2 AND status = 'pending'
       RETURNING endpoint_id
     ), endpoint AS (
       SELECT e.id, e.failing_since, e.disabled_reason FROM webhook_endpoint e JOIN failed ON failed.endpoint_id = e.id
        WHERE $8::boolean FOR NO KEY UPDATE OF e
     ), judged AS (
       SELECT id, CASE WHEN disabled_reason IS NOT NULL THEN NULL
                       WHEN $3 = 'gone' THEN 'gone'
                       WHEN failing_since < now() - $9 * interval '1 day' THEN 'failing' END AS reason
         FROM endpoint
     ), noted AS (
       UPDATE webhook_endpoint e
          SET failing_since = coalesce(e.failing_since, now()), disabled_reason = coalesce(e.disabled_reason, judged.reason),
              paused_until = greatest(e.paused_until, now() + $7 * interval '1 second')
         FROM judged WHERE e.id = judged.id
     )
     SELECT reason FROM judged WHERE reason IS NOT NULL`,
    [
      id,
      attempt,
      failure.errorCode,
      failure.responseStatus,
      failure.retryInSeconds,
      failure.durationMs,
      failure.pauseSeconds,
      failure.counts,
      disableAfterDays,
    ],
  );
  return disabled?.reason ?? null;
}

/** Gives an attempt back that was stopped on our side: it is due at once, and not held against anybody. */
export async function releaseDelivery(db: DataSource, { id, attempt }: Attempt): Promise<void> {
  await db.query(
    `UPDATE webhook_delivery SET attempts = attempts - 1, next_attempt_at = now() WHERE id = $1 AND attempts = $2 AND status = 'pending'`,
    [id, attempt],
  );
}

/** Whether a delivery is a test, which is tried once. */
export const isTest = ({ payload }: Pick<ClaimedDelivery, 'payload'>): boolean => payload.type === TEST_EVENT_TYPE;
