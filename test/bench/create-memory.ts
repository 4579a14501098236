import { waitFor } from '../support/wait';
import { sendAll } from './load';
import { startProcess, WEB_PROCESS, type Usage } from './processes';
import { createRequest, startWorld } from './world';

/** `npm run bench:memory`: what the web process takes after 10,000 creates. Fails where it is over the limit. */

const CREATES = 10_000;
const BATCH = 500;
const CONNECTIONS = 50;
const LIMIT_MB = 200;

const toMb = (bytes: number): number => Math.round(bytes / 1e6);

async function run(): Promise<void> {
  const world = await startWorld();
  // Nothing ends a job here, so there would be too many.
  const web = await startProcess(WEB_PROCESS, { ...world.environment, MAX_OPEN_JOBS_PER_CLIENT: '0' });
  try {
    await waitFor(() => sendAll([createRequest(web.url, world)], 201, 1), { deadlineMs: 20_000 });
    const usages: Usage[] = [await web.usage()];
    for (let created = 0; created < CREATES; created += BATCH) {
      const requests = Array.from({ length: BATCH }, () => createRequest(web.url, world));
      await sendAll(requests, 201, CONNECTIONS);
      usages.push(await web.usage());
    }
    const at = (share: number): string => `${toMb(usages[Math.round((usages.length - 1) * share)]!.rssBytes)} MB`;
    const after = usages.at(-1)!;
    console.log(`Node ${process.version}, resident memory of the web process (MB of 1,000,000 bytes):`);
    console.table({
      before: at(0),
      'after 2,500': at(0.25),
      'after 5,000': at(0.5),
      'after 7,500': at(0.75),
      'after 10,000': at(1),
      peak: `${toMb(after.peakRssBytes)} MB`,
    });
    const kept = toMb(after.rssBytes) < LIMIT_MB;
    console.log(`The limit after ${CREATES} creates is ${LIMIT_MB} MB: ${kept ? 'kept' : 'passed'}.`);
    if (!kept) process.exitCode = 1;
  } finally {
    await web.stop();
    await world.close();
  }
}

run().catch((error: unknown) => {
  console.error(error);
  // What else was started ends with this process.
  process.exit(1);
});
