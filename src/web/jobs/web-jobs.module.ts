import { Module } from '@nestjs/common';
import { BundlesModule } from '../../bundles/bundles.module';
import { JobsModule } from '../../jobs/jobs.module';
import { PagingModule } from '../../platform/paging/paging.module';
import { WebAuthModule } from '../auth/web-auth.module';
import { TenantJobEventsController } from './job-events.controller';
import { TenantJobLinksController } from './job-links.controller';
import { JobNotesController } from './job-notes.controller';
import { TenantJobsController } from './jobs.controller';
import { ListTenantJobsController } from './list-jobs.controller';
import { TenantController } from './tenant.controller';
import { UploadsController } from './uploads.controller';

/** A tenant and its jobs. */
@Module({
  imports: [WebAuthModule, JobsModule, BundlesModule, PagingModule],
  controllers: [
    TenantController,
    ListTenantJobsController,
    TenantJobsController,
    TenantJobEventsController,
    TenantJobLinksController,
    JobNotesController,
    UploadsController,
  ],
})
export class WebJobsModule {}
