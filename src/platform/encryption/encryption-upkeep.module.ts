import { Module, type DynamicModule } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DatabaseModule } from '../database/database.module';
import type { EncryptedColumn } from './encrypted-column';
import { Encryption } from './encryption';
import { EncryptionUpkeep } from './encryption-upkeep';
import { EncryptionModule } from './encryption.module';

/** Makes the process that loads it see to it that the secrets of these columns are under the current key. */
@Module({})
export class EncryptionUpkeepModule {
  static forColumns(columns: readonly EncryptedColumn[]): DynamicModule {
    return {
      module: EncryptionUpkeepModule,
      imports: [DatabaseModule, EncryptionModule],
      providers: [
        {
          provide: EncryptionUpkeep,
          inject: [DataSource, Encryption],
          useFactory: (db: DataSource, encryption: Encryption) => new EncryptionUpkeep(db, encryption, columns),
        },
      ],
    };
  }
}
