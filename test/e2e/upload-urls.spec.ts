import { startTestApplication, type TestApplication } from '../support/application';
import { createJob, upload } from '../support/partner';

/** POST /v1/jobs/{uid}/upload-urls as a partner's system meets it whose first URLs have run out. */
describe('POST /v1/jobs/{uid}/upload-urls', () => {
  let slipway: TestApplication;
  beforeAll(async () => {
    slipway = await startTestApplication({ env: { UPLOAD_URL_TTL_SECONDS: '600', JOB_START_TTL_HOURS: '1' } });
  });
  afterAll(() => slipway.close());

  const renew = (uid: string, options = {}) => slipway.request('post', `/v1/jobs/${uid}/upload-urls`, options);
  const content = 'student_id,score\n1,2\n';

  it('gives what the creation gave, and what is uploaded there can be started', async () => {
    const created = await createJob(slipway, { files: { INPUT_FILE: 'a.csv', RETAKE_FILE: 'b.csv' } });
    const { status, json } = await renew(created.uid);
    expect(status).toBe(200);
    expect(Object.keys(json).sort()).toEqual(['expiresAt', 'uploadUrls', 'uploads']);
    expect(json.expiresAt).toBe(created.expiresAt);
    for (const envVar of ['INPUT_FILE', 'RETAKE_FILE']) {
      expect(json.uploads[envVar]).toEqual({
        ...{ method: 'PUT', url: json.uploadUrls[envVar], headers: {}, expiresAt: expect.stringMatching(/Z$/) },
      });
      expect(new URL(json.uploadUrls[envVar]).pathname).toBe(new URL(created.uploadUrls[envVar]).pathname);
      await upload(json.uploads[envVar], content);
    }
    expect((await slipway.request('post', `/v1/jobs/${created.uid}/start`)).status).toBe(202);
  });

  it('still holds an upload to the size and checksum that were declared', async () => {
    const declared = { name: 'a.csv', size: 3, sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' };
    const created = await createJob(slipway, { files: { INPUT_FILE: declared } });
    const { uploads } = (await renew(created.uid)).json;
    expect(uploads.INPUT_FILE.headers).toEqual(created.uploads.INPUT_FILE.headers);
    await expect(upload(uploads.INPUT_FILE, 'abd')).rejects.toThrow('the upload failed: 4');
    await upload(uploads.INPUT_FILE, 'abc');
  });

  it('lets no URL outlive the job', async () => {
    const { uid } = await createJob(slipway);
    await slipway.db.query(`UPDATE job SET expires_at = now() + interval '90.5 seconds' WHERE uid = $1`, [uid]);
    const { json } = await renew(uid);
    const left = Date.parse(json.expiresAt) - Date.parse(json.uploads.INPUT_FILE.expiresAt);
    expect(left).toBeGreaterThanOrEqual(0);
    expect(left).toBeLessThan(5_000);
    await slipway.db.query(`UPDATE job SET expires_at = now() + interval '0.9 seconds' WHERE uid = $1`, [uid]);
    expect((await renew(uid)).json).toMatchObject({ status: 409, code: 'job_expired' });
  });

  it.each([
    ['expired', "UPDATE job SET expires_at = now() - interval '1 second' WHERE uid = $1", 'job_expired'],
    ['cancelled', "UPDATE job SET status = 'cancelled', finished_at = now() WHERE uid = $1", 'job_cancelled'],
    ['queued', "UPDATE job SET status = 'queued', started_at = now() WHERE uid = $1", 'job_already_started'],
  ])('is refused for an %s job', async (status, sql, code) => {
    const { uid } = await createJob(slipway);
    await slipway.db.query(sql, [uid]);
    const response = await renew(uid);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(response.json).toMatchObject({ status: 409, code, detail: `The job takes no more files: its status is ${status}.` });
  });

  it('takes no field, and needs a client', async () => {
    const { uid } = await createJob(slipway);
    expect((await renew(uid, { body: { files: [] } })).json).toMatchObject({ status: 400, code: 'unknown_field' });
    expect((await renew(uid, { body: {} })).status).toBe(200);
    const token = await slipway.token({ client_id: undefined });
    expect((await renew(uid, { token })).json).toMatchObject({ status: 403, code: 'client_missing' });
  });

  it("answers another partner's job as if there were none", async () => {
    const { uid } = await createJob(slipway);
    const token = await slipway.token({ scope: 'create:jobs partner:other' });
    const [foreign, absent, malformed] = await Promise.all(
      [uid, '019ab6c2-7a10-7c3e-9d51-0b8a4f3f2a11', 'x'].map(async (id) => {
        const { status, json } = await renew(id, { token });
        return { status, ...json, requestId: '' };
      }),
    );
    expect(foreign).toMatchObject({ status: 404, code: 'job_not_found' });
    expect(absent).toEqual(foreign);
    expect(malformed).toEqual(foreign);
  });
});
