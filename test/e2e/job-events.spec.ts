import { v7 as uuidv7 } from 'uuid';
import { JobEventFeed } from '../../src/jobs/job-event-feed';
import { failRun } from '../../src/jobs/run-end';
import { claimRun } from '../../src/jobs/run-claim';
import { reportProgress } from '../../src/jobs/run-progress';
import type { ClaimedRun } from '../../src/jobs/runs.service';
import { startTestApplication, type Json, type TestApplication } from '../support/application';
import { openEventStream, type TestEventStream } from '../support/event-stream';
import { createJob, upload } from '../support/partner';
import { waitFor } from '../support/wait';

const ERROR = { code: 'column_missing', title: 'A column is missing', detail: 'x', file: 'INPUT_FILE', line: 1 };
const COUNTS = { rowsRead: 1, rowsWritten: 1, files: { inputs: {}, outputs: {} }, warnings: [], warningCount: 0 };

/** GET /v1/jobs/{uid}/events, as a list and live. */
describe("a job's events", () => {
  let slipway: TestApplication;
  const open: TestEventStream[] = [];
  beforeAll(async () => {
    slipway = await startTestApplication();
  });
  afterAll(() => slipway.close());
  afterEach(() => open.splice(0).forEach((stream) => stream.close()));

  const path = (uid: string): string => `/v1/jobs/${uid}/events`;
  const list = async (uid: string, query = ''): Promise<Json> => (await slipway.request('get', `${path(uid)}?${query}`)).json;
  const typesOf = (events: Json[]): string[] => events.map(({ type }: { type: string }) => type);

  async function follow(uid: string, headers: Record<string, string> = {}, claims = {}): Promise<TestEventStream> {
    const authorization = `Bearer ${await slipway.token(claims)}`;
    const stream = await openEventStream(slipway.url + path(uid), { authorization, ...headers });
    open.push(stream);
    return stream;
  }
  async function startedJob(): Promise<string> {
    const { uid, uploads } = await createJob(slipway);
    await upload(uploads.INPUT_FILE, 'x');
    expect((await slipway.request('post', `/v1/jobs/${uid}/start`)).status).toBe(202);
    return uid;
  }
  async function claimedRun(uid: string): Promise<ClaimedRun> {
    const [row] = await slipway.db.query(
      `SELECT run.uid FROM run JOIN job ON job.id = run.job_id WHERE job.uid = $1 AND run.status = 'queued'`,
      [uid],
    );
    const claim = await claimRun(slipway.db, row.uid as string);
    if (claim.kind !== 'claimed') throw new Error('the run is not runnable');
    return claim.run;
  }
  /** Waits until the process hears of events, which it begins to with the first stream. */
  const listening = () =>
    waitFor(async () => {
      const sql = `SELECT FROM pg_stat_activity
                    WHERE datname = current_database() AND application_name = 'slipway-notifications' AND query LIKE 'LISTEN%' AND state = 'idle'`;
      return (await slipway.db.query(sql)).length === 1;
    });
  const report = (run: ClaimedRun) =>
    reportProgress(slipway.db, run, { stage: 'transforming', percent: 1, node: null, ...COUNTS });
  const fail = async (run: ClaimedRun) => failRun(slipway.db, run, ERROR);

  describe('as a list', () => {
    it('tell what happened, oldest first', async () => {
      const uid = await startedJob();
      await fail(await claimedRun(uid));
      const { items, hasMore } = await list(uid);
      expect(hasMore).toBe(false);
      expect(items).toEqual([
        { uid: expect.any(String), type: 'job.created', at: expect.stringMatching(/Z$/), data: {} },
        { uid: expect.any(String), type: 'job.queued', at: expect.stringMatching(/Z$/), data: {} },
        { uid: expect.any(String), type: 'run.started', at: expect.stringMatching(/Z$/), data: { run: 1, attempt: 1 } },
        { uid: expect.any(String), type: 'job.failed', at: expect.stringMatching(/Z$/), data: { error: ERROR } },
      ]);
    });

    it('come page by page, with a cursor at the end that finds what is added later, once', async () => {
      const uid = await startedJob();
      const first = await slipway.request('get', `${path(uid)}?limit=1`);
      expect([typesOf(first.json.items), first.json.hasMore]).toEqual([['job.created'], true]);
      expect(first.headers.get('link')).toContain(`${path(uid)}?limit=1&cursor=`);
      const second = await list(uid, `limit=1&cursor=${first.json.nextCursor}`);
      expect([typesOf(second.items), second.hasMore]).toEqual([['job.queued'], false]);
      expect((await list(uid, `limit=1&cursor=${second.nextCursor}`)).items).toEqual([]);
      await claimedRun(uid);
      expect(typesOf((await list(uid, `cursor=${second.nextCursor}`)).items)).toEqual(['run.started']);
    });

    it('take no cursor of another job, and no other parameter', async () => {
      const [one, other] = [(await createJob(slipway)).uid, (await createJob(slipway)).uid];
      const { nextCursor } = await list(one);
      expect(await list(other, `cursor=${nextCursor}`)).toMatchObject({ status: 400, code: 'invalid_cursor' });
      expect(await list(one, 'since=1')).toMatchObject({
        status: 400,
        errors: [{ parameter: 'since', code: 'invalid_request' }],
      });
    });
  });

  it.each(['application/json', 'text/event-stream'])('are those of nobody else, as %s', async (accept) => {
    const { uid } = await createJob(slipway);
    const token = await slipway.token({ scope: 'read:jobs partner:other' });
    for (const each of [uid, uuidv7(), 'x']) {
      const response = await slipway.request('get', path(each), { token, headers: { accept } });
      expect([each, response.status, response.json.code]).toEqual([each, 404, 'job_not_found']);
    }
  });

  describe('live', () => {
    it('are all of them, as they happen, until the job is over', async () => {
      const uid = await startedJob();
      const stream = await follow(uid);
      expect([stream.status, stream.headers['content-type']]).toEqual([200, 'text/event-stream; charset=utf-8']);
      expect([stream.headers['cache-control'], stream.headers['x-accel-buffering']]).toEqual(['no-store', 'no']);
      await waitFor(() => stream.events().length === 2);
      await listening();
      // Nobody looks by the clock, so what comes is what was notified.
      const looks = jest.spyOn(JobEventFeed.prototype as unknown as { check(): Promise<void> }, 'check').mockResolvedValue();
      try {
        const run = await claimedRun(uid);
        await waitFor(() => stream.events().length === 3);
        await report(run);
        await fail(run);
        await stream.ended;
      } finally {
        looks.mockRestore();
      }
      expect(stream.text()).toMatch(/^retry: \d+\n\n/);
      expect(stream.events()).toEqual((await list(uid)).items);
      expect(typesOf(stream.events()).slice(2)).toEqual(['run.started', 'run.progress', 'job.failed']);
      const ids = [...stream.text().matchAll(/^id: (.*)\nevent: (.*)\n/gm)].map(([, id, type]) => ({ uid: id, type }));
      expect(ids).toEqual(stream.events().map((event: Json) => ({ uid: event.uid, type: event.type })));
    });

    it('go on after the last one that the reader has', async () => {
      const uid = await startedJob();
      const { items } = await list(uid);
      const stream = await follow(uid, { 'last-event-id': items[0].uid });
      await fail(await claimedRun(uid));
      await stream.ended;
      expect(typesOf(stream.events())).toEqual(['job.queued', 'run.started', 'job.failed']);
    });

    it('of a job that is over end at once, and with nothing to follow tell the reader not to come again', async () => {
      const uid = await startedJob();
      await fail(await claimedRun(uid));
      const stream = await follow(uid);
      await stream.ended;
      const last = stream.events().at(-1);
      expect(last.type).toBe('job.failed');
      expect((await follow(uid, { 'last-event-id': last.uid })).status).toBe(204);
    });

    it('go on for a job that is retried', async () => {
      const uid = await startedJob();
      await fail(await claimedRun(uid));
      const last = (await list(uid)).items.at(-1);
      expect((await slipway.request('post', `/v1/jobs/${uid}/retry`)).status).toBe(202);
      const stream = await follow(uid, { 'last-event-id': last.uid });
      await waitFor(() => stream.events().length === 1);
      expect((await slipway.request('post', `/v1/jobs/${uid}/cancel`)).status).toBe(202);
      await stream.ended;
      expect(typesOf(stream.events())).toEqual(['job.queued', 'job.cancelled']);
    });

    it('of a job that expired end though no sweep has been there', async () => {
      const { uid } = await createJob(slipway);
      const stream = await follow(uid);
      await waitFor(() => stream.events().length === 1);
      await slipway.db.query(`UPDATE job SET expires_at = now() - interval '1 hour' WHERE uid = $1`, [uid]);
      await stream.ended;
      expect(typesOf(stream.events())).toEqual(['job.created']);
    });

    it('reach every reader of every job once, however many there are', async () => {
      const uids = await Promise.all(Array.from({ length: 5 }, () => startedJob()));
      const streams = await Promise.all(uids.flatMap((uid) => [follow(uid), follow(uid)]));
      await Promise.all(
        uids.map(async (uid) => {
          const run = await claimedRun(uid);
          for (let reports = 0; reports < 10; reports++) await report(run);
          await fail(run);
        }),
      );
      await Promise.all(streams.map(({ ended }) => ended));
      const expected = await Promise.all(uids.flatMap((uid) => [list(uid), list(uid)]));
      expect(streams.map((stream) => stream.events())).toEqual(expected.map(({ items }) => items));
    });

    it('are missed by none who has more of them to read than are read at once', async () => {
      const { uid } = await createJob(slipway);
      await slipway.db.query(
        `INSERT INTO job_event (uid, job_id, type) SELECT gen_random_uuid(), id, 'run.progress' FROM job, generate_series(1, 250) WHERE job.uid = $1`,
        [uid],
      );
      const stream = await follow(uid);
      await waitFor(() => stream.events().length === 251);
      expect(new Set(stream.events().map((event: Json) => event.uid)).size).toBe(251);
    });

    it('end with the token', async () => {
      const { uid } = await createJob(slipway);
      const exp = Math.floor(Date.now() / 1000) + 2;
      const stream = await follow(uid, {}, { exp });
      await stream.ended;
      // Node's timers may be a millisecond early.
      expect(Date.now()).toBeGreaterThanOrEqual(exp * 1000 - 1);
      expect(stream.text()).toContain('\n: the time of this stream or of who reads it is over');
    });

    it.each([
      ['an event of another job', async () => (await list((await createJob(slipway)).uid)).items[0].uid as string],
      ['an event that there is not', () => uuidv7()],
      ['no uid', () => '7'],
    ])('cannot go on after %s', async (_name, lastEventId) => {
      const { uid } = await createJob(slipway);
      const headers = { accept: 'text/event-stream', 'last-event-id': await lastEventId() };
      const { status, json } = await slipway.request('get', path(uid), { headers });
      expect([status, json.code]).toEqual([400, 'invalid_request']);
      expect(json.errors).toEqual([{ header: 'Last-Event-ID', code: 'invalid_request', detail: expect.any(String) }]);
    });

    it('have no pages', async () => {
      const { uid } = await createJob(slipway);
      const { status, json } = await slipway.request('get', `${path(uid)}?limit=1&cursor=x`, {
        headers: { accept: 'text/event-stream' },
      });
      expect([status, json.errors.map((error: Json) => error.parameter)]).toEqual([400, ['limit', 'cursor']]);
    });

    it('are followed by so many streams of one client, and by others beside, until some of them end', async () => {
      const { uid } = await createJob(slipway);
      const streams = await Promise.all(Array.from({ length: 20 }, () => follow(uid)));
      expect(streams.map(({ status }) => status)).toEqual(Array(20).fill(200));
      const refused = await slipway.request('get', path(uid), { headers: { accept: 'text/event-stream' } });
      expect([refused.status, refused.json.code, refused.headers.get('retry-after')]).toEqual([429, 'too_many_streams', '30']);
      expect((await follow(uid, {}, { client_id: 'lms' })).status).toBe(200);
      streams[0]?.close();
      await waitFor(async () => (await follow(uid)).status === 200);
    });

    it('come through a loss of the connection that listens', async () => {
      const uid = await startedJob();
      const stream = await follow(uid);
      await waitFor(() => stream.events().length === 2);
      const terminate = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                          WHERE datname = current_database() AND application_name = 'slipway-notifications'`;
      await waitFor(async () => (await slipway.db.query(terminate)).length === 1);
      const run = await claimedRun(uid);
      await waitFor(() => stream.events().length === 3);
      await fail(run);
      await stream.ended;
      expect(typesOf(stream.events())).toEqual(['job.created', 'job.queued', 'run.started', 'job.failed']);
    });

    it('are found without notifications too, a little later', async () => {
      const uid = await startedJob();
      const stream = await follow(uid);
      await waitFor(() => stream.events().length === 2);
      await slipway.db.query('ALTER TABLE job_event DISABLE TRIGGER job_event_notify');
      try {
        await fail(await claimedRun(uid));
        await stream.ended;
      } finally {
        await slipway.db.query('ALTER TABLE job_event ENABLE TRIGGER job_event_notify');
      }
      expect(typesOf(stream.events()).at(-1)).toBe('job.failed');
    });

    it('end with the process', async () => {
      const { uid } = await createJob(slipway);
      const own = await startTestApplication();
      const { uid: ownUid } = await createJob(own);
      const authorization = `Bearer ${await own.token()}`;
      const stream = await openEventStream(own.url + path(ownUid), { authorization });
      await waitFor(() => stream.events().length === 1);
      await own.close();
      await stream.ended;
      expect(own.app.get(JobEventFeed).closed.aborted).toBe(true);
      expect((await list(uid)).items).toHaveLength(1);
    });
  });
});
