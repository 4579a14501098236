import 'reflect-metadata';
import { loadConfig } from './platform/config/load-config';
import { runProgram } from './platform/run-program';
import { GRACE_SECONDS, onStopSignal } from './platform/stop-signals';
import { startWorkerProcess } from './worker-process';

/** A run that is not done within the grace period is given back, which has to be written down, too. */
const GIVING_BACK_SECONDS = 10;

/** The worker process: takes runs from the queue. */
runProgram(async () => {
  const app = await startWorkerProcess(loadConfig(process.env, 'worker'));
  onStopSignal(() => app.close(), GRACE_SECONDS + GIVING_BACK_SECONDS);
});
