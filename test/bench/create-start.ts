import type { Agent } from 'node:http';
import { join } from 'node:path';
import { waitFor } from '../support/wait';
import { openConnections, sendAll, type HttpRequest, type Load } from './load';
import { startProcess, WEB_PROCESS, type BenchProcess } from './processes';
import { createRequest, post, startWorld, type World } from './world';

/**
 * `npm run bench`: how fast jobs are created and started through the whole web process, beside the least that could do it
 * (floor.ts), in one run. The two take turns, so that whatever else the machine does hits both; what counts is the ratio.
 * In between, outside of the measured time, each job's file is uploaded by its presigned URL.
 */

const CONNECTIONS = 50;
const JOBS_PER_ROUND = 500;
const ROUNDS = 6;
/** Of the floor's throughput. */
const TARGET_RATIO = 0.6;
/** Of p99 to p50. */
const MAX_SPREAD = 4;

const PHASES = ['create', 'start'] as const;
type Phase = (typeof PHASES)[number];

/** One program's figures of one phase over all rounds. */
interface Total {
  requests: number;
  seconds: number;
  cpuMs: number;
  latenciesMs: number[];
}
const nothing = (): Total => ({ requests: 0, seconds: 0, cpuMs: 0, latenciesMs: [] });

interface Contender {
  readonly name: string;
  readonly process: BenchProcess;
  /** Open from the warm-up on, as a client's are: Node takes on one new connection in a turn of its loop, so its first request waits. */
  readonly connections: Agent;
  readonly totals: Record<Phase, Total>;
}

async function run(): Promise<void> {
  const world = await startWorld();
  const contenders: Contender[] = [];
  try {
    for (const [name, program] of [
      ['floor', join(__dirname, 'floor.ts')],
      ['slipway', WEB_PROCESS],
    ] as const) {
      contenders.push({
        name,
        process: await startProcess(program, world.environment),
        connections: openConnections(CONNECTIONS),
        totals: { create: nothing(), start: nothing() },
      });
    }
    for (const contender of contenders) await warmUp(contender, world);
    for (let round = 0; round < ROUNDS; round++) {
      const order = round % 2 === 0 ? contenders : [...contenders].reverse();
      for (const contender of order) await measureRound(contender, world, JOBS_PER_ROUND);
    }
    report(contenders);
  } finally {
    for (const { connections } of contenders) connections.destroy();
    await Promise.all(contenders.map(({ process }) => process.stop()));
    await world.close();
  }
}

/** Until the registry is read, the issuer's keys are fetched and the code is compiled. */
async function warmUp(contender: Contender, world: World): Promise<void> {
  await waitFor(() => sendAll([createRequest(contender.process.url, world)], 201, 1), { deadlineMs: 20_000 });
  await measureRound(contender, world, JOBS_PER_ROUND);
  contender.totals.create = nothing();
  contender.totals.start = nothing();
}

async function measureRound(contender: Contender, world: World, jobs: number): Promise<void> {
  const creates = Array.from({ length: jobs }, () => createRequest(contender.process.url, world));
  const created = await measure(contender, 'create', creates, 201);
  const answers = created.bodies.map((body) => JSON.parse(body) as { uid: string; uploadUrls: { INPUT_FILE: string } });
  const uploads = answers.map(({ uploadUrls }) => ({ method: 'PUT', url: uploadUrls.INPUT_FILE, body: 'a,b\n1,2\n' }));
  await sendAll(uploads, 200, CONNECTIONS);
  const starts = answers.map(({ uid }) => post(`${contender.process.url}/v1/jobs/${uid}/start`, world));
  await measure(contender, 'start', starts, 202);
}

async function measure(
  { process, connections, totals }: Contender,
  phase: Phase,
  requests: HttpRequest[],
  status: number,
): Promise<Load> {
  const before = await process.usage();
  const load = await sendAll(requests, status, connections);
  const after = await process.usage();
  const total = totals[phase];
  total.requests += requests.length;
  total.seconds += load.seconds;
  total.cpuMs += after.cpuMs - before.cpuMs;
  total.latenciesMs.push(...load.latenciesMs);
  return load;
}

function report(contenders: readonly Contender[]): void {
  const [floor, slipway] = contenders.map(({ totals: { create, start } }) => ({
    create: figures(create),
    start: figures(start),
    // A job needs one of each.
    'create+start': {
      perSecond: create.requests / (create.seconds + start.seconds),
      cpuMs: figures(create).cpuMs + figures(start).cpuMs,
    },
  }));
  if (!floor || !slipway) throw new Error('there are two contenders');
  console.log(`Node ${process.version}, ${CONNECTIONS} connections, ${ROUNDS} rounds of ${JOBS_PER_ROUND} jobs each\n`);
  console.table(
    Object.fromEntries(
      PHASES.flatMap((phase) => [
        [`${phase}, floor`, rounded(floor[phase])],
        [`${phase}, slipway`, rounded(slipway[phase])],
      ]),
    ),
  );
  for (const phase of [...PHASES, 'create+start'] as const) {
    const [a, b] = [slipway[phase], floor[phase]];
    const throughput = (a.perSecond / b.perSecond).toFixed(2);
    console.log(`ratio ${phase}: ${throughput} of the floor's throughput, ${(a.cpuMs / b.cpuMs).toFixed(2)} times its CPU time`);
  }
  const ratio = slipway['create+start'].perSecond / floor['create+start'].perSecond;
  console.log(`\nThe aim is ${TARGET_RATIO} of the floor's throughput or more: ${ratio >= TARGET_RATIO ? 'reached' : 'missed'}.`);
  const spreads = PHASES.map((phase) => slipway[phase].p99Ms / slipway[phase].p50Ms);
  const isEven = spreads.every((spread) => spread < MAX_SPREAD);
  console.log(`The aim is a p99 of less than ${MAX_SPREAD} times the p50: ${isEven ? 'reached' : 'missed'}.`);
}

function figures({ requests, seconds, cpuMs, latenciesMs }: Total) {
  const sorted = [...latenciesMs].sort((a, b) => a - b);
  const percentile = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
  return { perSecond: requests / seconds, p50Ms: percentile(0.5), p99Ms: percentile(0.99), cpuMs: cpuMs / requests };
}

const rounded = ({ perSecond, p50Ms, p99Ms, cpuMs }: ReturnType<typeof figures>) => ({
  'requests/s': Math.round(perSecond),
  'p50 ms': Math.round(p50Ms),
  'p99 ms': Math.round(p99Ms),
  'p99/p50': Number((p99Ms / p50Ms).toFixed(1)),
  'CPU ms/request': Number(cpuMs.toFixed(2)),
});

run().catch((error: unknown) => {
  console.error(error);
  // What else was started ends with this process.
  process.exit(1);
});
