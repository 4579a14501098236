import Ajv2020 from 'ajv/dist/2020';
import { BundleRegistryService } from '../../src/bundles/bundle-registry.service';
import { startTestApplication, type TestApplication } from '../support/application';

/** GET /v1/bundles: how a partner's engineer finds out what to send. */
describe('bundles', () => {
  let slipway: TestApplication;
  beforeAll(async () => {
    slipway = await startTestApplication();
  });
  afterAll(() => slipway.close());
  afterEach(() => jest.restoreAllMocks());

  it("are those that are enabled for the token's partners, with what a job has to give", async () => {
    const { status, json } = await slipway.request('get', '/v1/bundles');
    expect(status).toBe(200);
    expect(json).toEqual({
      items: [
        {
          path: 'bundles/scores',
          displayName: 'Scores',
          version: expect.stringMatching(/^sha256-/),
          files: [
            { envVar: 'INPUT_FILE', displayName: 'Scores', required: true, fileTypes: ['csv', 'tsv'] },
            { envVar: 'RETAKE_FILE', displayName: 'Retakes', required: false, fileTypes: ['csv'] },
          ],
          params: [
            { envVar: 'API_YEAR', displayName: 'School year', required: true, allowedValues: null },
            { envVar: 'TEST_TYPE', displayName: 'Test type', required: true, allowedValues: ['Fall', 'Spring'] },
            { envVar: 'NOTE', displayName: 'Note', required: false, allowedValues: null },
          ],
          schema: { files: expect.any(Object), params: expect.any(Object) },
        },
      ],
    });
  });

  it('are had one by one by their path', async () => {
    const { items } = (await slipway.request('get', '/v1/bundles')).json;
    for (const path of ['bundles/scores', 'bundles%2Fscores']) {
      const { status, json } = await slipway.request('get', `/v1/bundles/${path}`);
      expect([status, json]).toEqual([200, items[0]]);
    }
  });

  it.each(['bundles/none', 'bundles/other', 'bundles', 'scores', 'bundles/scores/x', "x'--", 'a/%00'])(
    'are 404 bundle_not_found where there is no %p for the token',
    async (path) => {
      const { status, json, headers } = await slipway.request('get', `/v1/bundles/${path}`);
      expect([status, json.status, json.code]).toEqual([404, 404, 'bundle_not_found']);
      expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    },
  );

  it('are none without a partner, and can be read with any job scope', async () => {
    for (const scope of ['create:jobs', 'read:jobs', 'read:jobs:output-files']) {
      const token = await slipway.token({ scope: `${scope} partner:demo` });
      expect((await slipway.request('get', '/v1/bundles', { token })).json.items).toHaveLength(1);
      const nobody = await slipway.token({ scope });
      expect((await slipway.request('get', '/v1/bundles', { token: nobody })).json).toEqual({ items: [] });
      expect((await slipway.request('get', '/v1/bundles/bundles/scores', { token: nobody })).status).toBe(404);
    }
  });

  it('are 503 while no registry has been read', async () => {
    jest.spyOn(slipway.app.get(BundleRegistryService), 'isLoaded').mockReturnValue(false);
    for (const path of ['/v1/bundles', '/v1/bundles/bundles/scores']) {
      const { status, json, headers } = await slipway.request('get', path);
      expect([status, json.code, headers.get('retry-after')]).toEqual([503, 'bundle_registry_unavailable', expect.any(String)]);
    }
  });

  it('have schemas that say beforehand how a creation will be answered', async () => {
    const { schema } = (await slipway.request('get', '/v1/bundles/bundles/scores')).json;
    const ajv = new Ajv2020();
    const [files, params] = [ajv.compile(schema.files), ajv.compile(schema.params)];
    const tries: [files: object, params: object][] = [
      [{ INPUT_FILE: 'a.csv' }, { TEST_TYPE: 'Fall' }],
      [
        { INPUT_FILE: { name: ' A.TSV ', size: 5 }, RETAKE_FILE: 'b.csv' },
        { TEST_TYPE: 'Spring', NOTE: 'x', API_YEAR: '2026' },
      ],
      [{ INPUT_FILE: 'a.pdf' }, { TEST_TYPE: 'Fall' }],
      [{ INPUT_FILE: { name: 'a.csv', size: 0 } }, { TEST_TYPE: 'Fall' }],
      [{ INPUT_FILE: { name: 'a.csv', size: 2 ** 40 } }, { TEST_TYPE: 'Fall' }],
      [{ RETAKE_FILE: 'b.csv' }, { TEST_TYPE: 'Fall' }],
      [{ INPUT_FILE: 'a.csv', EXTRA: 'b.csv' }, { TEST_TYPE: 'Fall' }],
      [{ INPUT_FILE: 'a.csv' }, {}],
      [{ INPUT_FILE: 'a.csv' }, { TEST_TYPE: 'fall' }],
      [{ INPUT_FILE: 'a.csv' }, { TEST_TYPE: 'Fall', STUDENT_ID_NAME: 'id' }],
    ];
    for (const [givenFiles, givenParams] of tries) {
      const body = {
        partner: 'demo',
        tenant: 'north',
        bundle: 'bundles/scores',
        schoolYear: '2026',
        files: givenFiles,
        params: givenParams,
      };
      const { status } = await slipway.request('post', '/v1/jobs', { body });
      expect([body, status]).toEqual([body, files(givenFiles) && params(givenParams) ? 201 : 400]);
    }
  });
});
