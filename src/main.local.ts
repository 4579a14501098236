import 'reflect-metadata';
import { readEnvironment } from './platform/config/load-config';
import { runProgram } from './platform/run-program';
import { onStopSignal } from './platform/stop-signals';
import { startTracing } from './platform/tracing/start-tracing';

/** Ctrl-C is to end everything at once; a run that is cut off is taken up again at the next start. */
const LOCAL_GRACE_SECONDS = 5;

/** `npm start`: everything on this machine, without any configuration. */
runProgram(async () => {
  // Logs would drown the one block of text that says what to do, and so would the AWS SDK's note about Node 20.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  const env = { LOG_LEVEL: 'warn', ...process.env };
  const enabled = readEnvironment(env).OTEL_EXPORTER_OTLP_ENDPOINT !== undefined;
  const tracing = await startTracing({ enabled }, 'slipway');
  // Loaded only now, so that what is traced is seen.
  const { demoRegistryFrom, startLocalMode } = await import('./local/local-mode');
  const local = await startLocalMode(env, demoRegistryFrom(__dirname));
  onStopSignal(async () => {
    await local.stop();
    await tracing.stop();
  }, LOCAL_GRACE_SECONDS);
  console.log(local.welcome);
});
