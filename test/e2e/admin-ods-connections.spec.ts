import fs from 'node:fs';
import { DataSource } from 'typeorm';
import { Encryption } from '../../src/platform/encryption/encryption';
import { EncryptionUpkeep } from '../../src/platform/encryption/encryption-upkeep';
import { decryptOdsCredentials, ODS_CREDENTIALS } from '../../src/tenancy/ods-credentials';
import type { Json } from '../support/application';
import { auditOf, signInAdministrators, type Administrators } from '../support/administrators';
import { ED_FI_TEXT, startEdFiApi, type EdFiApi } from '../support/ed-fi-api';
import { waitFor } from '../support/wait';
import { startWebTestApplication, type WebTestApplication } from '../support/web';

const PATH = '/api/admin/partners/demo/tenants/north/ods-connections';

let slipway: WebTestApplication;
let people: Administrators;
let edFi: EdFiApi;
const answers: string[] = [];
const written: string[] = [];
beforeAll(async () => {
  // The log goes to standard output past Node's stream of it.
  const write = ((_fd: number, text: unknown, ...rest: unknown[]) => {
    written.push(String(text));
    (rest.at(-1) as (error: null, bytes: number) => void)(null, Buffer.byteLength(String(text)));
  }) as unknown as typeof fs.write;
  jest.spyOn(fs, 'write').mockImplementation(write);
  edFi = await startEdFiApi();
  slipway = await startWebTestApplication({ env: { ODS_ALLOWED_CIDRS: '127.0.0.0/8', LOG_LEVEL: 'trace' } });
  people = await signInAdministrators(slipway);
});
afterAll(async () => {
  jest.restoreAllMocks();
  await Promise.all([slipway.close(), edFi.close()]);
});
beforeEach(() => slipway.db.query('DELETE FROM ods_connection'));

/** A PUT makes a connection where there is none, and otherwise changes whatever there is. */
async function request(method: 'get' | 'put' | 'post' | 'delete', end: string, body?: unknown, headers?: Record<string, string>) {
  const made = method === 'put' && (await stored()) === undefined ? { 'if-none-match': '*' } : undefined;
  const answer = await people.admin.request(method, `${PATH}${end}`, { body, headers: headers ?? made });
  answers.push(answer.text);
  return answer;
}
const save = (changes: object = {}) =>
  request('put', '/2026', { baseUrl: edFi.baseUrl, key: edFi.key, secret: edFi.secret, ...changes });
const test = () => request('post', '/2026/test');
const stored = async (): Promise<{ uid: string; credentials: string }> =>
  (await slipway.db.query('SELECT uid, credentials FROM ods_connection'))[0];
const lastAudit = async (): Promise<Json> => (await auditOf(people))[0];

describe('an ODS connection', () => {
  it('is saved, listed without its secret, tested and deleted; each change leaves a record', async () => {
    const saved = await save();
    const connection = {
      schoolYear: '2026',
      baseUrl: edFi.baseUrl,
      hasSecret: true,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
      etag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
    };
    expect([saved.status, saved.json]).toEqual([200, connection]);
    expect(await lastAudit()).toMatchObject({
      action: 'ods_connection.created',
      subject: { partner: 'demo', tenant: 'north', schoolYear: '2026' },
      before: null,
      after: { baseUrl: edFi.baseUrl },
    });
    expect((await request('get', '')).json.items).toEqual([connection]);

    const tested = (await test()).json;
    expect(tested).toMatchObject({
      ok: true,
      apiVersion: '7.3',
      dataModels: [{ name: 'Ed-Fi', version: '5.2.0' }, { name: 'TPDM' }],
    });
    expect(tested.steps.map(({ step, ok }: Json) => [step, ok])).toEqual([
      ['base_url_reached', true],
      ['discovery_read', true],
      ['token_obtained', true],
      ['school_year_served', true],
    ]);

    expect((await request('delete', '/2026')).status).toBe(204);
    expect(await lastAudit()).toMatchObject({ action: 'ods_connection.deleted', before: { baseUrl: edFi.baseUrl }, after: null });
    for (const answer of [await request('delete', '/2026'), await test(), await request('delete', '/20x6')])
      expect([answer.status, answer.json.code]).toEqual([404, 'ods_connection_not_found']);
  });

  it('keeps key and secret when they are left out, and wants them anew for another base URL', async () => {
    await save();
    const before = (await auditOf(people)).length;
    expect((await save({ key: undefined, secret: undefined })).status).toBe(200);
    expect((await save()).status).toBe(200);
    expect((await auditOf(people)).length).toBe(before);
    const elsewhere = await save({ baseUrl: 'https://elsewhere.example.org/', key: undefined, secret: null });
    expect([elsewhere.status, elsewhere.json.code]).toEqual([400, 'ods_credentials_needed']);
    expect((await save({ baseUrl: 'https://elsewhere.example.org/' })).status).toBe(200);
    expect(await lastAudit()).toMatchObject({
      action: 'ods_connection.changed',
      before: { baseUrl: edFi.baseUrl },
      after: { baseUrl: 'https://elsewhere.example.org/', credentialsReplaced: true },
    });
    expect((await save({ baseUrl: edFi.baseUrl, secret: 'another-secret-of-ours' })).status).toBe(200);
    expect((await test()).json).toMatchObject({ ok: false, apiVersion: '7.3' });
  });

  it('is one for a year, also when several save it at once', async () => {
    const results = await Promise.all(['a', 'b', 'c', 'd'].map((secret) => save({ secret })));
    expect(results.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412]);
    expect(await slipway.db.query('SELECT count(*)::int AS count FROM ods_connection')).toEqual([{ count: 1 }]);
  });

  it.each([
    [{ key: undefined }, 'invalid_request', '/key'],
    [{ secret: undefined }, 'invalid_request', '/secret'],
    [{ key: 'a:b' }, 'invalid_request', '/key'],
    [{ secret: 'a b' }, 'invalid_request', '/secret'],
    [{ secret: 5 }, 'invalid_request', '/secret'],
    [{ baseUrl: undefined }, 'invalid_request', '/baseUrl'],
    [{ baseUrl: 'no url' }, 'invalid_request', '/baseUrl'],
    [{ baseUrl: 'ods.example.org' }, 'ods_url_not_allowed', '/baseUrl'],
    [{ baseUrl: 'http://ods.example.org/' }, 'ods_url_not_allowed', '/baseUrl'],
    [{ baseUrl: 'https://user:password@ods.example.org/' }, 'ods_url_not_allowed', '/baseUrl'],
    [{ baseUrl: 'https://ods.example.org/?a=b' }, 'ods_url_not_allowed', '/baseUrl'],
    [{ baseUrl: 'https://ods.example.org/#a' }, 'ods_url_not_allowed', '/baseUrl'],
    [{ baseUrl: 'https://10.0.0.1/' }, 'ods_url_not_allowed', '/baseUrl'],
    [{ baseUrl: 'https://169.254.169.254/' }, 'ods_url_not_allowed', '/baseUrl'],
    [{ baseUrl: 'https://[::ffff:10.0.0.1]/' }, 'ods_url_not_allowed', '/baseUrl'],
  ])('is not saved with %j', async (changes, code, pointer) => {
    const answer = await save(changes);
    expect([answer.status, answer.json.code, answer.json.errors[0].pointer]).toEqual([400, code, pointer]);
    expect(await stored()).toBeUndefined();
  });

  it.each(['2031', '26', 'x'])('is not saved for a school year that the tenant does not have: %s', async (year) => {
    const answer = await request('put', `/${year}`, { baseUrl: edFi.baseUrl, key: 'k', secret: 's' });
    expect([answer.status, answer.json.code]).toEqual([404, 'school_year_not_enabled']);
  });

  it("is nobody's business at another tenant", async () => {
    await save();
    const south = PATH.replace('north', 'south');
    expect((await people.admin.request('get', south)).json.items).toEqual([]);
    expect((await people.admin.request('post', `${south}/2026/test`)).status).toBe(404);
  });
});

describe('key and secret', () => {
  it('are encrypted in the row, for that row, and brought under a new key', async () => {
    await save();
    const row = await stored();
    expect(row.credentials).toMatch(/^v1:development:/);
    expect(Buffer.from(row.credentials.split(':')[2] ?? '', 'base64').toString('latin1')).not.toContain(edFi.secret);
    const { keys } = slipway.config.encryption;
    const old = new Encryption({ keys });
    expect(decryptOdsCredentials(old, row.uid, row.credentials)).toEqual({ key: edFi.key, secret: edFi.secret });
    expect(() => decryptOdsCredentials(old, '019ab6d0-31aa-7f0e-8c11-2a3b4c5d6e70', row.credentials)).toThrow(
      'is not in the place',
    );

    const next = { id: 'next', key: Buffer.alloc(32, 7) };
    await new EncryptionUpkeep(slipway.app.get(DataSource), new Encryption({ keys: [next, ...keys] }), [ODS_CREDENTIALS]).run();
    const renewed = await stored();
    expect(renewed.credentials).toMatch(/^v1:next:/);
    expect(decryptOdsCredentials(new Encryption({ keys: [next] }), renewed.uid, renewed.credentials).secret).toBe(edFi.secret);
    // This process does not have that key.
    const unreadable = await test();
    expect([unreadable.status, unreadable.json.code]).toEqual([409, 'ods_credentials_unreadable']);
    expect((await save()).status).toBe(200);
    expect((await test()).json.ok).toBe(true);
  });

  it('are in no answer, no audit record and no log line, and neither is what the Ed-Fi API said', async () => {
    await save();
    await test();
    await save({ secret: 'wrong-secret-of-ours' });
    await test();
    const audit = JSON.stringify(await auditOf(people));
    const everything = [...answers, audit, ...written].join('\n');
    for (const secret of [
      edFi.key,
      edFi.secret,
      'wrong-secret-of-ours',
      'another-secret-of-ours',
      ED_FI_TEXT,
      'a-token-of-the-ed-fi-api',
    ])
      expect(everything).not.toContain(secret);
    expect(answers.length).toBeGreaterThan(10);
    expect(written.join()).toContain('ods-connections');
  });
});

it('a connection that was saved is checked again at connect', async () => {
  // As if the range had been allowed when it was saved.
  await save();
  await slipway.db.query(`UPDATE ods_connection SET base_url = $1`, ['https://10.0.0.1/']);
  const { json } = await test();
  expect(json).toMatchObject({ ok: false, apiVersion: null, steps: [{ step: 'base_url_reached', ok: false }] });
});

it('tests of a connection are under way four at a time for one person, whatever the Ed-Fi API makes of them', async () => {
  const slow = await startEdFiApi();
  try {
    await save({ baseUrl: slow.baseUrl });
    const held: (() => void)[] = [];
    slow.answer('/api', (_request, response) => void held.push(() => response.writeHead(503).end()));
    const asked = [test(), test(), test(), test()];
    await waitFor(() => held.length === 4);
    const refused = await test();
    expect([refused.status, refused.json.code, refused.headers.get('retry-after')]).toEqual([429, 'rate_limited', '25']);
    const other = people.operator.request('post', `${PATH}/2026/test`);
    await waitFor(() => held.length === 5);
    for (const answer of held) answer();
    expect((await Promise.all([...asked, other])).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    const again = test();
    await waitFor(() => held.length === 6);
    held.at(-1)?.();
    expect((await again).status).toBe(200);
  } finally {
    await slow.close();
  }
});
