import { Injectable } from '@nestjs/common';
import { Counter, Registry } from 'prom-client';
import type { WebhookErrorCode } from './webhook-events';

/** How attempts at webhook deliveries end. */
@Injectable()
export class WebhookMetrics {
  private readonly attempts: Counter<'outcome'>;

  constructor(registry: Registry) {
    this.attempts = new Counter({
      name: 'slipway_webhook_attempts_total',
      help: 'Attempts at webhook deliveries; outcome is "delivered" or the error code of the delivery log.',
      labelNames: ['outcome'],
      registers: [registry],
    });
  }

  countAttempt(outcome: 'delivered' | WebhookErrorCode): void {
    this.attempts.inc({ outcome });
  }
}
