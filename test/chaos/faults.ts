import { rename } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Random } from './random';
import type { World } from './world';

export interface FaultOptions {
  readonly seed: string;
  /** For how long S3, the issuer and the bundle registry are away, each once. */
  readonly outageMs: number;
  readonly log: (what: string) => void;
}

const POSTGRES_RESTARTS = 3;
const BETWEEN_OUTAGES_MS = [3_000, 8_000] as const;
const BETWEEN_KILLS_MS = [2_000, 6_000] as const;
const POSTGRES_AWAY_MS = [500, 4_000] as const;
/** A worker's claim is given to another one 10 s after its last sign of life; see `src/platform/queue`. */
const PAUSE_MS = 20_000;

/** About how long `disturb` takes, in milliseconds. */
export const estimateDuration = (outageMs: number): number => 3 * outageMs + POSTGRES_RESTARTS * 4_000 + PAUSE_MS + 7 * 5_500;

/**
 * Restarts Postgres three times, takes S3, the token issuer and the bundle registry away and pauses a worker past its claim, in an
 * order of the seed, while web and worker processes are killed all the time. Ends when everything is back.
 *
 * @returns how many processes were killed.
 */
export async function disturb(world: World, options: FaultOptions): Promise<number> {
  const { seed, outageMs, log } = options;
  const random = new Random(`${seed} outages`);
  const away = (what: string) => log(`${what} is away for ${outageMs / 1000} s`);
  const restartPostgres = async (): Promise<void> => {
    const awayMs = random.between(...POSTGRES_AWAY_MS);
    log(`Postgres is restarted, and away for ${awayMs / 1000} s`);
    await world.postgres.stop();
    await delay(awayMs);
    await world.postgres.startAgain();
  };
  const takeStoreAway = async (): Promise<void> => {
    away('S3');
    await world.store.takeAway();
    await delay(outageMs);
    await world.store.resume();
  };
  const takeIssuerAway = async (): Promise<void> => {
    away('The issuer');
    await world.issuer.goDown();
    await delay(outageMs);
    await world.issuer.comeUp();
  };
  const takeRegistryAway = async (): Promise<void> => {
    away('The bundle registry');
    await rename(world.registry, `${world.registry}.away`);
    await delay(outageMs);
    await rename(`${world.registry}.away`, world.registry);
  };
  const pauseWorker = async (): Promise<void> => {
    const worker = random.pick(world.workers);
    log(`${worker.name} is paused for ${PAUSE_MS / 1000} s`);
    await worker.pause(PAUSE_MS);
  };
  const restarts = Array.from({ length: POSTGRES_RESTARTS }, () => restartPostgres);

  const ended = new AbortController();
  const killing = killProcesses(world, options, ended.signal);
  try {
    const faults = [...restarts, takeStoreAway, takeIssuerAway, takeRegistryAway, pauseWorker];
    for (const fault of random.shuffled(faults)) {
      await delay(random.between(...BETWEEN_OUTAGES_MS));
      await fault();
    }
  } finally {
    ended.abort();
  }
  const kills = await killing;
  await world.whenReady();
  log('all faults are over');
  return kills;
}

async function killProcesses(world: World, { seed, log }: FaultOptions, ended: AbortSignal): Promise<number> {
  const random = new Random(`${seed} kills`);
  const processes = [...world.web, ...world.workers];
  for (let kills = 0; ; kills++) {
    await delay(random.between(...BETWEEN_KILLS_MS), undefined, { signal: ended }).catch(() => undefined);
    if (ended.aborted) return kills;
    const victim = random.pick(processes);
    log(`kill -9 of ${victim.name}`);
    victim.kill();
  }
}
