import { startTestApplication, type Method, type RequestOptions, type TestApplication } from '../support/application';
import { OPERATIONS, undocumentedIn } from '../support/api-document';
import { makeOutputSet } from '../support/factories';
import { createJob, upload } from '../support/partner';

/** Every test that asks the application compares the answers with the document; here it is seen that this finds something. */
describe('the comparison of an answer with the document', () => {
  const UID = '019ab6c2-7a10-7c3e-9d51-0b8a4f3f2a11';
  const headers = (contentType: string) => new Headers({ 'content-type': contentType, 'x-request-id': 'r' });
  const json = headers('application/json; charset=utf-8');
  const problem = headers('application/problem+json');
  const started = { uid: UID, status: 'queued', startedAt: '2026-01-12T09:31:07.412Z' };
  const notFound = { type: 'urn:slipway:problem:job_not_found', title: 't', status: 404, detail: 'd', code: 'job_not_found' };
  const compare = (status: number, body: object | string, sent = json, path = `/v1/jobs/${UID}/start`, method = 'post') =>
    undocumentedIn(method, path, { status, headers: sent, text: typeof body === 'string' ? body : JSON.stringify(body) });

  it('takes what is documented', () => {
    expect(compare(202, started)).toBeNull();
    expect(compare(404, { ...notFound, requestId: 'r' }, problem)).toBeNull();
    expect(compare(204, '', json, `/v1/webhook-endpoints/${UID}`, 'delete')).toBeNull();
  });

  it.each([
    ['a status', compare(200, started), 'status'],
    ['a field too many', compare(202, { ...started, id: 1 }), 'additional'],
    ['a field too few', compare(202, { uid: UID, status: 'queued' }), 'startedAt'],
    ['a value', compare(202, { ...started, status: 'running' }), 'status'],
    ['a time', compare(202, { ...started, startedAt: '2026-01-12 09:31' }), 'date-time'],
    ['a content type', compare(202, started, headers('text/html')), 'content type'],
    ['a missing request id', compare(202, started, new Headers({ 'content-type': 'application/json' })), 'X-Request-Id'],
    ['an error that is no problem', compare(404, { ...notFound, requestId: 'r' }, json), 'content type'],
    [
      'a code of another operation',
      compare(409, { ...notFound, status: 409, code: 'job_finished', requestId: 'r' }, problem),
      'code',
    ],
    ['a problem with another status', compare(409, { ...notFound, requestId: 'r' }, problem), '404'],
    ['a body where there is none', compare(204, '{}', json, `/v1/webhook-endpoints/${UID}`, 'delete'), 'body'],
    ['an operation', compare(200, {}, json, '/v1/nothing'), 'status'],
  ])('finds %s that is not as documented', (_name, found, words) => {
    expect(found).toMatch(words === 'code' ? 'is not documented' : words);
  });
});

describe('a walk through the API', () => {
  let slipway: TestApplication;
  beforeAll(async () => {
    slipway = await startTestApplication();
  });
  afterAll(() => slipway.close());

  it('has every operation of the document answer as documented', async () => {
    const visited = new Set<string>();
    const visit = async (
      operationId: string,
      values: Record<string, string> = {},
      options: RequestOptions & { query?: string } = {},
    ) => {
      const operation = OPERATIONS.find((candidate) => candidate.operationId === operationId);
      if (!operation) throw new Error(`there is no operation ${operationId}`);
      const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
      const answer = await slipway.request(operation.method as Method, path + (options.query ?? ''), options);
      if (answer.status >= 300) throw new Error(`${operationId} answered ${answer.status} ${answer.text}`);
      visited.add(operationId);
      return answer;
    };

    await visit('verify');
    await visit('listBundles');
    await visit('getBundle', { path: 'bundles/scores' });
    const files = { INPUT_FILE: { name: 'scores.csv', size: 3 } };
    const body = {
      partner: 'demo',
      tenant: 'north',
      bundle: 'bundles/scores',
      schoolYear: '2026',
      params: { TEST_TYPE: 'Fall' },
    };
    const { uid } = (await visit('createJob', {}, { body: { ...body, files } })).json;
    const { uploads } = (await visit('renewUploadUrls', { uid })).json;
    await upload(uploads.INPUT_FILE, 'a,b');
    await visit('startJob', { uid });
    await visit('cancelJob', { uid });
    await visit('retryJob', { uid });
    await visit('getJob', { uid });
    await visit('listJobs', {}, { query: '?partner=demo&status=queued&limit=1' });
    await visit('listJobEvents', { uid });
    const ended = (await createJob(slipway)).uid;
    await visit('cancelJob', { uid: ended });
    await visit('listJobEvents', { uid: ended }, { headers: { accept: 'text/event-stream' } });

    const [tenant] = await slipway.db.query(
      `SELECT t.id, t.code, 2026 AS "schoolYear", json_build_object('id', p.id, 'code', p.code) AS partner
         FROM tenant t JOIN partner p ON p.id = t.partner_id WHERE p.code = 'demo' AND t.code = 'north'`,
    );
    const made = await makeOutputSet(slipway.db, { tenant, files: [{ name: 'a.jsonl', size: 2, records: 1 }] });
    await visit('listOutputSets', {}, { query: '?partner=demo' });
    await visit('createDownloadLinks', { uid: made.uid });

    const hook = { partner: 'demo', url: 'https://hooks.example.org/' };
    const endpoint = { uid: (await visit('createWebhookEndpoint', {}, { body: hook })).json.uid };
    await visit('listWebhookEndpoints');
    await visit('getWebhookEndpoint', endpoint);
    await visit('updateWebhookEndpoint', endpoint, { body: { eventTypes: ['job.failed'] } });
    await visit('rotateWebhookSecret', endpoint);
    const deliveryUid = (await visit('testWebhookEndpoint', endpoint)).json.uid;
    await visit('redeliverWebhook', { ...endpoint, deliveryUid });
    await visit('listWebhookDeliveries', endpoint);
    await visit('deleteWebhookEndpoint', endpoint);

    expect([...visited].sort()).toEqual(OPERATIONS.map(({ operationId }) => operationId).sort());
  });
});
