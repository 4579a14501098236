import type { DataSource, EntityManager } from 'typeorm';
import type { WebhookDeliveryStatus, WebhookErrorCode, WebhookEventType, WebhookPayload } from './webhook-events';
import { TEST_EVENT_TYPE, WEBHOOK_EVENT_TYPES } from './webhook-events';

/** The SQL of deliveries as partners' clients and the ends of jobs see them; the endpoint was found for its client before. */

type Queryable = Pick<DataSource | EntityManager, 'query'>;

/**
 * A UUID v7 (RFC 9562 §5.7) made in Postgres 14 to 18: the time in milliseconds over the first 48 bits of a random UUID v4, whose
 * version bits become 7. For rows that a statement makes by itself.
 */
const UUID_V7 = `encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) PLACING
  substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid`;
/** RFC 3339, as JavaScript writes it. */
const rfc3339 = (time: string): string => `to_char(${time} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/**
 * Adds a delivery for each of the jobs and each endpoint that wants to hear of the state which the job is in now. One statement,
 * whose parts end in rows of `job` and of the partner's enabled endpoints: nothing is written where nobody has registered.
 */
export async function insertDeliveriesOfJobs(tx: EntityManager, jobIds: readonly string[]): Promise<void> {
  await tx.query(
    `INSERT INTO webhook_delivery (uid, message_uid, endpoint_id, event_type, job_uid, payload)
     SELECT made.uid, made.uid, endpoint_id, event_type, job_uid, payload FROM (
       SELECT ${UUID_V7} AS uid, e.id AS endpoint_id, 'job.' || job.status AS event_type, job.uid AS job_uid,
              json_build_object('type', 'job.' || job.status, 'timestamp', ${rfc3339('job.finished_at')}, 'data', json_build_object(
                'jobUid', job.uid, 'partner', partner.code, 'tenant', tenant.code, 'bundle', job.bundle_path,
                'schoolYear', to_char(job.school_year, 'FM0000'), 'status', job.status, 'finishedAt', ${rfc3339('job.finished_at')},
                'error', CASE WHEN job.error IS NOT NULL
                              THEN json_build_object('code', job.error -> 'code', 'title', job.error -> 'title') END,
                'outputSetUid', CASE WHEN job.status = 'succeeded'
                                     THEN (SELECT s.uid FROM output_set s WHERE s.job_id = job.id ORDER BY s.id DESC LIMIT 1) END
              )) AS payload
         FROM job
         JOIN webhook_endpoint e ON e.partner_id = job.partner_id AND e.disabled_reason IS NULL
                                AND 'job.' || job.status = ANY (e.event_types)
         JOIN partner ON partner.id = job.partner_id
         JOIN tenant ON tenant.id = job.tenant_id
        WHERE job.id = ANY ($1) AND 'job.' || job.status = ANY ($2)
     ) AS made`,
    [jobIds, WEBHOOK_EVENT_TYPES],
  );
}

/** Adds a delivery that only says it is a test. */
export async function insertTestDelivery(db: Queryable, endpointId: string, endpointUid: string, uid: string): Promise<void> {
  await db.query(
    `INSERT INTO webhook_delivery (uid, message_uid, endpoint_id, event_type, payload)
     VALUES ($1, $1, $2, $3, json_build_object('type', $3::text, 'timestamp', ${rfc3339('now()')},
             'data', json_build_object('endpointUid', $4::text)))`,
    [uid, endpointId, TEST_EVENT_TYPE, endpointUid],
  );
}

/** Adds a delivery of the same message. False where the endpoint has no such delivery. */
export async function insertRedelivery(db: Queryable, endpointId: string, deliveryUid: string, uid: string): Promise<boolean> {
  const rows: unknown[] = await db.query(
    `WITH repeated AS (
       INSERT INTO webhook_delivery (uid, message_uid, endpoint_id, event_type, job_uid, payload)
       SELECT $1, message_uid, endpoint_id, event_type, job_uid, payload FROM webhook_delivery WHERE uid = $2 AND endpoint_id = $3
       RETURNING id
     )
     SELECT FROM repeated`,
    [uid, deliveryUid, endpointId],
  );
  return rows.length > 0;
}

export interface WebhookDeliveryView {
  readonly uid: string;
  readonly messageUid: string;
  readonly eventType: WebhookEventType | typeof TEST_EVENT_TYPE;
  readonly jobUid: string | null;
  readonly payload: WebhookPayload;
  readonly status: WebhookDeliveryStatus;
  readonly attempts: number;
  readonly nextAttemptAt: Date | null;
  readonly lastAttemptAt: Date | null;
  /** Of the last attempt, like the two that follow. */
  readonly responseStatus: number | null;
  readonly durationMs: number | null;
  readonly errorCode: WebhookErrorCode | null;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
}

/** Newest first, before an id (null: from the newest on). */
export async function findDeliveries(
  db: Queryable,
  endpointId: string,
  status: WebhookDeliveryStatus | null,
  beforeId: string | null,
  limit: number,
): Promise<(WebhookDeliveryView & { id: string })[]> {
  return db.query(
    `SELECT id, uid, message_uid AS "messageUid", event_type AS "eventType", job_uid AS "jobUid", payload, status, attempts,
            next_attempt_at AS "nextAttemptAt", last_attempt_at AS "lastAttemptAt", response_status AS "responseStatus",
            duration_ms AS "durationMs", error_code AS "errorCode", created_at AS "createdAt", finished_at AS "finishedAt"
       FROM webhook_delivery
      WHERE endpoint_id = $1 ${status === null ? '' : 'AND status = $4'} AND id < coalesce($2::bigint, 9223372036854775807)
      ORDER BY id DESC LIMIT $3`,
    [endpointId, beforeId, limit, ...(status === null ? [] : [status])],
  );
}
