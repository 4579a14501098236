import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { WebhookSettings } from '../platform/config/settings';
import { HourlyWork } from '../platform/upkeep/hourly-work';
import { deleteOldDeliveries, deleteUnused } from './webhook-upkeep.queries';

/** Rows a statement, so that none takes long. */
const BATCH = 5_000;
/** What a statement leaves over is taken by the next, and what a call leaves over by the next call. */
const MAX_BATCHES = 100;

/** What is to be done about webhooks from time to time: at the start of a worker and every hour. */
@Injectable()
export class WebhookUpkeep implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('WebhookUpkeep');
  private readonly hourly = new HourlyWork('The upkeep of webhooks', () => this.run(), this.logger);

  constructor(
    private readonly db: DataSource,
    private readonly settings: WebhookSettings,
  ) {}

  onApplicationBootstrap(): void {
    this.hourly.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.hourly.stop();
  }

  /** Ends the log, and takes out what nothing belongs to any more. Any number of processes may do this at once, as often as they like. */
  async run(): Promise<void> {
    for (let batch = 0; batch < MAX_BATCHES; batch++)
      if ((await deleteOldDeliveries(this.db, this.settings.logRetentionDays, BATCH)) < BATCH) break;
    await deleteUnused(this.db);
  }
}
