import type { Json, TestApplication } from './application';

/** What a partner's program does, for tests that need a job and not its refusals. */

/** A job of `demo`/`north` over the test registry's first bundle. @returns the answer of the creation. */
export async function createJob(slipway: TestApplication, changes: Record<string, unknown> = {}): Promise<Json> {
  const body = {
    partner: 'demo',
    tenant: 'north',
    bundle: 'bundles/scores',
    schoolYear: '2026',
    files: { INPUT_FILE: 'scores.csv' },
    params: { TEST_TYPE: 'Fall' },
    ...changes,
  };
  const response = await slipway.request('post', '/v1/jobs', { body });
  if (response.status !== 201) throw new Error(`the job was not created: ${response.text}`);
  return response.json;
}

/** Uploads as the answer of a creation says. */
export async function upload(to: { url: string; headers: Record<string, string> }, content: string | Buffer): Promise<void> {
  const response = await fetch(to.url, { method: 'PUT', headers: to.headers, body: content });
  if (!response.ok) throw new Error(`the upload failed: ${response.status} ${await response.text()}`);
}
