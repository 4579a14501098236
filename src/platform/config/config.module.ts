import { Global, Module, type DynamicModule } from '@nestjs/common';
import {
  BundleSettings,
  DatabaseSettings,
  EncryptionSettings,
  ExternalApiSettings,
  HttpSettings,
  JobSettings,
  LoggingSettings,
  MetricsSettings,
  ObjectStoreSettings,
  OdsSettings,
  PagingSettings,
  RetentionSettings,
  RateLimitSettings,
  WebhookSettings,
  WebSettings,
  WorkerSettings,
  type Config,
} from './settings';

/** Gives every module its own typed slice of the configuration, which was read and checked before Nest started. */
@Global()
@Module({})
export class ConfigModule {
  static forRoot(config: Config): DynamicModule {
    const providers = [
      { provide: HttpSettings, useValue: config.http },
      { provide: MetricsSettings, useValue: config.metrics },
      { provide: DatabaseSettings, useValue: config.database },
      { provide: ObjectStoreSettings, useValue: config.objectStore },
      { provide: ExternalApiSettings, useValue: config.externalApi },
      { provide: WebSettings, useValue: config.web },
      { provide: RateLimitSettings, useValue: config.rateLimit },
      { provide: PagingSettings, useValue: config.paging },
      { provide: EncryptionSettings, useValue: config.encryption },
      { provide: BundleSettings, useValue: config.bundles },
      { provide: JobSettings, useValue: config.jobs },
      { provide: RetentionSettings, useValue: config.retention },
      { provide: WebhookSettings, useValue: config.webhooks },
      { provide: OdsSettings, useValue: config.ods },
      { provide: WorkerSettings, useValue: config.worker },
      { provide: LoggingSettings, useValue: config.logging },
    ];
    return { module: ConfigModule, providers, exports: providers.map((provider) => provider.provide) };
  }
}
