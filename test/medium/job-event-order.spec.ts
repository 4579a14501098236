import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { CancelJob } from '../../src/jobs/cancel-job';
import { queueCreatedJob } from '../../src/jobs/job.queries';
import { RetryJob } from '../../src/jobs/retry-job';
import { claimRun } from '../../src/jobs/run-claim';
import { failRun, finishRun, releaseRun } from '../../src/jobs/run-end';
import { reportProgress } from '../../src/jobs/run-progress';
import type { ClaimedRun } from '../../src/jobs/runs.service';
import { dataSourceOptions } from '../../src/platform/database/data-source';
import { RunQueue } from '../../src/platform/queue/run-queue';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { makeJob, makeRun, type JobRow } from '../support/factories';
import { waitFor } from '../support/wait';

const ERROR = { code: 'x', title: 'X', detail: 'x', file: null, line: null };
const COUNTS = { rowsRead: 1, rowsWritten: 1, files: { inputs: {}, outputs: {} }, warnings: [], warningCount: 0 };

/** Readers go on after the last id that they saw, so an event must not get an id before the one who writes it has the job. */
describe('an event of a job', () => {
  let database: TestDatabase;
  let db: DataSource;
  let queue: RunQueue;
  beforeAll(async () => {
    database = await createTestDatabase();
    db = await new DataSource(dataSourceOptions(database.url)).initialize();
    queue = new RunQueue(db);
    await queue.onModuleInit();
  });
  afterAll(async () => {
    await queue.onModuleDestroy();
    await db.destroy();
    await database.drop();
  });

  async function claimed(): Promise<{ job: JobRow; run: ClaimedRun }> {
    const { job, uid } = await makeRun(db);
    const claim = await claimRun(db, uid);
    if (claim.kind !== 'claimed') throw new Error('the run is not runnable');
    return { job, run: claim.run };
  }
  const accessTo = (job: JobRow) => ({ partners: [job.tenant.partner.code] });

  /** Sets the scene, and says of which job it is and what writes the event. */
  const WRITERS: Record<string, () => Promise<{ job: JobRow; write: () => Promise<unknown> }>> = {
    'a start': async () => {
      const job = await makeJob(db, { status: 'created' });
      return { job, write: () => db.transaction((tx) => queueCreatedJob(tx, job.id, uuidv7(), [], null)) };
    },
    'a claim': async () => {
      const { job, uid } = await makeRun(db);
      return { job, write: () => claimRun(db, uid) };
    },
    progress: async () => {
      const { job, run } = await claimed();
      return { job, write: () => reportProgress(db, run, { stage: 'storing', percent: 1, node: null, ...COUNTS }) };
    },
    'a release': async () => {
      const { job, run } = await claimed();
      return { job, write: () => releaseRun(db, run, ERROR) };
    },
    success: async () => {
      const { job, run } = await claimed();
      return { job, write: () => finishRun(db, run, [], COUNTS) };
    },
    failure: async () => {
      const { job, run } = await claimed();
      return { job, write: () => failRun(db, run, ERROR) };
    },
    'a cancel': async () => {
      const { job } = await makeRun(db);
      return { job, write: () => new CancelJob(db, queue).execute(job.uid, accessTo(job)) };
    },
    'a retry': async () => {
      const { job, run } = await claimed();
      await failRun(db, run, ERROR);
      const retryJob = new RetryJob(db, queue, { startTtlHours: 1, maxUploadBytes: 1, maxOpenPerClient: 0, maxOpenPerUser: 0 });
      return { job, write: () => retryJob.execute(job.uid, accessTo(job)) };
    },
  };

  it.each(Object.entries(WRITERS))('written by %s waits for the job before it takes its place', async (_name, scene) => {
    const { job, write } = await scene();
    const lastId = async () => {
      const [row] = await db.query(`SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS id FROM job_event_id_seq`);
      return row.id as string;
    };
    const eventsOf = async () => {
      const rows: unknown[] = await db.query(`SELECT FROM job_event WHERE job_id = $1`, [job.id]);
      return rows.length;
    };
    const [before, events] = [await lastId(), await eventsOf()];
    let writing: Promise<unknown> = Promise.resolve();
    await db.transaction(async (tx) => {
      await tx.query(`SELECT FROM job WHERE id = $1 FOR NO KEY UPDATE`, [job.id]);
      writing = write();
      await waitFor(async () => {
        const waiting: unknown[] = await db.query(
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        return waiting.length === 1;
      });
      expect(await lastId()).toBe(before);
    });
    await writing;
    expect(await eventsOf()).toBe(events + 1);
    expect(await lastId()).not.toBe(before);
  });
});
