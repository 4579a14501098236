import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSlipwayClient, dataOf, uploadFile, type Schemas } from '../../clients/typescript';
import { clientCredentials } from '../../clients/typescript/client-credentials';
import { followJob } from '../../clients/typescript/follow-job';
import type { Connection } from './connection-file';
import { DEMO_JOB } from './demo-data';

const RUN_SECONDS = 60;
const LINES_SHOWN = 2;
const COLUMNS_SHOWN = 160;

/**
 * The main job as a partner's program does it: a token by client credentials, a job, uploads straight to S3, the start, the
 * wait, the outputs. It has nothing but the client that partners use.
 *
 * @param data the folder with the demo bundle's sample files.
 * @throws Error where a step fails or the job does not succeed.
 */
export async function submitDemoJob(
  { api, tokenEndpoint, clients }: Connection,
  data: string,
  say: (line: string) => void,
): Promise<void> {
  const client = clients?.[0];
  const tenant = client?.tenants[0];
  if (!tokenEndpoint || !client || !tenant)
    throw new Error('The demo needs the embedded token issuer: unset EXTERNAL_API_TOKEN_ISSUER.');

  say(`2. Getting a token for ${client.clientId} from ${tokenEndpoint}`);
  const token = clientCredentials({ tokenEndpoint, ...client });
  await token();
  const slipway = createSlipwayClient({ baseUrl: api, token });

  const job = {
    partner: client.partner,
    tenant,
    schoolYear: String(new Date().getFullYear()),
    ...DEMO_JOB,
  };
  say(`3. Creating a job: POST /v1/jobs ${JSON.stringify(job)}`);
  const created = await dataOf(slipway.POST('/v1/jobs', { body: job }));
  say(`   job ${created.uid}`);

  for (const [envVar, name] of Object.entries(DEMO_JOB.files)) {
    const content = await readFile(join(data, name));
    const upload = created.uploads[envVar];
    if (!upload) throw new Error(`The job has no upload for ${envVar}.`);
    say(`4. Uploading ${name} (${content.length} bytes) straight to S3 as ${envVar}`);
    await uploadFile(upload, content);
  }

  say(`5. Starting it: POST /v1/jobs/${created.uid}/start`);
  const params = { path: { uid: created.uid } };
  await dataOf(slipway.POST('/v1/jobs/{uid}/start', { params }));
  for await (const { type } of followJob(slipway, created.uid, { signal: AbortSignal.timeout(RUN_SECONDS * 1000) }))
    say(`   ${type}`);
  const finished = await dataOf(slipway.GET('/v1/jobs/{uid}', { params }));
  if (finished.status !== 'succeeded') throw new Error(`The job ${finished.status}: ${finished.error?.detail}`);
  const [run] = finished.runs;
  say(`6. The job succeeded; its run took ${milliseconds(run)} ms`);

  const query = { partner: client.partner, jobUid: created.uid };
  const { items } = await dataOf(slipway.GET('/v1/output-sets', { params: { query } }));
  const [set] = items;
  if (!set) throw new Error('The job has no output set.');
  const { downloadLinks } = await dataOf(
    slipway.POST('/v1/output-sets/{uid}/download-links', { params: { path: { uid: set.uid } } }),
  );
  say('7. Its outputs:');
  for (const { name, size, records } of set.files) {
    say(`\n   ${name}: ${records} records, ${size} bytes`);
    const text = await (await fetch(downloadLinks[name] ?? '')).text();
    for (const line of text.split('\n').slice(0, Math.min(LINES_SHOWN, records))) say(`   ${shortened(line)}`);
  }
}

const milliseconds = (run: Schemas['RunDto'] | undefined): number =>
  Date.parse(run?.finishedAt ?? '') - Date.parse(run?.startedAt ?? '');

const shortened = (line: string): string => (line.length > COLUMNS_SHOWN ? `${line.slice(0, COLUMNS_SHOWN)} …` : line);
