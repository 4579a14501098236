import { Global, Module } from '@nestjs/common';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { MetricsSettings } from '../config/settings';
import { MetricsServer } from './metrics-server';

/**
 * Gives every module the process's one `Registry`, in which each makes its own metrics. A registry of our own and not
 * prom-client's global one, since local mode and tests have several applications in a process.
 */
@Global()
@Module({
  providers: [
    {
      provide: Registry,
      inject: [MetricsSettings],
      useFactory: (settings: MetricsSettings) => {
        const registry = new Registry();
        // They watch garbage collection and the event loop, which costs something even if nobody asks.
        if (settings.port !== null) collectDefaultMetrics({ register: registry });
        return registry;
      },
    },
    MetricsServer,
  ],
  exports: [Registry],
})
export class MetricsModule {}
