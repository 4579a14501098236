import { Module } from '@nestjs/common';
import { AdminModule } from './admin/admin.module';
import { WebAuthModule } from './auth/web-auth.module';
import { WebBundlesModule } from './bundles/web-bundles.module';
import { WebJobsModule } from './jobs/web-jobs.module';

/** The front for people: what the web page asks for. It may change with the page. */
@Module({ imports: [WebAuthModule, AdminModule, WebJobsModule, WebBundlesModule] })
export class WebModule {}
