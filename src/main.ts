import './platform/small-heap';
import 'reflect-metadata';
import { loadConfig } from './platform/config/load-config';
import { runProgram } from './platform/run-program';
import { onStopSignal } from './platform/stop-signals';
import { startWebProcess } from './web-process';

/** The web process: both APIs and their documentation. */
runProgram(async () => {
  const app = await startWebProcess(loadConfig(process.env, 'web'));
  onStopSignal(() => app.close());
});
