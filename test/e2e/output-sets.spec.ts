import { startTestApplication, type Json, type TestApplication } from '../support/application';
import { makeJob, makeOutputSet, type TenantRow } from '../support/factories';

/** GET /v1/output-sets and its download links as a partner's system polls them. */
describe('output sets', () => {
  let slipway: TestApplication;
  let north: TenantRow;
  let south: TenantRow;
  let foreign: TenantRow;
  beforeAll(async () => {
    slipway = await startTestApplication();
    [north, south, foreign] = await Promise.all([tenant('demo', 'north'), tenant('demo', 'south'), tenant('other', 'north')]);
  });
  afterAll(() => slipway.close());
  beforeEach(() => slipway.db.query('DELETE FROM output_file; DELETE FROM output_set'));

  async function tenant(partner: string, code: string): Promise<TenantRow> {
    const [row] = await slipway.db.query(
      `SELECT t.id, p.id AS "partnerId" FROM tenant t JOIN partner p ON p.id = t.partner_id WHERE p.code = $1 AND t.code = $2`,
      [partner, code],
    );
    return { id: row.id, code, partner: { id: row.partnerId, code: partner }, schoolYear: 2026 };
  }

  const list = async (query: string, options = {}): Promise<Json> => {
    const response = await slipway.request('get', `/v1/output-sets?${query}`, options);
    expect(response.status).toBe(200);
    return response.json;
  };
  const uidsOf = (page: Json): string[] => page.items.map((item: { uid: string }) => item.uid);

  it('tells everything of a set, and nothing internal', async () => {
    const set = await makeOutputSet(slipway.db, { tenant: north, files: [{ name: 'students.jsonl', size: 120, records: 3 }] });
    const { items } = await list('partner=demo');
    expect(items).toEqual([
      {
        uid: set.uid,
        jobUid: set.job.uid,
        partner: 'demo',
        tenant: 'north',
        schoolYear: '2026',
        bundle: 'assessments/TEST',
        bundleVersion: 'v1',
        files: [{ name: 'students.jsonl', size: 120, records: 3, removedAt: null }],
        sentToOds: false,
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      },
    ]);
  });

  it('are listed oldest first, page by page, with a link to the next', async () => {
    const made: string[] = [];
    for (let index = 0; index < 5; index++) made.push((await makeOutputSet(slipway.db, { tenant: north })).uid);
    const seen: string[] = [];
    let path: string | null = '/v1/output-sets?partner=demo&limit=2';
    let pages = 0;
    while (path) {
      const response = await slipway.request('get', path);
      seen.push(...uidsOf(response.json));
      pages += 1;
      const link = response.headers.get('link');
      expect(link !== null).toBe(response.json.hasMore);
      path = link && (/^<(.+)>; rel="next"$/.exec(link)?.[1] ?? null);
    }
    expect(seen).toEqual(made);
    expect(pages).toBe(3);
  });

  it('give a cursor at the end and for an empty list, which finds what is added later, once', async () => {
    const empty = await list('partner=demo');
    expect(empty).toEqual({ items: [], nextCursor: expect.any(String), hasMore: false });
    const first = await makeOutputSet(slipway.db, { tenant: north });
    const one = await list(`partner=demo&cursor=${empty.nextCursor}`);
    expect(uidsOf(one)).toEqual([first.uid]);
    const none = await list(`partner=demo&cursor=${one.nextCursor}`);
    expect(none.items).toEqual([]);
    const second = await makeOutputSet(slipway.db, { tenant: south });
    expect(uidsOf(await list(`partner=demo&cursor=${none.nextCursor}`))).toEqual([second.uid]);
  });

  it('are filtered by everything that the contract names', async () => {
    const a = await makeOutputSet(slipway.db, { tenant: north });
    const b = await makeOutputSet(slipway.db, { tenant: south, sentToOds: true });
    await makeOutputSet(slipway.db, { tenant: foreign });
    expect(uidsOf(await list('partner=demo'))).toEqual([a.uid, b.uid]);
    expect(uidsOf(await list('partner=demo&tenant=south'))).toEqual([b.uid]);
    expect(uidsOf(await list('partner=demo&tenant=west'))).toEqual([]);
    expect(uidsOf(await list('partner=demo&schoolYear=2026'))).toEqual([a.uid, b.uid]);
    expect(uidsOf(await list('partner=demo&schoolYear=2025'))).toEqual([]);
    expect(uidsOf(await list('partner=demo&bundle=assessments/TEST'))).toEqual([a.uid, b.uid]);
    expect(uidsOf(await list('partner=demo&bundle=assessments/ELSE'))).toEqual([]);
    expect(uidsOf(await list(`partner=demo&jobUid=${a.job.uid}`))).toEqual([a.uid]);
    expect(uidsOf(await list('partner=demo&sentToOds=true'))).toEqual([b.uid]);
    expect(uidsOf(await list('partner=demo&sentToOds=false'))).toEqual([a.uid]);
    const { items } = await list('partner=demo');
    const later = items.filter(({ createdAt }: { createdAt: string }) => createdAt > items[0].createdAt);
    expect(uidsOf(await list(`partner=demo&createdAfter=${items[0].createdAt}`))).toEqual(uidsOf({ items: later }));
    expect(uidsOf(await list('partner=demo&createdAfter=2999-01-01T00:00:00Z'))).toEqual([]);
  });

  it.each([
    ['', 'partner'],
    ['partner=demo&limit=0', 'limit'],
    ['partner=demo&limit=201', 'limit'],
    ['partner=demo&limit=ten', 'limit'],
    ['partner=demo&limit=5&limit=6', 'limit'],
    ['partner=demo&schoolYear=26', 'schoolYear'],
    ['partner=demo&jobUid=1', 'jobUid'],
    ['partner=demo&sentToOds=yes', 'sentToOds'],
    ['partner=demo&createdAfter=yesterday', 'createdAfter'],
    ['partner=demo&createdAfter=2026-02-30T00:00:00Z', 'createdAfter'],
    ['partner=demo&tennant=north', 'tennant'],
    ['partner=demo&__proto__=x', '__proto__'],
    ['partner=demo%00', 'partner'],
  ])('refuse the query %p and say which parameter it is', async (query, parameter) => {
    const response = await slipway.request('get', `/v1/output-sets?${query}`);
    expect([response.status, response.json.code]).toEqual([400, 'invalid_request']);
    expect(response.json.errors).toEqual([{ parameter, code: 'invalid_request', detail: expect.any(String) }]);
  });

  it('refuse a cursor that was made for other filters or another client, or by somebody else', async () => {
    const { nextCursor } = await list('partner=demo');
    const refused = async (query: string, options = {}) => {
      const response = await slipway.request('get', `/v1/output-sets?${query}`, options);
      expect([response.status, response.json.code]).toEqual([400, 'invalid_cursor']);
      expect(response.json.errors).toEqual([{ parameter: 'cursor', code: 'invalid_cursor', detail: expect.any(String) }]);
    };
    await refused(`partner=demo&tenant=north&cursor=${nextCursor}`);
    await refused(`partner=demo&cursor=${nextCursor}`, { token: await slipway.token({ client_id: 'lms' }) });
    await refused('partner=demo&cursor=AAAAAAAAAAAAAAAAAAAAAAAA');
    await refused('partner=demo&cursor=%27');
  });

  describe('of another partner', () => {
    it('are not listed, and asking for them is refused whether or not there is such a partner', async () => {
      await makeOutputSet(slipway.db, { tenant: foreign });
      for (const partner of ['other', 'ghost']) {
        const response = await slipway.request('get', `/v1/output-sets?partner=${partner}`);
        expect([response.status, response.json.code]).toEqual([403, 'partner_not_allowed']);
        expect(response.json.errors).toEqual([{ parameter: 'partner', code: 'partner_not_allowed', detail: expect.any(String) }]);
      }
    });

    it('have no links, with the same answer as for one that does not exist', async () => {
      const { uid } = await makeOutputSet(slipway.db, { tenant: foreign });
      const answers = await Promise.all(
        [uid, '019ab6c2-7a10-7c3e-9d51-0b8a4f3f2a11', 'x'].map(async (id) => {
          const { status, json } = await slipway.request('post', `/v1/output-sets/${id}/download-links`);
          return { status, ...json, requestId: '' };
        }),
      );
      expect(answers[0]).toMatchObject({ status: 404, code: 'output_set_not_found' });
      expect(answers[1]).toEqual(answers[0]);
      expect(answers[2]).toEqual(answers[0]);
    });
  });

  it('give short-lived links that download each file as an attachment', async () => {
    const job = await makeJob(slipway.db, { tenant: north });
    const files = [
      { name: 'a.jsonl', size: 5, records: 1, content: 'one\n\n' },
      { name: 'b.jsonl', size: 0, records: 0, content: '' },
    ];
    const set = await makeOutputSet(slipway.db, { tenant: north, job, files, s3: slipway.s3 });
    const before = Date.now();
    const { status, json } = await slipway.request('post', `/v1/output-sets/${set.uid}/download-links`);
    expect(status).toBe(200);
    const seconds = (Date.parse(json.expiresAt) - before) / 1000;
    expect(seconds).toBeGreaterThan(890);
    expect(seconds).toBeLessThan(910);
    expect(Object.keys(json.downloadLinks).sort()).toEqual(['a.jsonl', 'b.jsonl']);
    for (const { name, content } of files) {
      const response = await fetch(json.downloadLinks[name]);
      expect(await response.text()).toBe(content);
      expect(response.headers.get('content-type')).toBe('application/octet-stream');
      expect(response.headers.get('content-disposition')).toBe(`attachment; filename="${name}"`);
    }
  });

  it('say so when their files have been removed, and give no links', async () => {
    const set = await makeOutputSet(slipway.db, { tenant: north, files: [{ name: 'a.jsonl', size: 5, records: 1 }] });
    await slipway.db.query(`UPDATE output_set SET removed_at = '2026-04-12T03:00:00Z' WHERE uid = $1`, [set.uid]);
    const { items } = await list('partner=demo');
    expect(items[0].files).toEqual([{ name: 'a.jsonl', size: 5, records: 1, removedAt: '2026-04-12T03:00:00.000Z' }]);
    const response = await slipway.request('post', `/v1/output-sets/${set.uid}/download-links`);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(response.json).toEqual({
      ...{
        type: 'urn:slipway:problem:output_files_removed',
        title: 'The files of the output set have been removed',
        status: 410,
      },
      ...{ code: 'output_files_removed', requestId: response.headers.get('x-request-id') },
      detail: 'The files were removed at 2026-04-12T03:00:00.000Z, as their time was over.',
    });
    const stranger = await slipway.token({ scope: 'read:jobs:output-files partner:other' });
    const foreign = await slipway.request('post', `/v1/output-sets/${set.uid}/download-links`, { token: stranger });
    expect([foreign.status, foreign.json.code]).toEqual([404, 'output_set_not_found']);
  });

  it('need the scope for output files', async () => {
    const { uid } = await makeOutputSet(slipway.db, { tenant: north });
    const token = await slipway.token({ scope: 'create:jobs read:jobs partner:demo' });
    const response = await slipway.request('post', `/v1/output-sets/${uid}/download-links`, { token });
    expect([response.status, response.json.code]).toEqual([403, 'insufficient_scope']);
    expect(response.headers.get('www-authenticate')).toContain('scope="read:jobs:output-files"');
  });
});
