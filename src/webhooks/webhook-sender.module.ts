import { Module } from '@nestjs/common';
import { DatabaseModule } from '../platform/database/database.module';
import { EncryptionModule } from '../platform/encryption/encryption.module';
import { DeliverWebhook } from './deliver-webhook';
import { WebhookMetrics } from './webhook-metrics';
import { WebhookSender } from './webhook-sender';
import { WebhookUpkeep } from './webhook-upkeep';

/** Makes the process that loads it send webhooks and see to their upkeep. */
@Module({
  imports: [DatabaseModule, EncryptionModule],
  providers: [WebhookSender, DeliverWebhook, WebhookMetrics, WebhookUpkeep],
  exports: [WebhookSender],
})
export class WebhookSenderModule {}
