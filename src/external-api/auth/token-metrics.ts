import { Injectable } from '@nestjs/common';
import { Counter, Registry } from 'prom-client';

/** Counts what is wrong with tokens, and how the issuer answers when its keys are asked for. */
@Injectable()
export class TokenMetrics {
  private readonly failures: Counter<'code'>;
  private readonly fetches: Counter<'outcome'>;

  constructor(registry: Registry) {
    this.failures = new Counter({
      name: 'slipway_token_failures_total',
      help: 'Requests that were refused for their token, by the problem’s code.',
      labelNames: ['code'],
      registers: [registry],
    });
    this.fetches = new Counter({
      name: 'slipway_token_issuer_fetches_total',
      help: 'How often the token issuer was asked for its keys; outcome is "answered" or "failed".',
      labelNames: ['outcome'],
      registers: [registry],
    });
  }

  countFailure(code: string): void {
    this.failures.inc({ code });
  }

  /** Runs one fetch of the issuer's keys and counts how it ends. */
  async countFetch<T>(fetchKeys: () => Promise<T>): Promise<T> {
    try {
      const keys = await fetchKeys();
      this.fetches.inc({ outcome: 'answered' });
      return keys;
    } catch (error) {
      this.fetches.inc({ outcome: 'failed' });
      throw error;
    }
  }
}
