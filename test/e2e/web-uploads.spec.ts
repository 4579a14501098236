import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { randomUUID } from 'node:crypto';
import { createJob } from '../support/partner';
import { startWebTestApplication, type SignedInAgent, type WebTestApplication } from '../support/web';

const MIB = 1024 * 1024;
const PART = 5 * MIB;

describe('an upload in parts', () => {
  let slipway: WebTestApplication;
  let staff: SignedInAgent;
  beforeAll(async () => {
    slipway = await startWebTestApplication();
    staff = await slipway.signIn({ roles: [{ role: 'staff', partner: 'demo', tenant: 'north' }] });
  });
  afterAll(() => slipway.close());

  const TENANT = '/api/partners/demo/tenants/north';
  const multipart = (uid: string, file = 'INPUT_FILE', tenant = TENANT) => `${tenant}/jobs/${uid}/uploads/${file}/multipart`;
  const newJob = async (size: number | undefined, more: object = {}): Promise<string> =>
    (await createJob(slipway, { files: { INPUT_FILE: { name: 'scores.csv', size, ...more } } })).uid;

  async function begin(uid: string): Promise<string> {
    const { status, json } = await staff.request('post', multipart(uid));
    expect([status, json.partSize]).toEqual([201, PART]);
    return encodeURIComponent(json.uploadId);
  }
  async function sign(uid: string, uploadId: string, numbers: number[]): Promise<Record<string, string>> {
    const { status, json } = await staff.request('post', `${multipart(uid)}/${uploadId}/parts`, { body: { numbers } });
    expect([status, Object.keys(json.urls)]).toEqual([200, numbers.map(String)]);
    return json.urls;
  }
  const send = async (url: string | undefined, body: Buffer) => (await fetch(url!, { method: 'PUT', body })).status;
  const complete = (uid: string, uploadId: string) => staff.request('post', `${multipart(uid)}/${uploadId}/complete`);
  const list = (uid: string, uploadId: string) => staff.request('get', `${multipart(uid)}/${uploadId}/parts`);

  it('makes a file of its parts, whichever are sent first, and the job starts with it', async () => {
    const uid = await newJob(2 * PART + 5);
    const uploadId = await begin(uid);
    const urls = await sign(uid, uploadId, [1, 2, 3]);
    expect(await send(urls['3'], Buffer.from('end!\n'))).toBe(200);
    expect(await send(urls['1'], Buffer.alloc(PART, 'a'))).toBe(200);
    expect((await list(uid, uploadId)).json.parts).toMatchObject([
      { number: 1, size: PART },
      { number: 3, size: 5 },
    ]);
    const early = await complete(uid, uploadId);
    expect([early.status, early.json.code]).toEqual([409, 'parts_missing']);
    expect(early.json.detail).toContain('2');

    // A page that was loaded anew asks for the rest.
    expect(await send((await sign(uid, uploadId, [2]))['2'], Buffer.alloc(PART, 'b'))).toBe(200);
    expect((await complete(uid, uploadId)).status).toBe(204);
    // Nobody may have heard the answer.
    expect((await complete(uid, uploadId)).status).toBe(204);
    expect((await slipway.request('post', `/v1/jobs/${uid}/start`)).status).toBe(202);
    const { json } = await slipway.request('get', `/v1/jobs/${uid}`);
    expect(json.files.INPUT_FILE).toMatchObject({ size: 2 * PART + 5, sha256: null });
  });

  it('takes no more bytes than the file has, and no part that it has not', async () => {
    const uid = await newJob(PART + 5);
    const uploadId = await begin(uid);
    const urls = await sign(uid, uploadId, [1, 2]);
    expect(await send(urls['2'], Buffer.from('longer'))).toBe(403);
    expect(await send(urls['1'], Buffer.alloc(PART + 1))).toBe(403);
    const beyond = await staff.request('post', `${multipart(uid)}/${uploadId}/parts`, { body: { numbers: [3] } });
    expect([beyond.status, beyond.json.code, beyond.json.errors[0].pointer]).toEqual([400, 'invalid_request', '/numbers']);
  });

  it.each([
    [[]],
    [[0]],
    [[1, 1]],
    [[10_001]],
    [['1']],
    [[1.5]],
    [Array.from({ length: 101 }, (_, index) => index + 1)],
    [undefined],
  ])('is signed for no parts like %j', async (numbers) => {
    const uid = await newJob(2 * PART);
    const { status, json } = await staff.request('post', `${multipart(uid)}/x/parts`, { body: { numbers } });
    expect([status, json.code]).toEqual([400, 'invalid_request']);
  });

  it('begun again replaces the one before', async () => {
    const uid = await newJob(2 * PART);
    const first = await begin(uid);
    const urls = await sign(uid, first, [1]);
    const second = await begin(uid);
    expect(await send(urls['1'], Buffer.alloc(PART))).toBe(404);
    expect((await list(uid, first)).json.code).toBe('upload_not_found');
    expect((await list(uid, second)).json).toEqual({ parts: [] });
  });

  it('can be given up', async () => {
    const uid = await newJob(2 * PART);
    const uploadId = await begin(uid);
    for (const expected of [204, 204])
      expect((await staff.request('delete', `${multipart(uid)}/${uploadId}`)).status).toBe(expected);
    const { status, json } = await complete(uid, uploadId);
    expect([status, json.code]).toEqual([404, 'upload_not_found']);
  });

  it.each<[string, number | undefined, object]>([
    ['without its size', undefined, {}],
    ['with its checksum', 5, { sha256: 'a'.repeat(64) }],
  ])('is not possible for a file that was declared %s', async (_, size, more) => {
    const { status, json } = await staff.request('post', multipart(await newJob(size, more)));
    expect([status, json.code]).toEqual([409, 'upload_in_parts_not_possible']);
  });

  it('is over once the job is cancelled: nothing can be signed or completed', async () => {
    const uid = await newJob(PART + 1);
    const uploadId = await begin(uid);
    const urls = await sign(uid, uploadId, [1, 2]);
    await send(urls['1'], Buffer.alloc(PART));
    await send(urls['2'], Buffer.alloc(1));
    expect((await slipway.request('post', `/v1/jobs/${uid}/cancel`)).status).toBe(202);
    for (const refused of [
      await staff.request('post', multipart(uid)),
      await staff.request('post', `${multipart(uid)}/${uploadId}/parts`, { body: { numbers: [1] } }),
      await list(uid, uploadId),
      await complete(uid, uploadId),
      await staff.request('delete', `${multipart(uid)}/${uploadId}`),
    ])
      expect([refused.status, refused.json.code]).toEqual([409, 'job_cancelled']);
    const head = new HeadObjectCommand({ Bucket: slipway.s3.bucket, Key: `inputs/${uid}/INPUT_FILE` });
    await expect(slipway.s3.client.send(head)).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
  });

  it('is not found for a job or file that is not there or another tenant’s, nor under an id that cannot be one', async () => {
    const uid = await newJob(PART + 1);
    const uploadId = await begin(uid);
    const operator = await slipway.signIn({ roles: [{ role: 'operator' }] });
    const asked = async (path: string) => {
      const { status, json } = await operator.request('get', `${path}/${uploadId}/parts`);
      return [status, json.code];
    };
    expect(await asked(multipart(uid))).toEqual([200, undefined]);
    expect(await asked(multipart(uid, 'INPUT_FILE', '/api/partners/demo/tenants/south'))).toEqual([404, 'job_not_found']);
    expect(await asked(multipart(uid, 'INPUT_FILE', '/api/partners/other/tenants/north'))).toEqual([404, 'job_not_found']);
    expect(await asked(multipart(randomUUID()))).toEqual([404, 'job_not_found']);
    expect(await asked(multipart('no-uid'))).toEqual([404, 'job_not_found']);
    expect(await asked(multipart(uid, 'RETAKE_FILE'))).toEqual([404, 'job_file_not_found']);
    for (const id of ['%00', 'a%20b', 'x'.repeat(1025)]) expect((await list(uid, id)).json.code).toBe('upload_not_found');
  });
});

it('of a store that does not answer is told as such, and goes on once it does', async () => {
  let isAway = false;
  const slipway = await startWebTestApplication({
    s3: { intercept: (request, response) => isAway && request.url!.includes('upload') && Boolean(response.writeHead(503).end()) },
  });
  try {
    const staff = await slipway.signIn({ roles: [{ role: 'staff', partner: 'demo', tenant: 'north' }] });
    const { uid } = await createJob(slipway, { files: { INPUT_FILE: { name: 'scores.csv', size: 5 } } });
    const path = `/api/partners/demo/tenants/north/jobs/${uid}/uploads/INPUT_FILE/multipart`;
    const { uploadId } = (await staff.request('post', path)).json;
    isAway = true;
    for (const answer of [
      await staff.request('post', path),
      await staff.request('get', `${path}/${uploadId}/parts`),
      await staff.request('post', `${path}/${uploadId}/complete`),
      await staff.request('delete', `${path}/${uploadId}`),
    ])
      expect([answer.status, answer.json.code]).toEqual([503, 'storage_unavailable']);
    isAway = false;
    expect((await staff.request('get', `${path}/${uploadId}/parts`)).json).toEqual({ parts: [] });
  } finally {
    await slipway.close();
  }
});
