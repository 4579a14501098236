import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DatabaseSettings } from '../config/settings';
import { dataSourceOptions } from './data-source';

/** How often and for how long the boot waits for Postgres, which is all that it waits for. */
const RETRY = { retryAttempts: 10, retryDelay: 2_000 };

/** Gives every module the one `DataSource`; entities come with the modules that own them (`TypeOrmModule.forFeature`). */
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [DatabaseSettings],
      useFactory: (settings: DatabaseSettings) => ({
        ...dataSourceOptions(settings.url, settings.poolSize),
        ...RETRY,
        autoLoadEntities: true,
        migrations: [],
      }),
    }),
  ],
  exports: [TypeOrmModule],
})
export class DatabaseModule {}
