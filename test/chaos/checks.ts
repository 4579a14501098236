import { Client } from 'pg';
import type { Json } from '../support/application';
import { waitFor } from '../support/wait';
import type { Delivery, DownloadedFile, Partner } from './partner';
import type { World } from './world';

/** How long after the last fault a run may still be under way. */
const STUCK_AFTER_MS = 60_000;

/** One thing that has to hold, and where it does not. */
export interface Check {
  readonly name: string;
  readonly faults: readonly string[];
}

export interface Outcome {
  readonly submissions: readonly { readonly name: string; readonly input: number }[];
  /** By the submission's name; the reason where there is no delivery. */
  readonly deliveries: ReadonlyMap<string, Delivery | Error>;
  /** What an undisturbed run made of each input. */
  readonly expected: readonly Delivery[];
  /** By this machine's clock, as Postgres's is. */
  readonly faultsEndedAt: number;
}

interface JobRecord {
  readonly uid: string;
  readonly status: string;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly error: { code: string } | null;
  readonly runs: number;
  readonly attempts: number;
  readonly outputSets: number;
}

const JOBS = `
  SELECT job.uid, job.status, job.started_at AS "startedAt", job.finished_at AS "finishedAt", job.error,
         (SELECT count(*)::int FROM run WHERE run.job_id = job.id) AS runs,
         (SELECT coalesce(max(attempt), 0) FROM run WHERE run.job_id = job.id) AS attempts,
         (SELECT count(*)::int FROM output_set s WHERE s.job_id = job.id) AS "outputSets"
    FROM job ORDER BY job.id`;

const LEFT_OVER = `
  SELECT 'job ' || uid || ' is ' || status AS what FROM job WHERE status IN ('queued', 'running')
  UNION ALL SELECT 'run ' || uid || ' is ' || status || ', attempt ' || attempt FROM run WHERE status IN ('queued', 'running')
  UNION ALL SELECT 'message of run ' || singleton_key || ' is ' || state || ', retry ' || retry_count || ', last heartbeat ' || coalesce((now() - heartbeat_on)::text || ' ago', 'none')
              FROM pgboss.job
             WHERE name IN ('runs', 'abandoned-runs') AND state IN ('created', 'retry', 'active')`;

/** Looks at what is left when all faults are over and the partner has done what it could. */
export async function check(world: World, partner: Partner, outcome: Outcome): Promise<{ checks: Check[]; attempts: number[] }> {
  const db = new Client({ connectionString: world.postgres.url });
  await db.connect();
  try {
    // A worker that was killed after its run had ended left the message, which is dropped with its next delivery.
    const remains = async () => (await db.query<{ what: string }>(LEFT_OVER)).rows.map(({ what }) => what);
    await waitFor(async () => (await remains()).length === 0, { deadlineMs: STUCK_AFTER_MS }).catch(() => undefined);
    const leftOver = await remains();
    const { rows: jobs } = await db.query<JobRecord>(JOBS);
    const delivered = new Set([...outcome.deliveries.values()].flatMap((one) => (one instanceof Error ? [] : [one.jobUid])));
    const undisturbed = new Set(outcome.expected.map(({ jobUid }) => jobUid));
    const disturbed = jobs.filter(({ uid }) => !undisturbed.has(uid));
    const failures = [...outcome.deliveries].flatMap(([name, one]) => (one instanceof Error ? [`${name}: ${one.message}`] : []));
    const retried = disturbed.filter(({ attempts }) => attempts > 1);
    const checks: Check[] = [
      { name: 'every job of the partner succeeded, and its outputs were downloaded', faults: failures },
      {
        name: 'every job is there, and none was created twice',
        faults: [
          ...(disturbed.length === outcome.submissions.length
            ? []
            : [`${outcome.submissions.length} jobs were submitted, ${disturbed.length} are there`]),
          ...disturbed.filter(({ uid }) => !delivered.has(uid)).map(({ uid }) => `job ${uid} is nobody's`),
        ],
      },
      {
        name: 'every job has succeeded, in one run',
        faults: disturbed
          .filter(({ status, runs }) => status !== 'succeeded' || runs !== 1)
          .map(({ uid, status, runs, error }) => `job ${uid} is ${status} after ${runs} runs ${error?.code ?? ''}`),
      },
      {
        name: 'every job has one output set',
        faults: disturbed
          .filter(({ outputSets }) => outputSets !== 1)
          .map(({ uid, outputSets }) => `job ${uid} has ${outputSets} output sets`),
      },
      { name: 'every output file is there, as long as it is said to be, and as in an undisturbed run', faults: compare(outcome) },
      { name: 'no run took longer than 60 s from its start or the end of the faults', faults: findStuck(disturbed, outcome) },
      { name: 'nothing is left queued or running, and no message', faults: leftOver },
      {
        name: 'every attempt after the first is told in the history, with its reason',
        faults: await findUntold(partner, retried),
      },
      { name: 'nothing but success and 503 was answered', faults: partner.surprises },
      {
        name: 'no process ended by itself while it served',
        faults: [...world.web, ...world.workers]
          .filter(({ crashes }) => crashes > 0)
          .map(({ name, crashes }) => `${name} ended ${crashes} times`),
      },
    ];
    return { checks, attempts: disturbed.map(({ attempts }) => attempts) };
  } finally {
    await db.end();
  }
}

function compare({ submissions, deliveries, expected }: Outcome): string[] {
  return submissions.flatMap(({ name, input }) => {
    const delivery = deliveries.get(name);
    const undisturbed = expected[input];
    if (!undisturbed) throw new Error('there is no undisturbed run over this input');
    return !delivery || delivery instanceof Error ? [] : compareFiles(name, delivery.files, undisturbed.files);
  });
}

function compareFiles(
  submission: string,
  found: ReadonlyMap<string, DownloadedFile>,
  expected: ReadonlyMap<string, DownloadedFile>,
): string[] {
  const [names, expectedNames] = [found, expected].map((files) => [...files.keys()].sort().join(', '));
  if (names !== expectedNames) return [`${submission} has the files ${names}, not ${expectedNames}`];
  return [...found].flatMap(([name, { size, content }]) => {
    if (content.length !== size) return [`${name} of ${submission} has ${content.length} bytes, and is said to have ${size}`];
    return expected.get(name)?.content.equals(content) ? [] : [`${name} of ${submission} differs`];
  });
}

function findStuck(jobs: readonly JobRecord[], { faultsEndedAt }: Outcome): string[] {
  return jobs.flatMap(({ uid, startedAt, finishedAt }) => {
    if (!startedAt || !finishedAt) return [`job ${uid} has not ended`];
    // The processes' clocks jump by minutes; the times are the database's.
    if (finishedAt < startedAt || finishedAt.getTime() > Date.now()) return [`job ${uid} ended at ${finishedAt.toISOString()}`];
    const tookMs = finishedAt.getTime() - Math.max(startedAt.getTime(), faultsEndedAt);
    return tookMs > STUCK_AFTER_MS ? [`job ${uid} took ${Math.round(tookMs / 1000)} s`] : [];
  });
}

/**
 * An attempt that a worker lost without a word is told by the next one's `run.taken_over`; one that gave up in order also by its own
 * `run.retrying`, with a code and a title for people.
 */
async function findUntold(partner: Partner, jobs: readonly JobRecord[]): Promise<string[]> {
  const untold: string[] = [];
  for (const { uid, attempts } of jobs) {
    const patience = AbortSignal.timeout(30_000);
    const { runs }: Json = await partner.get(`/v1/jobs/${uid}`, patience);
    const { items }: Json = await partner.get(`/v1/jobs/${uid}/events?limit=200`, patience);
    if (runs[0]?.attempts !== attempts) untold.push(`job ${uid} had ${attempts} attempts, and tells of ${runs[0]?.attempts}`);
    const events = items as { type: string; data: { attempt?: number; code?: string; title?: string } }[];
    for (let attempt = 2; attempt <= attempts; attempt++)
      if (!events.some(({ type, data }) => type === 'run.taken_over' && data.attempt === attempt))
        untold.push(`job ${uid} does not tell of its attempt ${attempt}`);
    for (const { data } of events.filter(({ type }) => type === 'run.retrying'))
      if (!data.code || !data.title) untold.push(`job ${uid} does not tell why its attempt ${data.attempt} ended`);
  }
  return untold;
}
