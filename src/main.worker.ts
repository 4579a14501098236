import 'reflect-metadata';
import { loadConfig } from './platform/config/load-config';
import { runProgram } from './platform/run-program';
import { GRACE_SECONDS, onStopSignal } from './platform/stop-signals';
import { startTracing } from './platform/tracing/start-tracing';

/** A run that is not done within the grace period is given back, which has to be written down, too. */
const GIVING_BACK_SECONDS = 10;

/** The worker process: takes runs from the queue. */
runProgram(async () => {
  const config = loadConfig(process.env, 'worker');
  const tracing = await startTracing(config.tracing, 'slipway-worker');
  // Loaded only now, so that what is traced is seen.
  const { startWorkerProcess } = await import('./worker-process');
  const app = await startWorkerProcess(config);
  onStopSignal(async () => {
    await app.close();
    await tracing.stop();
  }, GRACE_SECONDS + GIVING_BACK_SECONDS);
});
