/** How long what runs may take to finish after SIGTERM. Kubernetes kills after 30 s unless told otherwise: see the README. */
export const GRACE_SECONDS = 60;

/**
 * Stops the process on SIGTERM or SIGINT with status 0: `stop` finishes what runs. After the grace period, or at a second
 * signal, the process ends at once with status 1; what was running is then taken over or expires as after a crash.
 */
export function onStopSignal(stop: () => Promise<void>, graceSeconds = GRACE_SECONDS): void {
  let stopping = false;
  const handle = (): void => {
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => process.exit(1), graceSeconds * 1000).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error('Stopping failed:', error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', handle);
  process.on('SIGINT', handle);
}
