import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { BundleRegistryService } from './bundles/bundle-registry.service';
import { BundlesModule } from './bundles/bundles.module';
import { AuthModule } from './external-api/auth/auth.module';
import { IssuerKeys } from './external-api/auth/issuer-keys';
import { ExternalApiModule } from './external-api/external-api.module';
import { FileService } from './files/file.service';
import { FilesModule } from './files/files.module';
import { ConfigModule } from './platform/config/config.module';
import type { Config } from './platform/config/settings';
import { HealthModule } from './platform/health/health.module';
import { ClosedByDefaultGuard } from './platform/http/route-policy';
import { HttpMetrics } from './platform/http/http-metrics';
import { LoggingModule } from './platform/logging/logging.module';
import { MetricsModule } from './platform/metrics/metrics.module';
import { TenancyModule } from './tenancy/tenancy.module';
import { WebModule } from './web/web.module';

const health = HealthModule.withProbes({
  imports: [FilesModule, AuthModule, BundlesModule],
  inject: [FileService, IssuerKeys, BundleRegistryService],
  useFactory: (files: FileService, keys: IssuerKeys, bundles: BundleRegistryService) => [
    { name: 'storage', check: async () => ((await files.isReachable()) ? 'up' : 'down') },
    { name: 'tokenIssuer', check: async () => keys.state },
    {
      name: 'bundleRegistry',
      check: async () => {
        const { status, version, lastSuccessAt } = bundles.state();
        return { status, version, lastSuccessAt };
      },
    },
  ],
});

/** The web process: every module that it is made of. */
@Module({})
export class AppModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [ConfigModule.forRoot(config), LoggingModule, MetricsModule, TenancyModule, ExternalApiModule, WebModule, health],
      providers: [HttpMetrics, { provide: APP_GUARD, useClass: ClosedByDefaultGuard }],
    };
  }
}
