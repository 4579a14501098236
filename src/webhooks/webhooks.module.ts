import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DatabaseModule } from '../platform/database/database.module';
import { EncryptionModule } from '../platform/encryption/encryption.module';
import { CreateWebhookEndpoint } from './create-webhook-endpoint';
import { WebhookDelivery } from './entities/webhook-delivery.entity';
import { WebhookEndpoint } from './entities/webhook-endpoint.entity';
import { WebhookSecret } from './entities/webhook-secret.entity';
import { WebhookEndpointsService } from './webhook-endpoints.service';

/** The part of the core where endpoints are managed. What is sent to them is in `WebhookSenderModule`. */
@Module({
  imports: [DatabaseModule, TypeOrmModule.forFeature([WebhookEndpoint, WebhookSecret, WebhookDelivery]), EncryptionModule],
  providers: [WebhookEndpointsService, CreateWebhookEndpoint],
  exports: [WebhookEndpointsService],
})
export class WebhooksModule {}
