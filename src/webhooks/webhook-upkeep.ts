import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { WebhookSettings } from '../platform/config/settings';
import { Encryption, UndecryptableError } from '../platform/encryption/encryption';
import { reencryptWebhookSecret } from './webhook-secret';
import { deleteOldDeliveries, deleteUnused, findSecretsUnderOtherKeys, replaceStoredSecret } from './webhook-upkeep.queries';

/** Rows a statement, so that none takes long. */
const BATCH = 5_000;
/** What a statement leaves over is taken by the next, and what a call leaves over by the next call. */
const MAX_BATCHES = 100;

/** After a key was put in front, a restart is enough to have everything under it. */
const INTERVAL_MS = 3_600_000;

/** What is to be done about webhooks from time to time: at the start of a worker and every hour. */
@Injectable()
export class WebhookUpkeep implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('WebhookUpkeep');
  private timer: NodeJS.Timeout | undefined;
  private inHand: Promise<void> = Promise.resolve();

  constructor(
    private readonly db: DataSource,
    private readonly encryption: Encryption,
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

  /** Ends the log, and brings secrets under the current key. Any number of processes may do this at once, as often as they like. */
  async run(): Promise<void> {
    for (let batch = 0; batch < MAX_BATCHES; batch++)
      if ((await deleteOldDeliveries(this.db, this.settings.logRetentionDays, BATCH)) < BATCH) break;
    await deleteUnused(this.db);
    await this.reencrypt();
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

  private async reencrypt(): Promise<void> {
    const stored = await findSecretsUnderOtherKeys(this.db, this.encryption.currentPrefix, BATCH);
    let renewed = 0;
    let unreadable = 0;
    for (const secret of stored) {
      try {
        await replaceStoredSecret(this.db, secret, reencryptWebhookSecret(this.encryption, secret));
        renewed++;
      } catch (error) {
        if (!(error instanceof UndecryptableError)) throw error;
        unreadable++;
      }
    }
    if (renewed > 0) this.logger.log(`${renewed} webhook secrets were encrypted anew, under the first of ENCRYPTION_KEYS`);
    if (unreadable > 0) this.logger.warn(`${unreadable} webhook secrets cannot be decrypted with any of ENCRYPTION_KEYS`);
  }
}
