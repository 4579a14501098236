import { DataSource } from 'typeorm';
import { finishRun } from '../../src/jobs/run-end';
import type { RunCounts, RunProgress } from '../../src/jobs/run-report';
import { beginAttempt, lockJob, measureLiveRuns } from '../../src/jobs/runs.queries';
import { RunsService, type ClaimedRun, type RunOutput } from '../../src/jobs/runs.service';
import { dataSourceOptions } from '../../src/platform/database/data-source';
import { RunQueue } from '../../src/platform/queue/run-queue';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { makePartner, makeRun, makeTenant, type RunRow } from '../support/factories';
import { waitFor } from '../support/wait';

const ERROR = {
  code: 'input_invalid',
  title: 'An input file is not valid',
  detail: 'Line 3 has no end.',
  file: 'INPUT_FILE',
  line: 3,
};
const WARNING = { detail: 'a setting is not known', file: 'earthmover.yaml', line: 4, node: null, operation: null };
const COUNTS: RunCounts = {
  ...{ rowsRead: 10, rowsWritten: 8, warnings: [WARNING], warningCount: 1 },
  files: { inputs: { INPUT_FILE: 10 }, outputs: { 'students.jsonl': 8 } },
};
const STORING: RunProgress = { stage: 'storing', percent: 100, node: null, ...COUNTS };

let database: TestDatabase;
let db: DataSource;
let queue: RunQueue;
let runs: RunsService;

beforeAll(async () => {
  database = await createTestDatabase();
  db = await new DataSource(dataSourceOptions(database.url)).initialize();
  queue = new RunQueue(db);
  await queue.onModuleInit();
  runs = new RunsService(db, queue);
});

afterAll(async () => {
  await queue.onModuleDestroy();
  await db.destroy();
  await database.drop();
});

async function claim(run: RunRow): Promise<ClaimedRun> {
  const result = await runs.claim(run.uid);
  if (result.kind !== 'claimed') throw new Error(`the run was ${result.kind}`);
  return result.run;
}

const outputs = (run: ClaimedRun): RunOutput[] =>
  ['students.jsonl', 'scores.jsonl'].map((name) => ({
    name,
    key: `outputs/${run.jobUid}/${run.number}/${run.attempt}/${name}`,
    versionId: 'v',
    size: 12,
    records: 3,
  }));

async function stateOf(run: RunRow) {
  const [state] = await db.query(
    `SELECT job.status AS job, run.status AS run, run.attempt, job.error AS "jobError", run.error AS "runError", job.progress,
            (SELECT count(*)::int FROM output_set WHERE run_id = run.id) AS sets,
            (SELECT count(*)::int FROM output_file f JOIN output_set s ON s.id = f.output_set_id WHERE s.run_id = run.id) AS files,
            (SELECT array_agg(type ORDER BY e.id) FROM job_event e WHERE e.job_id = job.id) AS events
       FROM run JOIN job ON job.id = run.job_id WHERE run.id = $1`,
    [run.id],
  );
  return state;
}

describe('claiming a run', () => {
  it('starts the job and gives the worker all that it needs', async () => {
    const file = { envVar: 'INPUT_FILE', name: 'été.csv', key: `inputs/${Math.random()}`, size: 5, etag: '"e"', versionId: 'v1' };
    const run = await makeRun(db, {
      params: { SUBJECT: 'math' },
      bundlePath: 'assessments/X',
      bundleVersion: 'abc',
      files: [file],
    });
    expect(await claim(run)).toEqual({
      ...{ id: run.id, uid: run.uid, jobId: run.job.id, jobUid: run.job.uid, number: 1, attempt: 1, lostAttempts: 0 },
      ...{ bundlePath: 'assessments/X', bundleVersion: 'abc', schoolYear: 2026, params: { SUBJECT: 'math' }, files: [file] },
      traceparent: null,
    });
    expect(await stateOf(run)).toMatchObject({ job: 'running', run: 'running', attempt: 1, events: ['run.started'] });
  });

  it('by several workers at once gives each an attempt of its own, of which only the last may write', async () => {
    const run = await makeRun(db);
    const claimed = await Promise.all(Array.from({ length: 5 }, () => claim(run)));
    expect(claimed.map(({ attempt }) => attempt).sort()).toEqual([1, 2, 3, 4, 5]);

    const results = await Promise.all(claimed.map((attempt) => runs.finish(attempt, outputs(attempt), COUNTS)));
    expect(claimed.filter((_, index) => results[index]?.kind === 'ended').map(({ attempt }) => attempt)).toEqual([5]);
    expect(await stateOf(run)).toMatchObject({ run: 'succeeded', job: 'succeeded', sets: 1, files: 2 });
  });

  it('is refused for a run that has ended or never was', async () => {
    const run = await makeRun(db);
    await runs.fail(await claim(run), ERROR);
    expect(await runs.claim(run.uid)).toEqual({ kind: 'not_runnable' });
    expect(await runs.claim('00000000-0000-7000-8000-000000000000')).toEqual({ kind: 'not_runnable' });
  });

  it('counts the attempts that stopped without a word, and not those that gave up in order', async () => {
    const run = await makeRun(db);
    await claim(run);
    const second = await claim(run);
    expect(second.lostAttempts).toBe(1);
    expect(await runs.release(second, { code: 'storage_unavailable', title: 'away' })).toEqual({ kind: 'ended' });
    expect((await claim(run)).lostAttempts).toBe(1);
    expect(await stateOf(run)).toMatchObject({
      run: 'running',
      attempt: 3,
      events: ['run.started', 'run.taken_over', 'run.retrying', 'run.taken_over'],
    });
  });
});

describe('an attempt that another one has superseded', () => {
  it('changes nothing, whatever it writes', async () => {
    const run = await makeRun(db);
    const late = await claim(run);
    await claim(run);
    const before = await stateOf(run);

    expect(await runs.finish(late, outputs(late), COUNTS)).toEqual({ kind: 'superseded' });
    expect(await runs.fail(late, ERROR)).toEqual({ kind: 'superseded' });
    expect(await runs.report(late, STORING)).toEqual({ kind: 'superseded' });
    expect(await runs.release(late, { code: 'worker_stopped', title: 'stopped' })).toEqual({ kind: 'superseded' });
    expect(await stateOf(run)).toEqual(before);
  });

  it('does not report over one whose claim is under way', async () => {
    const run = await makeRun(db);
    const late = await claim(run);
    const taking = db.createQueryRunner();
    await taking.startTransaction();
    await lockJob(taking.manager, run.job.id);
    await beginAttempt(taking.manager, run.uid);
    const reporting = runs.report(late, STORING);
    await waitForBlocked(1);
    await taking.commitTransaction();
    await taking.release();
    expect(await reporting).toEqual({ kind: 'superseded' });
    expect(await stateOf(run)).toMatchObject({ events: ['run.started'] });
  });

  it('changes nothing after the run has ended', async () => {
    const run = await makeRun(db);
    const late = await claim(run);
    const winner = await claim(run);
    await runs.finish(winner, outputs(winner), COUNTS);
    const before = await stateOf(run);
    expect(await runs.fail(late, ERROR)).toEqual({ kind: 'superseded' });
    expect(await runs.finish(late, outputs(late), COUNTS)).toEqual({ kind: 'superseded' });
    expect(await stateOf(run)).toEqual(before);
  });
});

describe("a run's progress", () => {
  it('is shown whole in the job, and in the history without its lists', async () => {
    const run = await makeRun(db);
    expect(await runs.report(await claim(run), STORING)).toEqual({ kind: 'reported' });
    expect(await stateOf(run)).toMatchObject({ progress: STORING, events: ['run.started', 'run.progress'] });
    const [event] = await db.query(`SELECT data FROM job_event WHERE job_id = $1 AND type = 'run.progress'`, [run.job.id]);
    expect(event.data).toEqual({ stage: 'storing', percent: 100, node: null, rowsRead: 10, rowsWritten: 8 });
  });
});

describe('the end of a run', () => {
  it('shows the output set whole and with the success, or not at all', async () => {
    const run = await makeRun(db);
    const claimed = await claim(run);
    const twice = outputs(claimed);
    // The second file cannot be written, so nothing of the end may be.
    await expect(runs.finish(claimed, [...twice, ...twice], COUNTS)).rejects.toThrow(/unique/);
    expect(await stateOf(run)).toMatchObject({ run: 'running', job: 'running', sets: 0, files: 0, events: ['run.started'] });

    expect(await runs.finish(claimed, twice, COUNTS)).toEqual({ kind: 'ended' });
    expect(await stateOf(run)).toMatchObject({
      ...{ run: 'succeeded', job: 'succeeded', sets: 1, files: 2, events: ['run.started', 'job.succeeded'] },
      progress: { stage: 'done', percent: 100, node: null, ...COUNTS },
    });
  });

  it('makes a set without files when the bundle wrote none', async () => {
    const run = await makeRun(db);
    expect(await runs.finish(await claim(run), [], COUNTS)).toEqual({ kind: 'ended' });
    expect(await stateOf(run)).toMatchObject({ sets: 1, files: 0 });
  });

  it('says why it failed, in the run and in the job', async () => {
    const run = await makeRun(db);
    expect(await runs.fail(await claim(run), ERROR)).toEqual({ kind: 'ended' });
    expect(await stateOf(run)).toMatchObject({
      ...{ run: 'failed', job: 'failed', jobError: ERROR, runError: ERROR, sets: 0, events: ['run.started', 'job.failed'] },
    });
  });

  it('shows how far it had come when it failed, and has what its attempts may have stored removed', async () => {
    const run = await makeRun(db);
    expect(await runs.fail(await claim(run), ERROR, { ...STORING, stage: 'transforming', percent: 40 })).toEqual({
      kind: 'ended',
    });
    const [job] = await db.query(`SELECT progress FROM job WHERE id = $1`, [run.job.id]);
    expect(job.progress).toMatchObject({ stage: 'transforming', percent: 40 });
    const removals = await db.query(`SELECT key_prefix FROM object_removal WHERE key_prefix LIKE '%' || $1 || '%'`, [
      run.job.uid,
    ]);
    expect(removals).toEqual([{ key_prefix: `outputs/${run.job.uid}/1/` }]);
  });

  it('is not written once the job was cancelled', async () => {
    const run = await makeRun(db);
    const claimed = await claim(run);
    await db.transaction(async (tx) => {
      await tx.query(`UPDATE job SET status = 'cancelled', finished_at = now() WHERE id = $1`, [run.job.id]);
      await tx.query(`UPDATE run SET status = 'cancelled', finished_at = now() WHERE id = $1`, [run.id]);
    });
    expect(await runs.finish(claimed, outputs(claimed), COUNTS)).toEqual({ kind: 'superseded' });
    expect(await runs.fail(claimed, ERROR)).toEqual({ kind: 'superseded' });
    expect(await runs.report(claimed, STORING)).toEqual({ kind: 'superseded' });
    expect(await runs.claim(run.uid)).toEqual({ kind: 'not_runnable' });
    expect(await stateOf(run)).toMatchObject({ run: 'cancelled', job: 'cancelled', sets: 0 });
  });

  it('waits for a cancel that is under way, which then wins', async () => {
    const run = await makeRun(db);
    const claimed = await claim(run);
    const cancel = db.createQueryRunner();
    await cancel.startTransaction();
    await cancel.query(`UPDATE job SET status = 'cancelled', finished_at = now() WHERE id = $1`, [run.job.id]);
    await cancel.query(`UPDATE run SET status = 'cancelled', finished_at = now() WHERE id = $1`, [run.id]);
    const finishing = runs.finish(claimed, outputs(claimed), COUNTS);
    await waitForBlocked(1);
    await cancel.commitTransaction();
    await cancel.release();
    expect(await finishing).toEqual({ kind: 'superseded' });
  });
});

const waitForBlocked = (count: number): Promise<unknown> =>
  waitFor(async () => {
    const [{ blocked }] = await db.query(
      `SELECT count(*)::int AS blocked FROM pg_stat_activity
        WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0`,
    );
    return blocked === count;
  });

describe("a partner's output sets", () => {
  it('become visible in the order of their ids, so that a poller by id misses none', async () => {
    const partner = await makePartner(db);
    const [first, second] = [
      await makeRun(db, { tenant: await makeTenant(db, { partner }) }),
      await makeRun(db, { tenant: await makeTenant(db, { partner }) }),
    ];
    const [early, late] = [await claim(first), await claim(second)];

    // The first one has its id, and its commit is held up.
    const slow = db.createQueryRunner();
    await slow.startTransaction();
    expect(await finishRun(slow.manager, early, outputs(early), COUNTS)).toEqual({ kind: 'ended' });

    let finished = false;
    const finishing = runs.finish(late, outputs(late), COUNTS).then((result) => {
      finished = true;
      return result;
    });
    await waitForBlocked(1);
    expect(finished).toBe(false);
    await slow.commitTransaction();
    await slow.release();
    expect(await finishing).toEqual({ kind: 'ended' });
  });

  it('do not wait for those of other partners', async () => {
    const [mine, other] = [await claim(await makeRun(db)), await claim(await makeRun(db))];
    const slow = db.createQueryRunner();
    await slow.startTransaction();
    await finishRun(slow.manager, mine, outputs(mine), COUNTS);
    expect(await runs.finish(other, outputs(other), COUNTS)).toEqual({ kind: 'ended' });
    await slow.commitTransaction();
    await slow.release();
  });
});

it('counts what waits and what runs', async () => {
  const before = await measureLiveRuns(db);
  await makeRun(db);
  await claim(await makeRun(db));
  const after = await measureLiveRuns(db);
  expect(after).toMatchObject({ queued: before.queued + 1, running: before.running + 1 });
  expect(after.oldestQueuedSeconds).toBeGreaterThan(0);
});
