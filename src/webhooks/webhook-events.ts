/** What a webhook can tell. A closed list: receivers dispatch by it. */

/** Events that an endpoint can ask for; each is named after the status that a job has reached. */
export const WEBHOOK_EVENT_TYPES = ['job.succeeded', 'job.failed', 'job.cancelled', 'job.expired'] as const;
export type WebhookEventType = (typeof WEBHOOK_EVENT_TYPES)[number];

/** Sent to an endpoint because its client asked for it, whatever events the endpoint is for. */
export const TEST_EVENT_TYPE = 'webhook.test';

/** What is sent: never a file's name and nothing from a file, since it leaves for a place that nobody here knows. */
export type WebhookPayload =
  | { readonly type: WebhookEventType; readonly timestamp: string; readonly data: EndedJob }
  | { readonly type: typeof TEST_EVENT_TYPE; readonly timestamp: string; readonly data: { readonly endpointUid: string } };

export interface EndedJob {
  readonly jobUid: string;
  readonly partner: string;
  readonly tenant: string;
  readonly bundle: string;
  readonly schoolYear: string;
  readonly status: 'succeeded' | 'failed' | 'cancelled' | 'expired';
  readonly finishedAt: string;
  /** Without the detail, which may quote what was uploaded. */
  readonly error: { readonly code: string; readonly title: string } | null;
  readonly outputSetUid: string | null;
}

export const WEBHOOK_DELIVERY_STATUSES = ['pending', 'delivered', 'failed'] as const;
export type WebhookDeliveryStatus = (typeof WEBHOOK_DELIVERY_STATUSES)[number];

/** Why an attempt did not deliver. */
export const WEBHOOK_ERROR_CODES = [
  'unexpected_status',
  'gone',
  'timeout',
  'address_refused',
  'dns_failed',
  'connection_failed',
  'tls_failed',
  'invalid_response',
  'secret_unreadable',
  'endpoint_disabled',
] as const;
export type WebhookErrorCode = (typeof WEBHOOK_ERROR_CODES)[number];

/** Why an endpoint gets nothing: its client wants it so, it answered 410, or nothing has got through to it for days. */
export const WEBHOOK_DISABLED_REASONS = ['requested', 'gone', 'failing'] as const;
export type WebhookDisabledReason = (typeof WEBHOOK_DISABLED_REASONS)[number];
