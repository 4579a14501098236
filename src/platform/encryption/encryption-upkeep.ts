import { Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { reencryptColumn, type EncryptedColumn } from './encrypted-column';
import type { Encryption } from './encryption';

/** Secrets of a column that one call takes; there are never many, and the rest is for the next call. */
const BATCH = 5_000;
/** After a key was put in front, a restart is enough to have everything under it. */
const INTERVAL_MS = 3_600_000;

/** Brings stored secrets under the first of ENCRYPTION_KEYS: at the start of a worker and every hour. */
export class EncryptionUpkeep implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('EncryptionUpkeep');
  private timer: NodeJS.Timeout | undefined;
  private inHand: Promise<void> = Promise.resolve();

  constructor(
    private readonly db: DataSource,
    private readonly encryption: Encryption,
    private readonly columns: readonly EncryptedColumn[],
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

  async run(): Promise<void> {
    for (const column of this.columns) {
      const { renewed, unreadable } = await reencryptColumn(this.db, this.encryption, column, BATCH);
      if (renewed > 0) this.logger.log(`${renewed} ${column.what} were encrypted anew, under the first of ENCRYPTION_KEYS`);
      if (unreadable > 0) this.logger.warn(`${unreadable} ${column.what} cannot be decrypted with any of ENCRYPTION_KEYS`);
    }
  }

  private async attempt(): Promise<void> {
    try {
      await this.run();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.logger.warn(`Stored secrets were not all encrypted anew, which will be tried again: ${reason}`);
    }
  }
}
