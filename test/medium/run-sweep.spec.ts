import { DataSource } from 'typeorm';
import { RunsService } from '../../src/jobs/runs.service';
import { dataSourceOptions } from '../../src/platform/database/data-source';
import { RunQueue } from '../../src/platform/queue/run-queue';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { makeJob, makeRun, type RunRow } from '../support/factories';

/** Times are rounded to milliseconds, so a run made just now may be dated a little ahead. */
const ANY_AGE = -1;
const ERROR = { code: 'input_invalid', title: 'An input file is not valid', detail: 'Line 3.', file: null, line: null };

describe('the sweep', () => {
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

  const messagesOf = async (run: RunRow): Promise<string[]> =>
    (
      await db.query(`SELECT state FROM pgboss.job WHERE name = 'runs' AND singleton_key = $1 ORDER BY created_on`, [run.uid])
    ).map(({ state }: { state: string }) => state);

  it('announces live runs that have no message, by any number of workers at once, and no others', async () => {
    const lost = await makeRun(db);
    const running = await makeRun(db);
    await runs.claim(running.uid);
    const ended = await makeRun(db);
    const claimed = await runs.claim(ended.uid);
    if (claimed.kind !== 'claimed') throw new Error(`the run was ${claimed.kind}`);
    await runs.fail(claimed.run, ERROR);
    await Promise.all([runs.sweep(ANY_AGE), runs.sweep(ANY_AGE), runs.sweep(ANY_AGE)]);
    expect(await messagesOf(lost)).toEqual(['created']);
    expect(await messagesOf(running)).toEqual(['created']);
    expect(await messagesOf(ended)).toEqual([]);
  });

  it('costs one statement for many, whether they have a message or not', async () => {
    for (let run = 0; run < 20; run++) await makeRun(db);
    await runs.sweep(ANY_AGE);
    const query = jest.spyOn(db.manager, 'query');
    await runs.sweep(ANY_AGE);
    expect(query.mock.calls.length).toBeLessThan(4);
    query.mockRestore();
  });

  it('announces a run as its start does', async () => {
    const [started, swept] = [await makeRun(db), await makeRun(db)];
    const { tenant } = started.job;
    await queue.enqueue(db.manager, { runUid: started.uid, tenant: `${tenant.partner.code}/${tenant.code}` });
    await runs.sweep(ANY_AGE);
    const messageOf = async (run: RunRow) => {
      const [message] = await db.query(`SELECT * FROM pgboss.job WHERE name = 'runs' AND singleton_key = $1`, [run.uid]);
      const { id: _id, created_on: _on, start_after: _after, keep_until: _until, ...rest } = message;
      return JSON.parse(
        JSON.stringify(rest).replaceAll(run.uid, 'the run').replaceAll(run.job.tenant.partner.code, 'the partner'),
      );
    };
    expect(await messageOf(swept)).toEqual({ ...(await messageOf(started)), group_id: `the partner/${swept.job.tenant.code}` });
  });

  it('announces a run again whose message has ended without it', async () => {
    const run = await makeRun(db);
    await runs.sweep(ANY_AGE);
    await db.query(`UPDATE pgboss.job SET state = 'failed', completed_on = now() WHERE singleton_key = $1`, [run.uid]);
    await runs.sweep(ANY_AGE);
    expect((await messagesOf(run)).sort()).toEqual(['created', 'failed']);
  });

  it('leaves young runs alone, whose message may be on its way', async () => {
    const run = await makeRun(db, { job: await makeJob(db) });
    await runs.sweep();
    expect(await messagesOf(run)).toEqual([]);
  });
});
