import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { check, type Outcome } from './checks';
import { disturb, estimateDuration } from './faults';
import { Partner, type Delivery } from './partner';
import { Random } from './random';
import { startWorld, TENANTS } from './world';

/**
 * `npm run chaos`: a partner's program delivers files while web and worker processes are killed, Postgres is restarted, and S3, the
 * token issuer and the bundle registry go away; docs/chaos.md says what has to hold then.
 *
 * The seed decides the files, when they are delivered, and the order, distances and victims of the faults. What they hit is a matter
 * of timing, so that the same seed makes the same weather but not the same run.
 */
const USAGE = 'npm run chaos -- [--jobs 200] [--outage-seconds 30] [--seed TEXT]';

const INPUTS = 8;
const ROWS = [1, 40_000] as const;
/** After the faults: an idempotency key whose request died is held for 60 s, and a run may take as long again. */
const GIVE_UP_MS = 180_000;

async function run(): Promise<boolean> {
  const { jobs, outageMs, seed } = readOptions();
  console.log(`Seed ${seed}: ${jobs} jobs, outages of ${outageMs / 1000} s`);
  const world = await startWorld();
  let held = false;
  try {
    const begun = Date.now();
    const log = (what: string) => console.log(`${((Date.now() - begun) / 1000).toFixed(1).padStart(6)} s  ${what}`);
    const random = new Random(`${seed} jobs`);
    const inputs = Array.from({ length: INPUTS }, () => makeInput(random));
    const partner = new Partner(world);
    const expected = await deliverUndisturbed(partner, inputs);
    log(`${INPUTS} jobs are done without faults`);

    const lastStartMs = estimateDuration(outageMs);
    const submissions = Array.from({ length: jobs }, (_, index) => ({
      name: `job-${index + 1}`,
      tenant: random.pick(TENANTS),
      input: random.between(0, INPUTS - 1),
      afterMs: random.between(0, lastStartMs),
    }));
    const patience = new AbortController();
    // Each delivery listens, and there are many.
    setMaxListeners(0, patience.signal);
    const deliveries = submissions.map(async ({ name, tenant, input, afterMs }) => {
      const file = inputs[input] ?? Buffer.of();
      const delivery = await delay(afterMs)
        .then(() => partner.deliver({ name, tenant, input: file }, patience.signal))
        .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
      return [name, delivery] as const;
    });
    const kills = await disturb(world, { seed, outageMs, log });
    const faultsEndedAt = Date.now();
    const giveUp = setTimeout(() => patience.abort(new Error('it was not done in time')), GIVE_UP_MS);
    const delivered = new Map<string, Delivery | Error>(await Promise.all(deliveries));
    clearTimeout(giveUp);
    log('the partner is done');

    held = await report(world, partner, { submissions, deliveries: delivered, expected, faultsEndedAt }, kills);
    return held;
  } finally {
    await world.close(!held);
    if (!held) console.log(`What the processes logged is in ${world.logDirectory}`);
  }
}

function readOptions(): { jobs: number; outageMs: number; seed: string } {
  const { values } = parseArgs({
    options: { jobs: { type: 'string' }, 'outage-seconds': { type: 'string' }, seed: { type: 'string' } },
  });
  const [jobs, outageSeconds] = [Number(values.jobs ?? 200), Number(values['outage-seconds'] ?? 30)];
  if (!Number.isInteger(jobs) || jobs < 1 || !(outageSeconds >= 0)) throw new Error(USAGE);
  return { jobs, outageMs: outageSeconds * 1000, seed: values.seed ?? randomBytes(4).toString('hex') };
}

function makeInput(random: Random): Buffer {
  const rows = Array.from({ length: random.between(...ROWS) }, (_, index) =>
    [`S${random.between(1, 50_000)}`, random.pick(['Fall', 'Winter', 'Spring']), random.between(100, 300), index].join(),
  );
  return Buffer.from(`student_id,term,score,line\n${rows.join('\n')}\n`);
}

async function deliverUndisturbed(partner: Partner, inputs: readonly Buffer[]): Promise<Delivery[]> {
  const patience = AbortSignal.timeout(120_000);
  setMaxListeners(0, patience);
  return Promise.all(
    inputs.map((input, index) => partner.deliver({ name: `undisturbed-${index}`, tenant: TENANTS[0], input }, patience)),
  );
}

async function report(
  world: Awaited<ReturnType<typeof startWorld>>,
  partner: Partner,
  outcome: Outcome,
  kills: number,
): Promise<boolean> {
  const { checks, attempts } = await check(world, partner, outcome);
  const count = (least: number) => attempts.filter((each) => each >= least).length;
  console.log(
    `\n${kills} processes were killed. ${count(2)} of ${attempts.length} runs needed a second attempt, ${count(3)} a third one.`,
  );
  const retries = [...partner.retries].sort(([, a], [, b]) => b - a).map(([reason, times]) => `${reason} (${times})`);
  console.log(`The partner sent requests again after: ${retries.join(', ') || 'nothing'}.\n`);
  for (const { name, faults } of checks) {
    console.log(`${faults.length === 0 ? 'held  ' : 'FAILED'}  ${name}`);
    for (const fault of faults.slice(0, 10)) console.log(`          ${fault}`);
    if (faults.length > 10) console.log(`          and ${faults.length - 10} more`);
  }
  return checks.every(({ faults }) => faults.length === 0);
}

run().then(
  (held) => process.exit(held ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    // What else was started ends with this process.
    process.exit(1);
  },
);
