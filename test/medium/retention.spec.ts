import { PutObjectCommand } from '@aws-sdk/client-s3';
import { Logger } from '@nestjs/common';
import { Registry } from 'prom-client';
import { DataSource, type QueryRunner } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { FileService } from '../../src/files/file.service';
import { JobMaintenance } from '../../src/jobs/job-maintenance';
import { queueCreatedJob } from '../../src/jobs/job.queries';
import { expireJobs, retireInputFiles } from '../../src/jobs/retire-files';
import { RetryJob } from '../../src/jobs/retry-job';
import type { RunCounts } from '../../src/jobs/run-report';
import { RunsService, type ClaimedRun } from '../../src/jobs/runs.service';
import { dataSourceOptions } from '../../src/platform/database/data-source';
import { ObjectStoreMetrics } from '../../src/platform/object-store/object-store-metrics';
import { RunQueue } from '../../src/platform/queue/run-queue';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { makeJob, makeOutputSet, makeRun, makeTenant, type JobRow, type RunRow, type TenantRow } from '../support/factories';
import { listVersions, startTestS3, type TestS3 } from '../support/s3';
import { waitFor } from '../support/wait';

const ERROR = { code: 'input_invalid', title: 'An input file is not valid', detail: 'Line 3.', file: null, line: null };
const COUNTS: RunCounts = { rowsRead: 1, rowsWritten: 1, warnings: [], warningCount: 0, files: { inputs: {}, outputs: {} } };

let database: TestDatabase;
let db: DataSource;
let s3: TestS3;
let files: FileService;
let queue: RunQueue;
let runs: RunsService;
let tenant: TenantRow;
/** Which requests the object store refuses now. */
let refused: (method: string, url: string) => boolean = () => false;

beforeAll(async () => {
  [database, s3] = await Promise.all([
    createTestDatabase(),
    startTestS3({
      intercept: (request, response) => {
        if (!refused(request.method ?? '', request.url ?? '')) return false;
        response.writeHead(503).end();
        return true;
      },
    }),
  ]);
  db = await new DataSource(dataSourceOptions(database.url)).initialize();
  const { endpoint, region, bucket, accessKeyId, secretAccessKey } = s3;
  const credentials = { accessKeyId, secretAccessKey };
  files = new FileService(
    { endpoint, region, bucket, credentials, forcePathStyle: true, uploadUrlTtlSeconds: 60, downloadUrlTtlSeconds: 60 },
    new ObjectStoreMetrics(new Registry()),
  );
  queue = new RunQueue(db);
  await queue.onModuleInit();
  runs = new RunsService(db, queue);
  tenant = await makeTenant(db);
  Logger.overrideLogger(false);
});

afterEach(() => (refused = () => false));

afterAll(async () => {
  files.onModuleDestroy();
  await queue.onModuleDestroy();
  await db.destroy();
  await Promise.all([database.drop(), s3.close()]);
});

/** One pass of a worker's maintenance; nothing is kept for ever unless a test says so. */
const maintain = (
  retention: { inputDays?: number | null; outputDays?: number | null } = {},
  signal?: AbortSignal,
): Promise<void> =>
  new JobMaintenance(db, files, { inputDays: null, outputDays: null, ...retention }).run(signal ?? new AbortController().signal);

const put = (Key: string, Body = 'x') => s3.client.send(new PutObjectCommand({ Bucket: s3.bucket, Key, Body }));

/** The keys under a prefix, once for each version and mark of a deletion. */
async function versionsUnder(Prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { Versions = [], DeleteMarkers = [] } of listVersions(s3.client, { Bucket: s3.bucket, Prefix }))
    keys.push(...[...Versions, ...DeleteMarkers].map(({ Key }) => Key ?? ''));
  return keys;
}

async function stateOf(job: JobRow) {
  const [state] = await db.query(
    `SELECT status, finished_at = expires_at AS "endedAtExpiry", inputs_removed_at IS NOT NULL AS "inputsRemoved",
            (SELECT coalesce(array_agg(type ORDER BY id), '{}') FROM job_event WHERE job_id = job.id) AS events
       FROM job WHERE id = $1`,
    [job.id],
  );
  return state;
}

const removalsOf = async (job: JobRow): Promise<{ prefix: string; hours: number }[]> =>
  db.query(
    `SELECT key_prefix AS prefix, round(extract(epoch FROM due_at - now()) / 3600)::int AS hours
       FROM object_removal WHERE key_prefix LIKE '%/' || $1 || '/%' ORDER BY due_at, id`,
    [job.uid],
  );
const makeDue = (job: JobRow) =>
  db.query(`UPDATE object_removal SET due_at = now() WHERE key_prefix LIKE '%/' || $1 || '/%'`, [job.uid]);

async function expiredJob(): Promise<JobRow> {
  const job = await makeJob(db, { tenant, status: 'created' });
  await db.query(`UPDATE job SET expires_at = now() - interval '1 minute' WHERE id = $1`, [job.id]);
  return job;
}

async function claim(run: RunRow): Promise<ClaimedRun> {
  const result = await runs.claim(run.uid);
  if (result.kind !== 'claimed') throw new Error(`the run was ${result.kind}`);
  return result.run;
}

/** A job that failed so long ago, with an input of two versions. */
async function endedJob(daysAgo: number): Promise<JobRow> {
  const run = await makeRun(db, { tenant });
  await runs.fail(await claim(run), ERROR);
  await db.query(`UPDATE job SET finished_at = now() - $2 * interval '1 day' WHERE id = $1`, [run.job.id, daysAgo]);
  await put(`inputs/${run.job.uid}/INPUT_FILE`, 'pinned');
  await put(`inputs/${run.job.uid}/INPUT_FILE`, 'replaced');
  return run.job;
}

/** A set of a job that ended so long ago, with one file. */
async function agedSet(daysAgo: number): Promise<{ uid: string; job: JobRow }> {
  const set = await makeOutputSet(db, { tenant, files: [{ name: 'a.jsonl', size: 1, records: 1, content: 'x' }], s3 });
  await db.query(`UPDATE output_set SET created_at = now() - $2 * interval '1 day' WHERE uid = $1`, [set.uid, daysAgo]);
  return set;
}
const isRetired = async (set: { uid: string }): Promise<boolean> =>
  (await db.query(`SELECT removed_at IS NOT NULL AS removed FROM output_set WHERE uid = $1`, [set.uid]))[0].removed;

/** A transaction whose `now()` is before a job's expiry, which for everybody else is over. */
async function beginBeforeExpiryOf(job: JobRow): Promise<QueryRunner> {
  const early = db.createQueryRunner();
  await early.startTransaction();
  // Its clock stands still from here on.
  await early.query('SELECT now()');
  // The column's milliseconds may be rounded down.
  await db.query(`UPDATE job SET expires_at = clock_timestamp() + interval '2 milliseconds' WHERE id = $1`, [job.id]);
  await waitFor(async () => (await db.query(`SELECT FROM job WHERE id = $1 AND expires_at < now()`, [job.id])).length === 1);
  return early;
}

describe('a job that was never started', () => {
  it('ends at its expiry, and what was uploaded goes with it, in all versions', async () => {
    const [job, young] = [await expiredJob(), await makeJob(db, { tenant, status: 'created' })];
    await put(`inputs/${job.uid}/INPUT_FILE`, 'first');
    await put(`inputs/${job.uid}/INPUT_FILE`, 'second');
    await put(`inputs/${young.uid}/INPUT_FILE`);
    await maintain();
    expect(await stateOf(job)).toEqual({ status: 'expired', endedAtExpiry: true, inputsRemoved: true, events: ['job.expired'] });
    expect(await versionsUnder(`inputs/${job.uid}/`)).toEqual([]);
    expect(await stateOf(young)).toMatchObject({ status: 'created', inputsRemoved: false, events: [] });
    expect(await versionsUnder(`inputs/${young.uid}/`)).toHaveLength(1);
  });

  it('loses what still arrives, too, from an upload that began while its URL worked', async () => {
    const job = await expiredJob();
    await maintain();
    const prefix = `inputs/${job.uid}/`;
    await put(`${prefix}INPUT_FILE`, 'late');
    expect(await removalsOf(job)).toEqual([{ prefix, hours: 24 }]);
    await makeDue(job);
    await maintain();
    expect(await versionsUnder(prefix)).toEqual([]);
    expect(await removalsOf(job)).toEqual([]);
  });

  it('expires once, however many processes look', async () => {
    const jobs = await Promise.all(Array.from({ length: 30 }, expiredJob));
    const counts = await Promise.all(Array.from({ length: 6 }, () => expireJobs(db, 10)));
    expect(Math.max(...counts)).toBeLessThanOrEqual(10);
    await maintain();
    for (const job of jobs) expect(await stateOf(job)).toMatchObject({ status: 'expired', events: ['job.expired'] });
  });

  it('is left to a start that is under way', async () => {
    const job = await makeJob(db, { tenant, status: 'created' });
    const start = await beginBeforeExpiryOf(job);
    expect(await queueCreatedJob(start.manager, job.id, uuidv7(), [], null)).not.toBeNull();
    await maintain();
    await start.commitTransaction();
    await start.release();
    await maintain();
    expect(await stateOf(job)).toMatchObject({ status: 'queued', inputsRemoved: false, events: ['job.queued'] });
  });

  it('cannot be started once its expiry is under way', async () => {
    const job = await makeJob(db, { tenant, status: 'created' });
    const early = await beginBeforeExpiryOf(job);
    await maintain();
    expect(await queueCreatedJob(early.manager, job.id, uuidv7(), [], null)).toBeNull();
    await early.rollbackTransaction();
    await early.release();
    expect(await stateOf(job)).toMatchObject({ status: 'expired', events: ['job.expired'] });
  });

  it('is started or expires, and never both, when both are tried at once', async () => {
    const jobs = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const job = await makeJob(db, { tenant, status: 'created' });
        await db.query(`UPDATE job SET expires_at = clock_timestamp() + $2 * interval '20 milliseconds' WHERE id = $1`, [
          job.id,
          index,
        ]);
        return job;
      }),
    );
    const sweeping = waitFor(
      async () =>
        (await expireJobs(db, 5)) === 0 && (await Promise.all(jobs.map(stateOf))).every(({ status }) => status !== 'created'),
    );
    const started = await Promise.all(jobs.map((job) => db.transaction((tx) => queueCreatedJob(tx, job.id, uuidv7(), [], null))));
    await sweeping;
    for (const [index, job] of jobs.entries())
      expect(await stateOf(job)).toMatchObject(
        started[index]
          ? { status: 'queued', inputsRemoved: false, events: ['job.queued'] }
          : { status: 'expired', inputsRemoved: true, events: ['job.expired'] },
      );
  });
});

describe('the inputs of a job that has ended', () => {
  it('are kept for as long as the operator says, and then go in all versions', async () => {
    const [old, young] = [await endedJob(2.1), await endedJob(1.9)];
    const running = await makeRun(db, { tenant });
    await claim(running);
    await put(`inputs/${running.job.uid}/INPUT_FILE`);
    await maintain({ inputDays: 2 });
    expect(await versionsUnder(`inputs/${old.uid}/`)).toEqual([]);
    expect(await stateOf(old)).toMatchObject({ status: 'failed', inputsRemoved: true });
    expect(await versionsUnder(`inputs/${young.uid}/`)).toHaveLength(2);
    expect(await stateOf(young)).toMatchObject({ inputsRemoved: false });
    expect(await versionsUnder(`inputs/${running.job.uid}/`)).toHaveLength(1);
  });

  it('are kept for ever where that is said', async () => {
    const job = await endedJob(10_000);
    await maintain({ inputDays: null });
    expect(await stateOf(job)).toMatchObject({ inputsRemoved: false });
    expect(await versionsUnder(`inputs/${job.uid}/`)).toHaveLength(2);
    await maintain({ inputDays: 9_999 });
    expect(await versionsUnder(`inputs/${job.uid}/`)).toEqual([]);
  });

  it('are given up by a retry, or kept by it, whoever comes first', async () => {
    const retryJob = new RetryJob(db, queue, { startTtlHours: 1, maxUploadBytes: 1, maxOpenPerClient: 0, maxOpenPerUser: 0 });
    const retry = (job: JobRow) => retryJob.execute(job.uid, { partners: [tenant.partner.code] });
    const jobs = await Promise.all(Array.from({ length: 10 }, () => endedJob(5)));
    const [results] = await Promise.all([Promise.all(jobs.map(retry)), retireInputFiles(db, 4, 100)]);
    await maintain({ inputDays: 4 });
    for (const [index, job] of jobs.entries()) {
      const kept = results[index]?.kind === 'queued';
      if (!kept) expect(results[index]).toMatchObject({ kind: 'job_not_retryable', reason: 'inputs_removed' });
      expect(await stateOf(job)).toMatchObject({ status: kept ? 'queued' : 'failed', inputsRemoved: !kept });
      expect(await versionsUnder(`inputs/${job.uid}/`)).toHaveLength(kept ? 2 : 0);
    }
  });
});

describe('the files of an output set', () => {
  it('are kept for as long as the operator says, and then go, with what lost attempts left', async () => {
    const [old, young] = [await agedSet(2.1), await agedSet(1.9)];
    await put(`outputs/${old.job.uid}/1/2/a.jsonl`);
    await put(`outputs/${old.job.uid}/2/1/a.jsonl`);
    await maintain({ outputDays: 2 });
    expect(await isRetired(old)).toBe(true);
    expect(await versionsUnder(`outputs/${old.job.uid}/1/`)).toEqual([]);
    // Another run's.
    expect(await versionsUnder(`outputs/${old.job.uid}/2/`)).toHaveLength(1);
    expect(await isRetired(young)).toBe(false);
    expect(await versionsUnder(`outputs/${young.job.uid}/`)).toHaveLength(1);
  });

  it('are kept for ever where that is said', async () => {
    const set = await agedSet(10_000);
    await maintain({ inputDays: 1 });
    expect(await isRetired(set)).toBe(false);
    expect(await versionsUnder(`outputs/${set.job.uid}/`)).toHaveLength(1);
  });
});

describe('what a run leaves behind', () => {
  it('goes an hour after its end: all of a run that failed, and the earlier attempts of one that succeeded', async () => {
    const [failed, succeeded, smooth] = [await makeRun(db), await makeRun(db), await makeRun(db)];
    await runs.fail(await claim(failed), ERROR);
    await claim(succeeded);
    const second = await claim(succeeded);
    const outputs = [{ name: 'a', key: `outputs/${second.jobUid}/1/2/a`, versionId: null, size: 1, records: 1 }];
    await runs.finish(second, outputs, COUNTS);
    await runs.finish(await claim(smooth), [], COUNTS);
    expect(await removalsOf(failed.job)).toEqual([{ prefix: `outputs/${failed.job.uid}/1/`, hours: 1 }]);
    expect(await removalsOf(succeeded.job)).toEqual([{ prefix: `outputs/${succeeded.job.uid}/1/1/`, hours: 1 }]);
    expect(await removalsOf(smooth.job)).toEqual([]);
  });
});

describe('the maintenance', () => {
  it('says what is given up while the object store is away, and removes it when it is back', async () => {
    const [job, set] = [await expiredJob(), await agedSet(5)];
    await put(`inputs/${job.uid}/INPUT_FILE`);
    refused = () => true;
    await expect(maintain({ outputDays: 4 })).rejects.toThrow('will be tried again');
    expect(await stateOf(job)).toMatchObject({ status: 'expired', inputsRemoved: true });
    expect(await isRetired(set)).toBe(true);
    refused = () => false;
    expect(await versionsUnder(`inputs/${job.uid}/`)).toHaveLength(1);
    await makeDue(job);
    await makeDue(set.job);
    await maintain({ outputDays: 4 });
    expect(await versionsUnder(`inputs/${job.uid}/`)).toEqual([]);
    expect(await versionsUnder(`outputs/${set.job.uid}/`)).toEqual([]);
    expect(await removalsOf(set.job)).toEqual([]);
  });

  it('is not held up by one removal that fails', async () => {
    const [stubborn, easy] = [await expiredJob(), await expiredJob()];
    for (const { uid } of [stubborn, easy]) await put(`inputs/${uid}/INPUT_FILE`);
    refused = (method, url) => method === 'GET' && url.includes(stubborn.uid);
    await expect(maintain()).rejects.toThrow('will be tried again');
    refused = () => false;
    expect(await versionsUnder(`inputs/${easy.uid}/`)).toEqual([]);
    expect(await versionsUnder(`inputs/${stubborn.uid}/`)).toHaveLength(1);
    expect(await removalsOf(stubborn)).toHaveLength(2);
  });

  it('may be done by any number of processes at once, each removal being taken by one', async () => {
    const jobs = await Promise.all(Array.from({ length: 12 }, () => endedJob(8)));
    let lists = 0;
    refused = (method, url) => {
      if (method === 'GET' && url.includes('versions') && jobs.some(({ uid }) => url.includes(uid))) lists += 1;
      return false;
    };
    await Promise.all(Array.from({ length: 4 }, () => maintain({ inputDays: 7 })));
    // Each ends when nothing is left to be taken, which may be before another has removed what it took.
    let looks = 0;
    await waitFor(async () => {
      looks += 1;
      return (await Promise.all(jobs.map(({ uid }) => versionsUnder(`inputs/${uid}/`)))).flat().length === 0;
    });
    expect(lists).toBe((1 + looks) * jobs.length);
  });

  it('goes on where it was cut off', async () => {
    const job = await expiredJob();
    await put(`inputs/${job.uid}/INPUT_FILE`);
    await maintain({}, AbortSignal.abort());
    expect(await stateOf(job)).toMatchObject({ status: 'created' });
    expect(await expireJobs(db, 100)).toBeGreaterThan(0);
    await maintain();
    expect(await versionsUnder(`inputs/${job.uid}/`)).toEqual([]);
  });
});

it('forgets the idempotency keys that are free again, and no other', async () => {
  await db.query(
    `INSERT INTO idempotency_key (issuer, client_id, key, operation, body_sha256, claim, answer, expires_at)
     SELECT 'https://issuer.test', 'client', 'key-' || n, 'POST /v1/jobs', sha256('{}'), gen_random_uuid(),
            CASE WHEN n % 2 = 0 THEN '{}'::jsonb END, now() + CASE WHEN n <= 600 THEN interval '0' ELSE interval '1 minute' END
       FROM generate_series(1, 602) AS n`,
  );
  await maintain();
  const left: { key: string }[] = await db.query(`SELECT key FROM idempotency_key ORDER BY key`);
  expect(left.map(({ key }) => key)).toEqual(['key-601', 'key-602']);
});
