import { upload } from '../support/partner';
import { WEB_OPERATIONS } from '../support/api-document';
import { makeOutputSet } from '../support/factories';
import { startWebTestApplication, type SignedInAgent, type WebTestApplication } from '../support/web';

const BASE = '/api/partners/demo/tenants/north';
const NEW_JOB = {
  bundle: 'bundles/scores',
  schoolYear: '2026',
  files: { INPUT_FILE: 'scores.csv' },
  params: { TEST_TYPE: 'Fall' },
};

describe("a tenant's jobs on the web page", () => {
  let slipway: WebTestApplication;
  let ada: SignedInAgent;
  let grace: SignedInAgent;
  beforeAll(async () => {
    slipway = await startWebTestApplication();
    const roles = [{ role: 'staff', partner: 'demo', tenant: 'north' }] as const;
    ada = await slipway.signIn({ roles });
    grace = await slipway.signIn({ name: 'Grace Hopper', roles });
  });
  afterAll(() => slipway.close());

  const create = async (changes: object = {}) => {
    const response = await ada.request('post', `${BASE}/jobs`, { body: { ...NEW_JOB, ...changes } });
    if (response.status !== 201) throw new Error(response.text);
    return response.json as { uid: string; uploads: Record<string, { url: string; headers: Record<string, string> }> };
  };
  const get = async (uid: string) => (await ada.request('get', `${BASE}/jobs/${uid}`)).json;
  const fail = async (uid: string): Promise<void> => {
    const error = { code: 'column_missing', title: 't', detail: 'd', file: null, line: null };
    await slipway.db.query(
      `WITH failed AS (UPDATE job SET status = 'failed', started_at = now(), finished_at = now(), error = $2 WHERE uid = $1 RETURNING id)
       INSERT INTO run (uid, job_id, number, status, attempt, started_at, finished_at, error)
       SELECT gen_random_uuid(), id, 1, 'failed', 1, now(), now(), $2 FROM failed`,
      [uid, error],
    );
  };

  it('tells of the tenant', async () => {
    expect((await ada.request('get', BASE)).json).toEqual({
      partner: { code: 'demo', name: 'Demo' },
      tenant: { code: 'north', name: 'north' },
      schoolYears: ['2026', '2025', '2024'],
      role: 'staff',
      canAdminister: false,
    });
    expect((await ada.request('get', '/api/partners/demo/tenants/south')).json.code).toBe('tenant_not_found');
  });

  it('are made, started, cancelled and retried as through the External API', async () => {
    const { uid, uploads } = await create();
    expect((await ada.request('post', `${BASE}/jobs/${uid}/start`)).json.code).toBe('files_missing');
    expect(Object.keys((await ada.request('post', `${BASE}/jobs/${uid}/upload-urls`)).json.uploads)).toEqual(['INPUT_FILE']);
    await upload(uploads.INPUT_FILE!, 'a,b');
    expect((await get(uid)).can).toMatchObject({ start: true, cancel: true, renewUploads: true, retry: false });
    expect((await ada.request('post', `${BASE}/jobs/${uid}/start`)).status).toBe(202);
    expect((await grace.request('post', `${BASE}/jobs/${uid}/cancel`)).status).toBe(202);
    expect((await get(uid)).can).toMatchObject({ start: false, cancel: false, retry: true, resolve: false });
    expect((await ada.request('post', `${BASE}/jobs/${uid}/retry`)).status).toBe(202);
    const events = (await ada.request('get', `${BASE}/jobs/${uid}/events`)).json.items.map(
      ({ type, by }: { type: string; by: string | null }) => [type, by],
    );
    expect(events).toEqual([
      ['job.created', null],
      ['job.queued', 'Ada Lovelace'],
      ['job.cancelled', 'Grace Hopper'],
      ['job.queued', 'Ada Lovelace'],
    ]);
    const v1 = (await slipway.request('get', `/v1/jobs/${uid}`)).json;
    expect(v1).toMatchObject({ origin: 'web', status: 'queued' });
  });

  it('are refused with every fault that the External API finds', async () => {
    const body = { ...NEW_JOB, schoolYear: '2031', files: { OTHER: 'x.csv' }, params: { TEST_TYPE: 'Nope' } };
    const web = (await ada.request('post', `${BASE}/jobs`, { body })).json;
    const v1 = (await slipway.request('post', '/v1/jobs', { body: { ...body, partner: 'demo', tenant: 'north' } })).json;
    expect({ ...web, requestId: null }).toEqual({ ...v1, requestId: null });
    expect(web.errors.length).toBeGreaterThan(3);
    const unknown = await ada.request('post', `${BASE}/jobs`, { body: { ...NEW_JOB, partner: 'other' } });
    expect([unknown.status, unknown.json.code]).toEqual([400, 'unknown_field']);
  });

  it('show who made them, and nothing of a client but its name', async () => {
    const token = await slipway.token({ client_id: 'secret-client', client_name: 'District SIS' });
    const body = { ...NEW_JOB, partner: 'demo', tenant: 'north' };
    const { uid } = (await slipway.request('post', '/v1/jobs', { token, body })).json;
    const answer = await ada.request('get', `${BASE}/jobs/${uid}`);
    expect(answer.json).toMatchObject({ origin: 'api', submittedBy: 'District SIS', bundleName: expect.any(String) });
    await fail(uid);
    const everywhere = WEB_OPERATIONS.filter(({ method, path }) => method === 'get' && path.startsWith('/api/partners/'))
      .map(({ path }) => path.replace('{partner}', 'demo').replace('{tenant}', 'north').replace('{uid}', uid))
      .map((path) => path.replace('{path}', NEW_JOB.bundle))
      .filter((path) => !path.includes('{') && !path.endsWith('/changes'));
    expect(everywhere.length).toBeGreaterThan(5);
    const actions = ['resolve', 'reopen', 'retry', 'cancel', 'input-links', 'output-links', 'upload-urls', 'start'];
    const answers = [
      ...(await Promise.all(everywhere.map((path) => ada.request('get', path)))),
      ...(await Promise.all(actions.map((action) => ada.request('post', `${BASE}/jobs/${uid}/${action}`)))),
    ];
    for (const { text, headers } of [answer, ...answers])
      for (const secret of ['secret-client', slipway.issuer.issuer])
        expect(text + JSON.stringify([...headers])).not.toContain(secret);
    expect((await get((await create()).uid)).submittedBy).toBe('Ada Lovelace');
    const anonymous = await slipway.token({ client_name: undefined });
    const nameless = (await slipway.request('post', '/v1/jobs', { token: anonymous, body })).json.uid;
    expect((await get(nameless)).submittedBy).toBeNull();
  });

  it('show API clients what became of them, and nothing of the people who made and followed them', async () => {
    const { uid } = await create();
    await fail(uid);
    await ada.request('post', `${BASE}/jobs/${uid}/notes`, { body: { text: 'for colleagues alone' } });
    for (const action of ['resolve', 'reopen', 'resolve', 'retry', 'cancel'])
      await grace.request('post', `${BASE}/jobs/${uid}/${action}`);
    const stream = await fetch(`${slipway.url}/v1/jobs/${uid}/events`, {
      headers: { authorization: `Bearer ${await slipway.token()}`, accept: 'text/event-stream' },
    });
    const streamed = await stream.text();
    const answers = await Promise.all(
      [`/v1/jobs/${uid}`, `/v1/jobs/${uid}/events`, '/v1/jobs?partner=demo&status=cancelled'].map((path) =>
        slipway.request('get', path),
      ),
    );
    const [job, events, list] = answers.map(({ json }) => json);
    expect(job).toMatchObject({ origin: 'web', status: 'cancelled' });
    expect(list.items).toContainEqual(expect.objectContaining({ uid, status: 'cancelled' }));
    const told = events.items.map(({ type, data }: { type: string; data: object }) => [type, data]);
    const types = ['created', 'resolved', 'reopened', 'resolved', 'queued', 'cancelled'].map((type) => `job.${type}`);
    expect(told).toEqual(types.map((type) => [type, {}]));
    expect(streamed).toContain('job.cancelled');
    expect(Object.keys(events.items[0])).toEqual(['uid', 'type', 'at', 'data']);
    const { uid: adaUid, subject } = ada.user;
    for (const text of [streamed, ...answers.map((answer) => answer.text)])
      for (const secret of ['Ada', 'Grace', 'ada@example.org', 'colleagues', adaUid, grace.user.uid, subject])
        expect(text).not.toContain(secret);
  });

  it('are not found under another tenant, whoever asks', async () => {
    const { uid } = await create();
    const operator = await slipway.signIn({ roles: [{ role: 'operator' }] });
    for (const path of ['/api/partners/demo/tenants/south', '/api/partners/other/tenants/north'])
      for (const [method, rest] of [
        ['get', ''],
        ['get', '/events'],
        ['post', '/upload-urls'],
        ['post', '/start'],
        ['post', '/cancel'],
        ['post', '/retry'],
        ['post', '/resolve'],
        ['post', '/reopen'],
        ['post', '/input-links'],
        ['post', '/output-links'],
      ] as const) {
        const answer = await operator.request(method, `${path}/jobs/${uid}${rest}`);
        expect([path, rest, answer.json.code]).toEqual([path, rest, 'job_not_found']);
      }
    const note = await operator.request('post', `/api/partners/demo/tenants/south/jobs/${uid}/notes`, { body: { text: 'x' } });
    expect(note.json.code).toBe('job_not_found');
  });

  it('are marked as dealt with once, opened again, and opened by a retry', async () => {
    const { uid } = await create();
    expect((await ada.request('post', `${BASE}/jobs/${uid}/resolve`)).json.code).toBe('job_not_resolvable');
    await fail(uid);
    expect((await get(uid)).can).toMatchObject({ resolve: true, reopen: false, retry: true });
    const answers = await Promise.all(
      [ada, grace, ada, grace].map((user) => user.request('post', `${BASE}/jobs/${uid}/resolve`)),
    );
    expect(new Set(answers.map(({ json }) => json.resolvedAt)).size).toBe(1);
    expect(await get(uid)).toMatchObject({
      resolvedAt: answers[0]?.json.resolvedAt,
      resolvedBy: expect.stringMatching(/Ada|Grace/),
    });
    expect((await grace.request('post', `${BASE}/jobs/${uid}/reopen`)).json).toEqual({ uid, resolvedAt: null });
    await ada.request('post', `${BASE}/jobs/${uid}/resolve`);
    const types = (await ada.request('get', `${BASE}/jobs/${uid}/events`)).json.items.map(
      ({ type, by }: { type: string; by: string | null }) => `${type} ${by}`,
    );
    expect(types).toEqual([
      'job.created null',
      expect.stringMatching(/^job.resolved (Ada Lovelace|Grace Hopper)$/),
      'job.reopened Grace Hopper',
      'job.resolved Ada Lovelace',
    ]);
    expect((await ada.request('post', `${BASE}/jobs/${uid}/retry`)).status).toBe(202);
    expect(await get(uid)).toMatchObject({ status: 'queued', resolvedAt: null, resolvedBy: null });
  });

  it('are dealt with or retried when both are asked for at once, and then never both', async () => {
    for (let round = 0; round < 5; round++) {
      const { uid } = await create();
      await fail(uid);
      const [resolved, retried] = await Promise.all([
        ada.request('post', `${BASE}/jobs/${uid}/resolve`),
        grace.request('post', `${BASE}/jobs/${uid}/retry`),
      ]);
      expect(retried.status).toBe(202);
      expect([200, 409]).toContain(resolved.status);
      expect(await get(uid)).toMatchObject({ status: 'queued', resolvedAt: null });
    }
  });

  it('have notes, which only their authors change', async () => {
    const { uid } = await create();
    const notes = `${BASE}/jobs/${uid}/notes`;
    const added = await ada.request('post', notes, { body: { text: '<b>wait</b>' } });
    expect([added.status, added.json]).toEqual([
      201,
      expect.objectContaining({ text: '<b>wait</b>', mine: true, editedAt: null }),
    ]);
    const one = `${notes}/${added.json.uid}`;
    for (const method of ['patch', 'delete'] as const) {
      const options = method === 'patch' ? { body: { text: 'x' } } : {};
      const foreign = await grace.request(method, one, options);
      expect([foreign.status, foreign.json.code]).toEqual([403, 'not_your_note']);
      for (const missing of [`${notes}/${uid}`, `${notes}/none`, `${BASE}/jobs/${(await create()).uid}/notes/${added.json.uid}`])
        expect((await ada.request(method, missing, options)).json.code).toBe('note_not_found');
    }
    const edited = await ada.request('patch', one, { body: { text: 'done' } });
    expect(edited.json).toMatchObject({ text: 'done', editedAt: expect.any(String) });
    const seen = (await grace.request('get', `${BASE}/jobs/${uid}`)).json.notes;
    expect(seen).toEqual([{ ...edited.json, mine: false, author: { uid: ada.user.uid, name: 'Ada Lovelace' } }]);
    expect((await ada.request('delete', one)).status).toBe(204);
    expect((await get(uid)).notes).toEqual([]);
    for (const text of ['', '  ', 'x'.repeat(4001), 5])
      expect((await ada.request('post', notes, { body: { text } })).status).toBe(400);
  });

  it('give links to their inputs and outputs', async () => {
    const { uid, uploads } = await create();
    expect((await ada.request('post', `${BASE}/jobs/${uid}/input-links`)).json.code).toBe('job_not_started');
    await upload(uploads.INPUT_FILE!, 'a,b');
    await ada.request('post', `${BASE}/jobs/${uid}/start`);
    await upload(uploads.INPUT_FILE!, 'changed');
    const { downloadLinks } = (await ada.request('post', `${BASE}/jobs/${uid}/input-links`)).json;
    const file = await fetch(downloadLinks.INPUT_FILE);
    expect([await file.text(), file.headers.get('content-disposition')]).toEqual(['a,b', expect.stringContaining('scores.csv')]);
    expect((await ada.request('post', `${BASE}/jobs/${uid}/output-links`)).json.code).toBe('output_set_not_found');

    const [tenant] = await slipway.db.query(
      `SELECT t.id, t.code, 2026 AS "schoolYear", json_build_object('id', p.id, 'code', p.code) AS partner
         FROM tenant t JOIN partner p ON p.id = t.partner_id WHERE p.code = 'demo' AND t.code = 'north'`,
    );
    const files = [{ name: 'studentAssessments.jsonl', size: 2, records: 1, content: '{}' }];
    const { job, uid: outputSet } = await makeOutputSet(slipway.db, { tenant, files, s3: slipway.s3 });
    const links = (await ada.request('post', `${BASE}/jobs/${job.uid}/output-links`)).json.downloadLinks;
    expect(await (await fetch(links['studentAssessments.jsonl'])).text()).toBe('{}');
    const skipped = [{ reason: 'filtered', rows: 2, detail: 'a == b', node: '$transformations.x' }];
    const progress = { stage: 'done', rowsRead: 3, rowsWritten: 1, files: { inputs: { INPUT_FILE: 3 }, outputs: {} }, skipped };
    await slipway.db.query(`UPDATE job SET progress = $2 WHERE uid = $1`, [job.uid, progress]);
    expect(await get(job.uid)).toMatchObject({
      outputs: { uid: outputSet, removedAt: null, files: [{ name: 'studentAssessments.jsonl', size: 2, records: 1 }] },
      result: { inputs: [{ file: 'INPUT_FILE', rows: 3 }], outputs: [{ resource: 'studentAssessments', records: 1 }], skipped },
    });
    await slipway.db.query(`UPDATE output_set SET removed_at = now() WHERE uid = $1`, [outputSet]);
    await slipway.db.query(`UPDATE job SET inputs_removed_at = now() WHERE uid = $1`, [uid]);
    expect((await ada.request('post', `${BASE}/jobs/${job.uid}/output-links`)).json.code).toBe('output_files_removed');
    expect((await ada.request('post', `${BASE}/jobs/${uid}/input-links`)).json.code).toBe('input_files_removed');
  });
});
