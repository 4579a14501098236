import { startTestApplication, type TestApplication } from '../support/application';

/** POST /v1/jobs as a partner's system meets it. */
describe('POST /v1/jobs', () => {
  let slipway: TestApplication;
  beforeAll(async () => {
    slipway = await startTestApplication({ env: { MAX_UPLOAD_BYTES: '1000000' } });
  });
  afterAll(() => slipway.close());

  const job = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
    partner: 'demo',
    tenant: 'north',
    bundle: 'bundles/scores',
    schoolYear: '2026',
    files: { INPUT_FILE: 'scores.csv' },
    params: { TEST_TYPE: 'Fall' },
    ...changes,
  });
  const create = (body: unknown) => slipway.request('post', '/v1/jobs', { body });

  /** Sends what must be refused, and checks that it left no trace. */
  async function refused(body: unknown, status = 400) {
    const before = await slipway.rowCounts();
    const response = await create(body);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(response.json).toMatchObject({
      status,
      title: expect.any(String),
      detail: expect.any(String),
      type: expect.any(String),
    });
    expect(response.json.requestId).toBe(response.headers.get('x-request-id'));
    expect(response.status).toBe(status);
    expect(await slipway.rowCounts()).toEqual(before);
    return response.json;
  }

  it('answers with the job, its location and an upload for each file', async () => {
    const response = await create(job({ files: { INPUT_FILE: 'scores.csv', RETAKE_FILE: 'again.csv' } }));
    expect(response.status).toBe(201);
    const { uid, status, uploadUrls, uploads, expiresAt } = response.json;
    expect(uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(response.headers.get('location')).toBe(`/v1/jobs/${uid}`);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(status).toBe('created');
    expect(Object.keys(uploadUrls).sort()).toEqual(['INPUT_FILE', 'RETAKE_FILE']);
    expect(uploads.INPUT_FILE).toEqual({ method: 'PUT', url: uploadUrls.INPUT_FILE, headers: {}, expiresAt: expect.any(String) });
    const hours = (Date.parse(expiresAt) - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(71.9);
    expect(hours).toBeLessThan(72.1);
  });

  it('never puts the file name into the key of the upload', async () => {
    const { uploadUrls } = (await create(job({ files: { INPUT_FILE: "o'brien; DROP TABLE job.csv" } }))).json;
    expect(uploadUrls.INPUT_FILE).not.toMatch(/brien|DROP/);
  });

  it('signs a declared size and checksum, so that they come back as headers', async () => {
    const sha256 = 'ab'.repeat(32);
    const { uploads } = (await create(job({ files: { INPUT_FILE: { name: 'scores.csv', size: 12, sha256 } } }))).json;
    expect(uploads.INPUT_FILE.headers).toEqual({
      'content-length': '12',
      'x-amz-checksum-sha256': Buffer.from(sha256, 'hex').toString('base64'),
    });
  });

  describe('refuses a wrong shape', () => {
    it.each<[string, unknown, object]>([
      ['a missing partner', job({ partner: undefined }), { pointer: '/partner', code: 'invalid_request' }],
      ['a number for a string', job({ tenant: 5 }), { pointer: '/tenant', code: 'invalid_request' }],
      ['a code with a slash', job({ partner: 'a/b' }), { pointer: '/partner', code: 'invalid_request' }],
      ['a code with a line break', job({ partner: 'demo\r\nX-Evil: 1' }), { pointer: '/partner', code: 'invalid_request' }],
      ['a year as a number', job({ schoolYear: 2026 }), { pointer: '/schoolYear', code: 'invalid_request' }],
      ['a year in other digits', job({ schoolYear: '٢٠٢٦' }), { pointer: '/schoolYear', code: 'invalid_request' }],
      ['a range as a year', job({ schoolYear: '2025-26' }), { pointer: '/schoolYear', code: 'invalid_request' }],
      ['files as an array', job({ files: [] }), { pointer: '/files', code: 'invalid_request' }],
      ['no files', job({ files: undefined }), { pointer: '/files', code: 'invalid_request' }],
      ['a file as a number', job({ files: { INPUT_FILE: 1 } }), { pointer: '/files/INPUT_FILE', code: 'invalid_request' }],
      [
        'a file without a name',
        job({ files: { INPUT_FILE: {} } }),
        { pointer: '/files/INPUT_FILE/name', code: 'invalid_request' },
      ],
      ['a size of nothing', job({ files: { INPUT_FILE: { name: 'a.csv', size: 0 } } }), { pointer: '/files/INPUT_FILE/size' }],
      [
        'a size over the limit',
        job({ files: { INPUT_FILE: { name: 'a.csv', size: 1_000_001 } } }),
        { pointer: '/files/INPUT_FILE/size' },
      ],
      [
        'an upper-case checksum',
        job({ files: { INPUT_FILE: { name: 'a.csv', sha256: 'AB'.repeat(32) } } }),
        { pointer: '/files/INPUT_FILE/sha256' },
      ],
      ['params as a string', job({ params: 'TEST_TYPE=Fall' }), { pointer: '/params', code: 'invalid_request' }],
      ['params as null', job({ params: null }), { pointer: '/params', code: 'invalid_request' }],
      ['a param as a number', job({ params: { TEST_TYPE: 1 } }), { pointer: '/params/TEST_TYPE', code: 'invalid_request' }],
      ['a NUL', job({ params: { TEST_TYPE: 'Fall\0' } }), { pointer: '/params/TEST_TYPE', code: 'invalid_request' }],
      ['an array', [], { pointer: '', code: 'invalid_request' }],
      ['a string', '"x"', { pointer: '', code: 'invalid_request' }],
      ['null', 'null', { pointer: '', code: 'invalid_request' }],
    ])('%s', async (_name, body, error) => {
      const problem = await refused(body);
      expect(problem.code).toBe('invalid_request');
      expect(problem.errors).toContainEqual(expect.objectContaining(error));
    });

    it('a lone surrogate', async () => {
      const problem = await refused(JSON.stringify(job()).replace('Fall', '\\ud800'));
      expect(problem.errors).toEqual([expect.objectContaining({ pointer: '/params/TEST_TYPE', code: 'invalid_request' })]);
    });

    it('nesting of a thousand', async () => {
      const problem = await refused(`{"partner":${'['.repeat(1000)}${']'.repeat(1000)}}`);
      expect(problem.errors[0].detail).toMatch(/deeper than 32/);
    });

    it.each([
      ['at the top', job({ note: 'x' }), '/note'],
      ['in a file', job({ files: { INPUT_FILE: { name: 'a.csv', sha1: 'x' } } }), '/files/INPUT_FILE/sha1'],
    ])('an unknown field %s', async (_name, body, pointer) => {
      const problem = await refused(body);
      expect(problem.code).toBe('unknown_field');
      expect(problem.errors).toEqual([expect.objectContaining({ pointer, code: 'unknown_field' })]);
    });

    it.each(['__proto__', 'constructor'])('the key %s at the top', async (key) => {
      const problem = await refused(JSON.stringify(job()).replace('{', `{"${key}":{"partner":"other"},`));
      expect(problem.errors).toEqual([expect.objectContaining({ pointer: `/${key}`, code: 'unknown_field' })]);
    });

    it('with every fault at once', async () => {
      const problem = await refused({
        partner: 1,
        tenant: '',
        extra: true,
        schoolYear: '26',
        files: { A: 1 },
        params: { B: [] },
      });
      expect(problem.code).toBe('invalid_request');
      const pointers = problem.errors.map((error: { pointer: string }) => error.pointer).sort();
      expect(pointers).toEqual(['/bundle', '/extra', '/files/A', '/params/B', '/partner', '/schoolYear', '/tenant']);
    });

    it.each([
      ['broken', '{"partner":'],
      ['empty', ' '],
      ['not UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22])],
    ])('JSON that is %s', async (_name, body) => {
      expect(await refused(body)).toMatchObject({ code: 'malformed_json' });
    });

    it('a body over 256 KiB', async () => {
      expect(await refused(job({ params: { NOTE: 'x'.repeat(300 * 1024) } }), 413)).toMatchObject({ code: 'payload_too_large' });
    });

    it('a body that is no JSON by its type', async () => {
      const response = await slipway.request('post', '/v1/jobs', {
        body: 'partner=demo',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
      expect(response.status).toBe(415);
      expect(response.json.code).toBe('unsupported_media_type');
    });
  });

  describe('refuses what does not fit', () => {
    it.each<[string, Record<string, unknown>, string, string]>([
      ['an unknown tenant', { tenant: 'west' }, 'tenant_not_found', '/tenant'],
      ["another partner's tenant", { tenant: 'east' }, 'tenant_not_found', '/tenant'],
      ['a year that is not enabled', { schoolYear: '1999' }, 'school_year_not_enabled', '/schoolYear'],
      ['an unknown bundle', { bundle: 'bundles/none' }, 'bundle_not_found', '/bundle'],
      ['a bundle that is not enabled', { bundle: 'bundles/other' }, 'bundle_not_found', '/bundle'],
      ['a missing param', { params: {} }, 'missing_required_params', '/params/TEST_TYPE'],
      ['a missing param in no params', { params: undefined }, 'missing_required_params', '/params/TEST_TYPE'],
      ['a value that is not allowed', { params: { TEST_TYPE: 'Winter' } }, 'invalid_param_values', '/params/TEST_TYPE'],
      ['a year that disagrees', { params: { TEST_TYPE: 'Fall', API_YEAR: '2025' } }, 'invalid_param_values', '/params/API_YEAR'],
      ['an unexpected param', { params: { TEST_TYPE: 'Fall', MORE: 'x' } }, 'unexpected_params', '/params/MORE'],
      ['a missing file', { files: {} }, 'missing_required_files', '/files/INPUT_FILE'],
      ['an unexpected file', { files: { INPUT_FILE: 'a.csv', MORE: 'b.csv' } }, 'unexpected_files', '/files/MORE'],
      ['a file name with a path', { files: { INPUT_FILE: '../a.csv' } }, 'invalid_file_name', '/files/INPUT_FILE'],
      ['a bad name in an object', { files: { INPUT_FILE: { name: 'a\\b.csv' } } }, 'invalid_file_name', '/files/INPUT_FILE/name'],
      ['a file type of another bundle', { files: { INPUT_FILE: 'a.xlsx' } }, 'unsupported_file_type', '/files/INPUT_FILE'],
    ])('%s', async (_name, changes, code, pointer) => {
      const problem = await refused(job(changes));
      expect(problem.code).toBe(code);
      expect(problem.errors).toEqual([{ pointer, code, detail: expect.any(String) }]);
    });

    it('a partner that the token names and we do not have', async () => {
      const token = await slipway.token({ scope: 'create:jobs partner:ghost' });
      const response = await slipway.request('post', '/v1/jobs', { body: job({ partner: 'ghost' }), token });
      expect(response.status).toBe(400);
      expect(response.json).toMatchObject({ code: 'partner_not_found', errors: [{ pointer: '/partner' }] });
    });

    it.each(['other', 'nowhere'])('the partner %s, which the token does not name, whether or not it exists', async (partner) => {
      const problem = await refused(job({ partner }), 403);
      expect(problem).toMatchObject({
        code: 'partner_not_allowed',
        errors: [{ pointer: '/partner', code: 'partner_not_allowed' }],
      });
      expect(problem.detail).not.toContain(partner);
    });

    it('with every fault at once, the gravest first', async () => {
      const problem = await refused(
        job({ schoolYear: '1999', params: { MORE: 'x', TEST_TYPE: '' }, files: { MORE: 'a.csv', RETAKE_FILE: 'a.exe' } }),
      );
      const codes = problem.errors.map((error: { code: string }) => error.code);
      expect(codes).toEqual([
        'school_year_not_enabled',
        'invalid_param_values',
        'unexpected_params',
        'missing_required_files',
        'unexpected_files',
        'unsupported_file_type',
      ]);
      expect(problem.code).toBe('school_year_not_enabled');
    });

    it.each(['__proto__', 'constructor', 'toString'])('the file and param %s as any other unexpected key', async (key) => {
      const body = JSON.stringify(job())
        .replace('"INPUT_FILE"', `"${key}":"a.csv","INPUT_FILE"`)
        .replace('"TEST_TYPE"', `"${key}":"x","TEST_TYPE"`);
      const problem = await refused(body);
      expect(problem.errors).toEqual([
        expect.objectContaining({ code: 'unexpected_params', pointer: `/params/${key}` }),
        expect.objectContaining({ code: 'unexpected_files', pointer: `/files/${key}` }),
      ]);
    });
  });

  it('takes what is ordinary data as it is', async () => {
    const name = '<script>CON"; SELECT 1--é漢.CSV';
    const { uid } = (
      await create(job({ files: { INPUT_FILE: `  ${name} ` }, params: { TEST_TYPE: 'Fall', NOTE: '<b>\u00e9</b>' } }))
    ).json;
    const { json } = await slipway.request('get', `/v1/jobs/${uid}`);
    expect(json.files.INPUT_FILE.name).toBe(name);
    expect(json.params).toEqual({ TEST_TYPE: 'Fall', NOTE: '<b>\u00e9</b>' });
  });

  it('accepts STUDENT_ID_NAME where the bundle uses it, though the registry does not list it', async () => {
    expect((await create(job({ params: { TEST_TYPE: 'Fall', STUDENT_ID_NAME: 'sid' } }))).status).toBe(201);
  });

  it('keeps a sane request id and replaces any other', async () => {
    const sane = await slipway.request('get', '/v1/jobs/x', { headers: { 'x-request-id': 'abc-123_X.~' } });
    expect(sane.headers.get('x-request-id')).toBe('abc-123_X.~');
    for (const odd of ['a b', 'x'.repeat(129), 'a"b', '<a>']) {
      const response = await slipway.request('get', '/v1/jobs/x', { headers: { 'x-request-id': odd } });
      expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
  });
});
