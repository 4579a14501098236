import { Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { HourlyWork } from '../upkeep/hourly-work';
import { reencryptColumn, type EncryptedColumn } from './encrypted-column';
import type { Encryption } from './encryption';

/** Secrets of a column that one call takes; there are never many, and the rest is for the next call. */
const BATCH = 5_000;

/**
 * Brings stored secrets under the first of ENCRYPTION_KEYS: at the start of a worker, so that a restart after a new key is enough, and
 * every hour.
 */
export class EncryptionUpkeep implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('EncryptionUpkeep');
  private readonly hourly = new HourlyWork('The renewal of stored secrets', () => this.run(), this.logger);

  constructor(
    private readonly db: DataSource,
    private readonly encryption: Encryption,
    private readonly columns: readonly EncryptedColumn[],
  ) {}

  onApplicationBootstrap(): void {
    this.hourly.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.hourly.stop();
  }

  async run(): Promise<void> {
    for (const column of this.columns) {
      const { renewed, unreadable } = await reencryptColumn(this.db, this.encryption, column, BATCH);
      if (renewed > 0) this.logger.log(`${renewed} ${column.what} were encrypted anew, under the first of ENCRYPTION_KEYS`);
      if (unreadable > 0) this.logger.warn(`${unreadable} ${column.what} cannot be decrypted with any of ENCRYPTION_KEYS`);
    }
  }
}
