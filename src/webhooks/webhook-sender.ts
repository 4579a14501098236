import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { setMaxListeners } from 'node:events';
import { DataSource } from 'typeorm';
import { GRACE_SECONDS } from '../platform/stop-signals';
import { DeliverWebhook, SEND_TIMEOUT_MS } from './deliver-webhook';
import { claimDeliveries, type ClaimedDelivery } from './webhook-attempt.queries';

/** Requests under way in one process; each is a socket and little else. */
export const CONCURRENCY = 64;
export const CLAIM_LIMITS = {
  perEndpoint: 4,
  perFailingEndpoint: 1,
  // Signatures of a message: more secrets than this are not replaced within one grace period.
  secrets: 5,
  // An attempt is over long before, or its process is.
  leaseSeconds: (6 * SEND_TIMEOUT_MS) / 1000,
};
/** How soon a message leaves that nobody waited for: on average half of it. */
const POLL_MS = 500;
const POLL_MS_AFTER_ERROR = 5_000;

/**
 * Sends what is due, in worker processes, as long as the application lives. The table of deliveries is the queue: a claim is an
 * UPDATE that skips what others have locked, so any number of processes may do this at once, and what one of them had in hand
 * when it died is due again a minute later.
 */
@Injectable()
export class WebhookSender implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('WebhookSender');
  private readonly inHand = new Map<Promise<void>, string>();
  private readonly stopping = new AbortController();
  private loop: Promise<void> = Promise.resolve();
  private stopped = false;
  /** A delivery is done since the last claim, so its endpoint may take another. */
  private isWoken = false;
  private wake: () => void = () => undefined;

  constructor(
    private readonly db: DataSource,
    private readonly deliver: DeliverWebhook,
  ) {
    setMaxListeners(CONCURRENCY, this.stopping.signal);
  }

  onApplicationBootstrap(): void {
    this.loop = this.run();
  }

  onModuleDestroy(): Promise<void> {
    return this.stop(GRACE_SECONDS * 1000);
  }

  /** Takes no more deliveries, waits for those in hand, and gives back what has no answer after `graceMs`. May be called again. */
  async stop(graceMs: number): Promise<void> {
    this.stopped = true;
    this.wake();
    await this.loop;
    const timer = setTimeout(() => this.stopping.abort(), graceMs);
    await Promise.all(this.inHand.keys());
    clearTimeout(timer);
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      this.isWoken = false;
      const claimed = await this.claim();
      for (const delivery of claimed ?? []) this.start(delivery);
      // What was claimed may not be all; with the next claim it shows.
      if (!claimed?.length) await this.pause(claimed ? POLL_MS : POLL_MS_AFTER_ERROR);
    }
  }

  /** Null where the database is away. */
  private async claim(): Promise<ClaimedDelivery[] | null> {
    const free = CONCURRENCY - this.inHand.size;
    if (free === 0) return [];
    const underWay = new Map<string, number>();
    for (const endpointId of this.inHand.values()) underWay.set(endpointId, (underWay.get(endpointId) ?? 0) + 1);
    try {
      return await claimDeliveries(this.db, underWay, { ...CLAIM_LIMITS, deliveries: free });
    } catch (error) {
      if (!this.stopped) this.logger.warn(`Webhooks wait for the database: ${error instanceof Error ? error.message : error}`);
      return null;
    }
  }

  private start(delivery: ClaimedDelivery): void {
    const work: Promise<void> = this.deliver
      .execute(delivery, this.stopping.signal)
      .catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        this.logger.warn(`Webhook delivery ${delivery.uid} was not settled and will be sent again: ${reason}`);
      })
      .finally(() => {
        this.inHand.delete(work);
        this.isWoken = true;
        this.wake();
      });
    this.inHand.set(work, delivery.endpointId);
  }

  /** Ends early when a delivery is done, so that the next one of its endpoint need not wait. */
  private async pause(ms: number): Promise<void> {
    if (this.isWoken || this.stopped) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
  }
}
