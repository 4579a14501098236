import { Logger, Module, type DynamicModule, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Logger as PinoLogger } from 'nestjs-pino';
import { ConfigModule } from './platform/config/config.module';
import type { Config } from './platform/config/settings';
import { EncryptionUpkeepModule } from './platform/encryption/encryption-upkeep.module';
import { LoggingModule } from './platform/logging/logging.module';
import { MetricsModule } from './platform/metrics/metrics.module';
import { RunnerModule } from './runner/runner.module';
import { ODS_CREDENTIALS } from './tenancy/ods-credentials';
import { WEBHOOK_SECRETS } from './webhooks/webhook-secret';
import { WebhookSenderModule } from './webhooks/webhook-sender.module';

/** The worker process: every module that it is made of. */
@Module({})
class WorkerModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        ConfigModule.forRoot(config),
        LoggingModule,
        MetricsModule,
        RunnerModule,
        WebhookSenderModule,
        EncryptionUpkeepModule.forColumns([WEBHOOK_SECRETS, ODS_CREDENTIALS]),
      ],
    };
  }
}

/** Starts the worker: connects to Postgres, which is all that it waits for, takes runs and sends webhooks. `close()` stops it in order. */
export async function startWorkerProcess(config: Config): Promise<INestApplicationContext> {
  const app = await NestFactory.createApplicationContext(WorkerModule.forRoot(config), { bufferLogs: true, abortOnError: false });
  app.useLogger(app.get(PinoLogger));
  const logger = new Logger('Configuration');
  for (const warning of config.warnings) logger.warn(warning);
  return app;
}
