import { Module } from '@nestjs/common';
import { BundlesModule } from '../../bundles/bundles.module';
import { JobsModule } from '../../jobs/jobs.module';
import { PagingModule } from '../../platform/paging/paging.module';
import { AdministrationModule } from '../../tenancy/administration.module';
import { WebAuthModule } from '../auth/web-auth.module';
import { ApiClientsController } from './api-clients.controller';
import { AuditController } from './audit.controller';
import { LoginIssuers } from './login-issuers';
import { OdsCheck } from './ods-check.service';
import { OdsConnectionsController } from './ods-connections.controller';
import { PartnerBundlesController } from './partner-bundles.controller';
import { PartnerBundles } from './partner-bundles.service';
import { PartnerUsersController } from './partner-users.controller';
import { PartnersController } from './partners.controller';
import { RegistryController } from './registry.controller';
import { TenantsController } from './tenants.controller';
import { UsersController } from './users.controller';

/** What administrators do on the page. */
@Module({
  imports: [WebAuthModule, AdministrationModule, BundlesModule, JobsModule, PagingModule],
  controllers: [
    PartnersController,
    PartnerBundlesController,
    TenantsController,
    UsersController,
    PartnerUsersController,
    OdsConnectionsController,
    ApiClientsController,
    RegistryController,
    AuditController,
  ],
  providers: [PartnerBundles, LoginIssuers, OdsCheck],
})
export class AdminModule {}
