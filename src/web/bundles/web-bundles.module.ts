import { Module } from '@nestjs/common';
import { BundlesModule } from '../../bundles/bundles.module';
import { JobsModule } from '../../jobs/jobs.module';
import { WebAuthModule } from '../auth/web-auth.module';
import { TenantBundlesController } from './bundles.controller';

/** The bundles that a tenant may use. */
@Module({ imports: [WebAuthModule, BundlesModule, JobsModule], controllers: [TenantBundlesController] })
export class WebBundlesModule {}
