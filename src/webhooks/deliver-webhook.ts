import { Injectable, Logger } from '@nestjs/common';
import { Webhook } from 'standardwebhooks';
import { DataSource } from 'typeorm';
import { WebhookSettings } from '../platform/config/settings';
import { Encryption } from '../platform/encryption/encryption';
import { AddressPolicy } from '../platform/outbound/address-policy';
import { guardedAgents } from '../platform/outbound/guarded-agents';
import { parseRetryAfter, waitBeforeRetry } from './retry-schedule';
import { sendWebhook, type SendAbort, type SendResult } from './send-webhook';
import { isTest, markDelivered, markFailed, releaseDelivery, type ClaimedDelivery } from './webhook-attempt.queries';
import type { WebhookErrorCode } from './webhook-events';
import { WebhookMetrics } from './webhook-metrics';
import { readWebhookSecret } from './webhook-secret';

/** For the whole of an attempt: name, connection, TLS, request and the answer's headers. */
export const SEND_TIMEOUT_MS = 10_000;
/** An endpoint to which nothing has got through for so long is no longer there for anybody. */
const DISABLE_AFTER_DAYS = 5;

interface Failure {
  readonly errorCode: WebhookErrorCode;
  readonly responseStatus: number | null;
  readonly retryAfterSeconds: number | null;
}
const failure = (errorCode: WebhookErrorCode): Failure => ({ errorCode, responseStatus: null, retryAfterSeconds: null });

/** Makes one attempt at a delivery and writes down how it went. The URL, the secret and the payload are never logged. */
@Injectable()
export class DeliverWebhook {
  private readonly logger = new Logger('DeliverWebhook');
  private readonly agents: ReturnType<typeof guardedAgents>;

  constructor(
    private readonly db: DataSource,
    private readonly encryption: Encryption,
    private readonly metrics: WebhookMetrics,
    settings: WebhookSettings,
  ) {
    this.agents = guardedAgents(new AddressPolicy(settings.allowedCidrs));
  }

  /**
   * @param stop aborts when the process is to end; the attempt is given back then.
   * @throws where the database is away: the claim runs out, and the message is sent again.
   */
  async execute(delivery: ClaimedDelivery, stop: AbortSignal): Promise<void> {
    if (delivery.disabledReason !== null && !(isTest(delivery) && delivery.disabledReason !== 'deleted'))
      return this.fail(delivery, failure('endpoint_disabled'), 0);
    const body = JSON.stringify(delivery.payload);
    const headers = this.sign(delivery, body);
    if (!headers) return this.fail(delivery, failure('secret_unreadable'), 0);

    const startedAt = performance.now();
    const result = await this.send(delivery, { headers, body }, stop);
    const durationMs = Math.round(performance.now() - startedAt);
    if (result.kind === 'stopped') await releaseDelivery(this.db, delivery);
    else if (result.kind === 'unanswered') await this.fail(delivery, failure(result.errorCode), durationMs);
    else if (result.status >= 200 && result.status < 300) {
      this.metrics.countAttempt('delivered');
      await markDelivered(this.db, delivery, result.status, durationMs);
    } else
      await this.fail(
        delivery,
        {
          errorCode: result.status === 410 ? 'gone' : 'unexpected_status',
          responseStatus: result.status,
          retryAfterSeconds: parseRetryAfter(result.retryAfter, Date.now()),
        },
        durationMs,
      );
  }

  /** Standard Webhooks: a signature for each secret that is live, so that receivers can change over. Null: none can be read. */
  private sign({ uid, messageUid, secrets }: ClaimedDelivery, body: string): Record<string, string> | null {
    const now = new Date();
    try {
      const signatures = secrets.map((stored) =>
        new Webhook(readWebhookSecret(this.encryption, stored)).sign(messageUid, now, body),
      );
      return {
        'content-type': 'application/json',
        'user-agent': 'Slipway-Webhooks/1',
        'webhook-id': messageUid,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
        'webhook-signature': signatures.join(' '),
      };
    } catch (error) {
      this.logger.error(`Webhook delivery ${uid} cannot be signed: ${error instanceof Error ? error.message : error}`);
      return null;
    }
  }

  private async send(
    { url }: ClaimedDelivery,
    message: { headers: Record<string, string>; body: string },
    stop: AbortSignal,
  ): Promise<SendResult> {
    const controller = new AbortController();
    const abort = (reason: SendAbort): void => controller.abort(reason);
    const onStop = (): void => abort('stopped');
    if (stop.aborted) onStop();
    stop.addEventListener('abort', onStop);
    const timer = setTimeout(() => abort('timeout'), SEND_TIMEOUT_MS);
    try {
      return await sendWebhook(new URL(url), this.agents, message, controller.signal);
    } finally {
      clearTimeout(timer);
      stop.removeEventListener('abort', onStop);
    }
  }

  private async fail(
    delivery: ClaimedDelivery,
    { errorCode, responseStatus, retryAfterSeconds }: Failure,
    durationMs: number,
  ): Promise<void> {
    this.metrics.countAttempt(errorCode);
    const isFinal = errorCode === 'gone' || errorCode === 'endpoint_disabled' || isTest(delivery);
    const retryInSeconds = isFinal ? null : waitBeforeRetry(delivery.attempt, retryAfterSeconds, Math.random());
    const counts = errorCode !== 'endpoint_disabled' && errorCode !== 'secret_unreadable' && !isTest(delivery);
    const disabled = await markFailed(
      this.db,
      delivery,
      { errorCode, responseStatus, durationMs, retryInSeconds, pauseSeconds: retryAfterSeconds, counts },
      DISABLE_AFTER_DAYS,
    );
    if (disabled) this.logger.warn(`Webhook endpoint ${delivery.endpointUid} is disabled (${disabled})`);
    if (retryInSeconds === null && errorCode !== 'endpoint_disabled')
      this.logger.log(`Webhook delivery ${delivery.uid} has failed (${errorCode}) after attempt ${delivery.attempt}`);
  }
}
