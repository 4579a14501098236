import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { WebhookSettings } from '../platform/config/settings';
import { deleteOldDeliveries, deleteUnused } from './webhook-upkeep.queries';

/** Rows a statement, so that none takes long. */
const BATCH = 5_000;
/** What a statement leaves over is taken by the next, and what a call leaves over by the next call. */
const MAX_BATCHES = 100;

const INTERVAL_MS = 3_600_000;

/** What is to be done about webhooks from time to time: at the start of a worker and every hour. */
@Injectable()
export class WebhookUpkeep implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('WebhookUpkeep');
  private timer: NodeJS.Timeout | undefined;
  private inHand: Promise<void> = Promise.resolve();

  constructor(
    private readonly db: DataSource,
    private readonly settings: WebhookSettings,
  ) {}

  onApplicationBootstrap(): void {
    const begin = (): void => void (this.inHand = this.inHand.then(() => this.attempt()));
    this.timer = setInterval(begin, INTERVAL_MS);
    begin();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.inHand;
  }

  /** Ends the log, and takes out what nothing belongs to any more. Any number of processes may do this at once, as often as they like. */
  async run(): Promise<void> {
    for (let batch = 0; batch < MAX_BATCHES; batch++)
      if ((await deleteOldDeliveries(this.db, this.settings.logRetentionDays, BATCH)) < BATCH) break;
    await deleteUnused(this.db);
  }

  private async attempt(): Promise<void> {
    try {
      await this.run();
    } catch (error) {
      this.logger.warn(
        `The upkeep of webhooks failed and will be tried again: ${error instanceof Error ? error.message : error}`,
      );
    }
  }
}
