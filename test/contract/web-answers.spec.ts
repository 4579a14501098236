import type { Method, RequestOptions } from '../support/application';
import { WEB_OPERATIONS } from '../support/api-document';
import { makeOutputSet } from '../support/factories';
import { upload } from '../support/partner';
import { startWebTestApplication, type SignedInAgent, type WebTestApplication } from '../support/web';

/** The operations of one tenant; those of signing in and of the administration are walked through by their own tests. */
const TENANT = '/api/partners/{partner}/tenants/{tenant}';

describe("a walk through a tenant's part of the web page's API", () => {
  let slipway: WebTestApplication;
  let ada: SignedInAgent;
  beforeAll(async () => {
    slipway = await startWebTestApplication();
    ada = await slipway.signIn({ roles: [{ role: 'staff', partner: 'demo', tenant: 'north' }] });
  });
  afterAll(() => slipway.close());

  it('has every operation answer as documented', async () => {
    const visited = new Set<string>();
    const visit = async (
      operationId: string,
      values: Record<string, string> = {},
      options: RequestOptions & { query?: string } = {},
    ) => {
      const operation = WEB_OPERATIONS.find((candidate) => candidate.operationId === operationId);
      if (!operation) throw new Error(`there is no operation ${operationId}`);
      const all: Record<string, string> = { partner: 'demo', tenant: 'north', ...values };
      const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => all[name] ?? '');
      const { query = '', ...rest } = options;
      const answer = await ada.request(operation.method as Method, path + query, rest);
      if (answer.status >= 300) throw new Error(`${operationId} answered ${answer.status} ${answer.text}`);
      visited.add(operationId);
      return answer;
    };

    await visit('getTenant');
    await visit('listTenantBundles', {}, { query: '?search=scor' });
    const files = { INPUT_FILE: { name: 'scores.csv', size: 3 } };
    const body = { bundle: 'bundles/scores', schoolYear: '2026', files, params: { TEST_TYPE: 'Fall' } };
    const { uid } = (await visit('createTenantJob', {}, { body })).json;
    await visit('getTenantBundle', { path: 'bundles/scores' });
    const { uploads } = (await visit('renewTenantUploadUrls', { uid })).json;
    const file = { uid, file: 'INPUT_FILE' };
    const { uploadId } = (await visit('beginUploadInParts', file)).json;
    await visit('signParts', { ...file, uploadId }, { body: { numbers: [1] } });
    await visit('listParts', { ...file, uploadId });
    await visit('abortUploadInParts', { ...file, uploadId });
    const again = (await visit('beginUploadInParts', file)).json.uploadId;
    const { urls } = (await visit('signParts', { ...file, uploadId: again }, { body: { numbers: [1] } })).json;
    await fetch(urls['1'], { method: 'PUT', body: 'a,b' });
    await visit('completeUploadInParts', { ...file, uploadId: again });
    await upload(uploads.INPUT_FILE, 'a,b');
    await visit('startTenantJob', { uid });
    await visit('createInputLinks', { uid });
    await visit('cancelTenantJob', { uid });
    await visit('retryTenantJob', { uid });
    const note = { uid, noteUid: (await visit('addJobNote', { uid }, { body: { text: 'x' } })).json.uid };
    await visit('editJobNote', note, { body: { text: 'y' } });
    await visit('getTenantJob', { uid });
    await visit('deleteJobNote', note);
    await visit('listTenantJobEvents', { uid });
    await visit('listTenantJobs', {}, { query: '?status=queued&search=scores&limit=1&sort=-finishedAt' });
    await visit('getJobStatistics', {}, { query: '?days=3&timeZone=Europe/Berlin' });

    const [tenant] = await slipway.db.query(
      `SELECT t.id, t.code, 2026 AS "schoolYear", json_build_object('id', p.id, 'code', p.code) AS partner
         FROM tenant t JOIN partner p ON p.id = t.partner_id WHERE p.code = 'demo' AND t.code = 'north'`,
    );
    const made = await makeOutputSet(slipway.db, { tenant, files: [{ name: 'a.jsonl', size: 2, records: 1 }] });
    await visit('createOutputLinks', { uid: made.job.uid });
    await visit('getTenantJob', { uid: made.job.uid });
    const error = { code: 'c', title: 't', detail: 'd', file: null, line: null };
    await slipway.db.query(`UPDATE job SET status = 'failed', error = $2 WHERE uid = $1`, [made.job.uid, error]);
    await visit('resolveTenantJob', { uid: made.job.uid });
    await visit('getTenantJob', { uid: made.job.uid });
    await visit('reopenTenantJob', { uid: made.job.uid });

    const documented = WEB_OPERATIONS.filter(({ path }) => path.startsWith(TENANT)).map(({ operationId }) => operationId);
    // Endless: its answers are read by the test of the streams.
    visited.add('followTenantJobs');
    expect([...visited].sort()).toEqual(documented.sort());
  });
});
