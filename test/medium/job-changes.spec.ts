import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { CancelJob } from '../../src/jobs/cancel-job';
import { queueCreatedJob } from '../../src/jobs/job.queries';
import { RetryJob } from '../../src/jobs/retry-job';
import type { RunCounts } from '../../src/jobs/run-report';
import { RunsService, type ClaimedRun } from '../../src/jobs/runs.service';
import { dataSourceOptions } from '../../src/platform/database/data-source';
import { RunQueue } from '../../src/platform/queue/run-queue';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { makeJob, makeRun, type FileRow, type JobRow, type RunRow } from '../support/factories';
import { waitFor } from '../support/wait';

const ERROR = { code: 'input_invalid', title: 'An input file is not valid', detail: 'Line 3.', file: 'INPUT_FILE', line: 3 };
const COUNTS: RunCounts = { rowsRead: 1, rowsWritten: 1, warnings: [], warningCount: 0, files: { inputs: {}, outputs: {} } };

let database: TestDatabase;
let db: DataSource;
let queue: RunQueue;
let runs: RunsService;
let cancelJob: CancelJob;
let retryJob: RetryJob;

beforeAll(async () => {
  database = await createTestDatabase();
  db = await new DataSource(dataSourceOptions(database.url)).initialize();
  queue = new RunQueue(db);
  await queue.onModuleInit();
  runs = new RunsService(db, queue);
  cancelJob = new CancelJob(db, queue);
  retryJob = new RetryJob(db, queue, { startTtlHours: 1, maxUploadBytes: 1, maxOpenPerClient: 0, maxOpenPerUser: 0 });
});

afterAll(async () => {
  await queue.onModuleDestroy();
  await db.destroy();
  await database.drop();
});

const accessOf = (job: JobRow) => ({ partners: [job.tenant.partner.code] });
const cancel = (job: JobRow) => cancelJob.execute(job.uid, accessOf(job));
const retry = (job: JobRow) => retryJob.execute(job.uid, accessOf(job));

async function claim(run: { uid: string }): Promise<ClaimedRun> {
  const result = await runs.claim(run.uid);
  if (result.kind !== 'claimed') throw new Error(`the run was ${result.kind}`);
  return result.run;
}

const outputsOf = ({ jobUid, number, attempt }: ClaimedRun) => [
  { name: 'a.jsonl', key: `outputs/${jobUid}/${number}/${attempt}/a.jsonl`, versionId: 'v', size: 3, records: 1 },
];

async function announced(options: Parameters<typeof makeRun>[1] = {}): Promise<RunRow> {
  const run = await makeRun(db, options);
  await db.transaction((tx) => queue.enqueue(tx, { runUid: run.uid, tenant: 'p/t' }));
  return run;
}

async function stateOf(job: JobRow) {
  const [state] = await db.query(
    `SELECT status, started_at IS NOT NULL AS started, finished_at IS NOT NULL AS finished, error, progress,
            inputs_removed_at IS NOT NULL AS "inputsRemoved",
            (SELECT coalesce(json_agg(json_build_object('number', number, 'status', status, 'attempt', attempt) ORDER BY number), '[]')
               FROM run WHERE job_id = job.id) AS runs,
            (SELECT coalesce(array_agg(type ORDER BY id), '{}') FROM job_event WHERE job_id = job.id) AS events,
            (SELECT count(*)::int FROM output_set WHERE job_id = job.id) AS sets
       FROM job WHERE id = $1`,
    [job.id],
  );
  return state;
}

const removalsOf = async (job: JobRow): Promise<{ prefix: string; hours: number }[]> =>
  db.query(
    `SELECT key_prefix AS prefix, round(extract(epoch FROM due_at - now()) / 3600)::int AS hours
       FROM object_removal WHERE key_prefix LIKE '%/' || $1 || '/%' ORDER BY due_at`,
    [job.uid],
  );

const liveMessages = async (runUid: string): Promise<number> =>
  Number((await db.query(`SELECT count(*) FROM pgboss.job WHERE singleton_key = $1 AND state < 'completed'`, [runUid]))[0].count);

const waitForBlocked = (count: number): Promise<unknown> =>
  waitFor(async () => {
    const [{ blocked }] = await db.query(
      `SELECT count(*)::int AS blocked FROM pg_stat_activity
        WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0`,
    );
    return blocked === count;
  });

describe('cancelling', () => {
  it('a job that waits for its files ends it, and gives up what was uploaded, now and once nothing can come any more', async () => {
    const job = await makeJob(db, { status: 'created' });
    expect(await cancel(job)).toEqual({ kind: 'cancelled', uid: job.uid });
    expect(await stateOf(job)).toMatchObject({
      ...{ status: 'cancelled', started: false, finished: true, inputsRemoved: true, runs: [], events: ['job.cancelled'] },
    });
    const prefix = `inputs/${job.uid}/`;
    // The job would have expired after a day; an upload may have begun just before.
    expect(await removalsOf(job)).toEqual([
      { prefix, hours: 0 },
      { prefix, hours: 48 },
    ]);
  });

  it('a queued job takes its run back from the queue, and keeps its inputs for a retry', async () => {
    const run = await announced();
    expect(await cancel(run.job)).toEqual({ kind: 'cancelled', uid: run.job.uid });
    expect(await stateOf(run.job)).toMatchObject({
      ...{ status: 'cancelled', inputsRemoved: false, events: ['job.cancelled'] },
      runs: [{ number: 1, status: 'cancelled', attempt: 0 }],
    });
    expect(await liveMessages(run.uid)).toBe(0);
    expect(await runs.claim(run.uid)).toEqual({ kind: 'not_runnable' });
    expect(await removalsOf(run.job)).toEqual([{ prefix: `outputs/${run.job.uid}/1/`, hours: 1 }]);
  });

  it('a running job leaves its worker nothing to write', async () => {
    const run = await announced();
    const claimed = await claim(run);
    expect((await cancel(run.job)).kind).toBe('cancelled');
    const before = await stateOf(run.job);
    expect(await runs.finish(claimed, outputsOf(claimed), COUNTS)).toEqual({ kind: 'superseded' });
    expect(await runs.fail(claimed, ERROR)).toEqual({ kind: 'superseded' });
    expect(await runs.report(claimed, { stage: 'storing', percent: 1, node: null, ...COUNTS })).toEqual({ kind: 'superseded' });
    expect(await runs.release(claimed, { code: 'worker_stopped', title: 'stopped' })).toEqual({ kind: 'superseded' });
    expect(await stateOf(run.job)).toEqual(before);
    expect(before).toMatchObject({ status: 'cancelled', runs: [{ status: 'cancelled' }], sets: 0 });
  });

  it('is refused for what has ended, also for what has expired unnoticed', async () => {
    const [succeeded, failed, expired] = [await makeRun(db), await makeRun(db), await makeJob(db, { status: 'created' })];
    const claimed = await claim(succeeded);
    await runs.finish(claimed, outputsOf(claimed), COUNTS);
    await runs.fail(await claim(failed), ERROR);
    await db.query(`UPDATE job SET expires_at = now() - interval '1 second' WHERE id = $1`, [expired.id]);
    expect(await cancel(succeeded.job)).toEqual({ kind: 'job_finished', status: 'succeeded' });
    expect(await cancel(failed.job)).toEqual({ kind: 'job_finished', status: 'failed' });
    expect(await cancel(expired)).toEqual({ kind: 'job_finished', status: 'expired' });
    expect(await stateOf(expired)).toMatchObject({ status: 'created', events: [] });
  });

  it('finds no job of a partner that the caller may not reach', async () => {
    const job = await makeJob(db);
    expect(await cancelJob.execute(job.uid, { partners: ['another'] })).toEqual({ kind: 'job_not_found' });
    expect(await cancelJob.execute(job.uid, { partners: [] })).toEqual({ kind: 'job_not_found' });
    expect(await cancelJob.execute(uuidv7(), accessOf(job))).toEqual({ kind: 'job_not_found' });
    expect(await stateOf(job)).toMatchObject({ status: 'queued', events: [] });
  });

  it('many times at once does it once', async () => {
    const run = await announced();
    const results = await Promise.all(Array.from({ length: 10 }, () => cancel(run.job)));
    expect(results.filter(({ kind }) => kind === 'cancelled')).toHaveLength(1);
    expect(results.filter(({ kind }) => kind === 'job_finished')).toHaveLength(9);
    expect((await stateOf(run.job)).events).toEqual(['job.cancelled']);
  });

  it("races the run's end: one of them wins, whole", async () => {
    const ends = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const run = await announced();
        const claimed = await claim(run);
        const end = () =>
          index % 2 === 0 ? runs.finish(claimed, outputsOf(claimed), COUNTS).then(({ kind }) => kind) : runs.fail(claimed, ERROR);
        const [cancelled] = await Promise.all(index % 4 < 2 ? [cancel(run.job), end()] : [end().then(() => cancel(run.job))]);
        const state = await stateOf(run.job);
        return {
          cancelled: cancelled.kind,
          status: state.status,
          run: state.runs[0].status,
          sets: state.sets,
          events: state.events,
        };
      }),
    );
    for (const { cancelled, status, run, sets, events } of ends) {
      expect(run).toBe(status);
      expect(status === 'cancelled').toBe(cancelled === 'cancelled');
      expect(sets).toBe(status === 'succeeded' ? 1 : 0);
      expect(events).toEqual(['run.started', `job.${status}`]);
    }
  });

  it('races the claim of the run: no worker holds a run of a job that reads cancelled', async () => {
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        const run = await announced();
        const [claimed, cancelled] = await Promise.all([runs.claim(run.uid), cancel(run.job)]);
        expect(cancelled.kind).toBe('cancelled');
        const late = claimed.kind === 'claimed' ? await runs.finish(claimed.run, outputsOf(claimed.run), COUNTS) : null;
        expect(late ?? { kind: 'superseded' }).toEqual({ kind: 'superseded' });
        expect(await stateOf(run.job)).toMatchObject({ status: 'cancelled', runs: [{ status: 'cancelled' }], sets: 0 });
      }),
    );
  });

  it('waits for a start that is under way, and ends the run that it made', async () => {
    const job = await makeJob(db, { status: 'created' });
    const runUid = uuidv7();
    const start = db.createQueryRunner();
    await start.startTransaction();
    expect(await queueCreatedJob(start.manager, job.id, runUid, [], null)).not.toBeNull();
    await queue.enqueue(start.manager, { runUid, tenant: 'p/t' });
    const cancelling = cancel(job);
    await waitForBlocked(1);
    await start.commitTransaction();
    await start.release();
    expect(await cancelling).toEqual({ kind: 'cancelled', uid: job.uid });
    expect(await stateOf(job)).toMatchObject({
      ...{ status: 'cancelled', inputsRemoved: false, events: ['job.queued', 'job.cancelled'] },
      runs: [{ number: 1, status: 'cancelled' }],
    });
    expect(await liveMessages(runUid)).toBe(0);
  });

  it('that is under way is waited for by a start, which then queues nothing', async () => {
    const job = await makeJob(db, { status: 'created' });
    const slow = db.createQueryRunner();
    await slow.startTransaction();
    await slow.query(`UPDATE job SET status = 'cancelled', finished_at = now() WHERE id = $1`, [job.id]);
    const starting = db.transaction((tx) => queueCreatedJob(tx, job.id, uuidv7(), [], null));
    await waitForBlocked(1);
    await slow.commitTransaction();
    await slow.release();
    expect(await starting).toBeNull();
    expect(await stateOf(job)).toMatchObject({ status: 'cancelled', runs: [] });
  });
});

describe('retrying', () => {
  const file: FileRow = {
    envVar: 'INPUT_FILE',
    name: 'a.csv',
    key: `inputs/${uuidv7()}/INPUT_FILE`,
    size: 5,
    etag: '"e"',
    versionId: 'v1',
  };

  async function failedRun(options: Parameters<typeof makeRun>[1] = {}): Promise<RunRow> {
    const run = await announced(options);
    const claimed = await claim(run);
    await runs.report(claimed, { stage: 'transforming', percent: 1, node: null, ...COUNTS });
    await runs.fail(claimed, ERROR);
    return run;
  }
  const secondRun = async (job: JobRow): Promise<{ uid: string }> =>
    (await db.query(`SELECT uid FROM run WHERE job_id = $1 AND number = 2`, [job.id]))[0];

  it('gives a failed job another run over the same files, which can succeed', async () => {
    const { job } = await failedRun({ files: [file] });
    expect(await retry(job)).toEqual({ kind: 'queued', uid: job.uid });
    expect(await stateOf(job)).toEqual({
      ...{ status: 'queued', started: true, finished: false, error: null, progress: null, inputsRemoved: false, sets: 0 },
      runs: [
        { number: 1, status: 'failed', attempt: 1 },
        { number: 2, status: 'queued', attempt: 0 },
      ],
      events: ['run.started', 'run.progress', 'job.failed', 'job.queued'],
    });
    const second = await secondRun(job);
    expect(await liveMessages(second.uid)).toBe(1);
    const claimed = await claim(second);
    expect(claimed).toMatchObject({ number: 2, attempt: 1, files: [file] });
    expect(await runs.finish(claimed, outputsOf(claimed), COUNTS)).toEqual({ kind: 'ended' });
    expect(await stateOf(job)).toMatchObject({ status: 'succeeded', sets: 1 });
  });

  it('a cancelled job leaves its first run nothing to write, though the job is running again', async () => {
    const run = await announced();
    const late = await claim(run);
    await cancel(run.job);
    expect(await retry(run.job)).toEqual({ kind: 'queued', uid: run.job.uid });
    await claim(await secondRun(run.job));
    const before = await stateOf(run.job);
    expect(await runs.finish(late, outputsOf(late), COUNTS)).toEqual({ kind: 'superseded' });
    expect(await runs.fail(late, ERROR)).toEqual({ kind: 'superseded' });
    expect(await runs.report(late, { stage: 'storing', percent: 1, node: null, ...COUNTS })).toEqual({ kind: 'superseded' });
    expect(await runs.claim(run.uid)).toEqual({ kind: 'not_runnable' });
    expect(await stateOf(run.job)).toEqual(before);
  });

  it('many times at once does it once', async () => {
    const { job } = await failedRun();
    const results = await Promise.all(Array.from({ length: 10 }, () => retry(job)));
    expect(results.filter(({ kind }) => kind === 'queued')).toHaveLength(1);
    expect(results.filter((result) => result.kind === 'job_not_retryable' && result.reason === 'status')).toHaveLength(9);
    expect((await stateOf(job)).runs).toHaveLength(2);
  });

  it('goes on from run to run', async () => {
    const { job } = await failedRun();
    await retry(job);
    await cancel(job);
    await retry(job);
    expect((await stateOf(job)).runs.map(({ status }: { status: string }) => status)).toEqual(['failed', 'cancelled', 'queued']);
  });

  it('is refused where there is nothing to retry, or nothing to do it with', async () => {
    const created = await makeJob(db, { status: 'created' });
    expect(await retry(created)).toEqual({ kind: 'job_not_retryable', reason: 'status', status: 'created' });
    await cancel(created);
    expect(await retry(created)).toEqual({ kind: 'job_not_retryable', reason: 'never_started', status: 'cancelled' });
    const succeeded = await makeRun(db);
    const claimed = await claim(succeeded);
    await runs.finish(claimed, outputsOf(claimed), COUNTS);
    expect(await retry(succeeded.job)).toEqual({ kind: 'job_not_retryable', reason: 'status', status: 'succeeded' });
    const { job } = await failedRun();
    await db.query(`UPDATE job SET inputs_removed_at = now() WHERE id = $1`, [job.id]);
    expect(await retry(job)).toEqual({ kind: 'job_not_retryable', reason: 'inputs_removed', status: 'failed' });
    expect(await retryJob.execute(job.uid, { partners: ['another'] })).toEqual({ kind: 'job_not_found' });
  });
});
