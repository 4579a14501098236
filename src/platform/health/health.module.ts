import { Module, type DynamicModule, type FactoryProvider, type ModuleMetadata } from '@nestjs/common';
import { DatabaseModule } from '../database/database.module';
import { HealthController } from './health.controller';
import { HEALTH_PROBES, HealthService, type HealthProbe } from './health.service';

interface ProbeOptions
  extends Pick<ModuleMetadata, 'imports'>, Pick<FactoryProvider<readonly HealthProbe[]>, 'inject' | 'useFactory'> {}

/** `/health/live` and `/health/ready`, which reports what the application's own probes find. */
@Module({})
export class HealthModule {
  static withProbes({ imports = [], inject, useFactory }: ProbeOptions): DynamicModule {
    return {
      module: HealthModule,
      imports: [DatabaseModule, ...imports],
      controllers: [HealthController],
      providers: [HealthService, { provide: HEALTH_PROBES, inject, useFactory }],
    };
  }
}
