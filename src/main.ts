import './platform/small-heap';
import 'reflect-metadata';
import { loadConfig } from './platform/config/load-config';
import { runProgram } from './platform/run-program';
import { onStopSignal } from './platform/stop-signals';
import { startTracing } from './platform/tracing/start-tracing';

/** The web process: both APIs and their documentation. */
runProgram(async () => {
  const config = loadConfig(process.env, 'web');
  const tracing = await startTracing(config.tracing, 'slipway-web');
  // Loaded only now, so that what is traced is seen.
  const { startWebProcess } = await import('./web-process');
  const app = await startWebProcess(config);
  onStopSignal(async () => {
    await app.close();
    await tracing.stop();
  });
});
