import { Module } from '@nestjs/common';
import { BundlesModule } from '../bundles/bundles.module';
import { JobsModule } from '../jobs/jobs.module';
import { PagingModule } from '../platform/paging/paging.module';
import { WebhooksModule } from '../webhooks/webhooks.module';
import { AuthModule } from './auth/auth.module';
import { IdempotencyModule } from './idempotency/idempotency.module';
import { ProtectedResourceController } from './metadata/protected-resource.controller';
import { BundlesController } from './v1/bundles.controller';
import { JobEventsController } from './v1/job-events.controller';
import { JobsController } from './v1/jobs.controller';
import { ListJobsController } from './v1/list-jobs.controller';
import { OutputSetsController } from './v1/output-sets.controller';
import { TokenController } from './v1/token.controller';
import { WebhookDeliveriesController } from './v1/webhook-deliveries.controller';
import { WebhookEndpointsController } from './v1/webhook-endpoints.controller';

/** The front for partners' systems: stable and versioned. */
@Module({
  imports: [AuthModule, BundlesModule, IdempotencyModule, JobsModule, WebhooksModule, PagingModule],
  controllers: [
    ProtectedResourceController,
    TokenController,
    JobsController,
    ListJobsController,
    JobEventsController,
    BundlesController,
    OutputSetsController,
    WebhookEndpointsController,
    WebhookDeliveriesController,
  ],
})
export class ExternalApiModule {}
