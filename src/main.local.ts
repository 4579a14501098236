import 'reflect-metadata';
import { demoRegistryFrom, startLocalMode } from './local/local-mode';
import { runProgram } from './platform/run-program';
import { onStopSignal } from './platform/stop-signals';

/** Ctrl-C is to end everything at once; a run that is cut off is taken up again at the next start. */
const LOCAL_GRACE_SECONDS = 5;

/** `npm start`: everything on this machine, without any configuration. */
runProgram(async () => {
  // Logs would drown the one block of text that says what to do, and so would the AWS SDK's note about Node 20.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  const env = { LOG_LEVEL: 'warn', ...process.env };
  const local = await startLocalMode(env, demoRegistryFrom(__dirname));
  onStopSignal(() => local.stop(), LOCAL_GRACE_SECONDS);
  console.log(local.welcome);
});
