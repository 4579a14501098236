import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from './connection-file';
import { DEMO_JOB } from './demo-data';

const RUN_SECONDS = 60;
const LINES_SHOWN = 2;
const COLUMNS_SHOWN = 160;

interface Created {
  readonly uid: string;
  readonly uploads: Readonly<Record<string, { readonly url: string; readonly headers: Record<string, string> }>>;
}
interface JobState {
  readonly status: string;
  readonly error: { readonly detail: string } | null;
  readonly runs: readonly { readonly startedAt: string; readonly finishedAt: string }[];
}
interface OutputSets {
  readonly items: readonly { readonly uid: string; readonly files: readonly { name: string; size: number; records: number }[] }[];
}

/**
 * The main job as a partner's program does it: a token by client credentials, a job, uploads straight to S3, the start, the
 * wait, the outputs. Knows nothing but HTTP.
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
  if (!tokenEndpoint || !client) throw new Error('The demo needs the embedded token issuer: unset EXTERNAL_API_TOKEN_ISSUER.');

  say(`2. Getting a token for ${client.clientId} from ${tokenEndpoint}`);
  const basic = Buffer.from(`${client.clientId}:${client.clientSecret}`).toString('base64');
  const { access_token: token } = await call<{ access_token: string }>(tokenEndpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const authorization = `Bearer ${token}`;
  const post = <T>(path: string, body?: unknown): Promise<T> =>
    call<T>(`${api}${path}`, {
      method: 'POST',
      headers: { authorization, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  const get = <T>(path: string): Promise<T> => call<T>(`${api}${path}`, { headers: { authorization } });

  const job = {
    partner: client.partner,
    tenant: client.tenants[0],
    schoolYear: String(new Date().getFullYear()),
    ...DEMO_JOB,
  };
  say(`3. Creating a job: POST /v1/jobs ${JSON.stringify(job)}`);
  const created = await post<Created>('/v1/jobs', job);
  say(`   job ${created.uid}`);

  for (const [envVar, name] of Object.entries(DEMO_JOB.files)) {
    const content = await readFile(join(data, name));
    const upload = created.uploads[envVar];
    if (!upload) throw new Error(`The job has no upload for ${envVar}.`);
    say(`4. Uploading ${name} (${content.length} bytes) straight to S3 as ${envVar}`);
    await call(upload.url, { method: 'PUT', headers: upload.headers, body: content });
  }

  say(`5. Starting it: POST /v1/jobs/${created.uid}/start`);
  await post(`/v1/jobs/${created.uid}/start`);
  const finished = await waitUntilFinished(() => get<JobState>(`/v1/jobs/${created.uid}`));
  if (finished.status !== 'succeeded') throw new Error(`The job ${finished.status}: ${finished.error?.detail}`);
  const [run] = finished.runs;
  say(`6. The job succeeded; its run took ${run ? Date.parse(run.finishedAt) - Date.parse(run.startedAt) : '?'} ms`);

  const { items } = await get<OutputSets>(`/v1/output-sets?partner=${client.partner}&jobUid=${created.uid}`);
  const [set] = items;
  if (!set) throw new Error('The job has no output set.');
  const { downloadLinks } = await post<{ downloadLinks: Record<string, string> }>(`/v1/output-sets/${set.uid}/download-links`);
  say('7. Its outputs:');
  for (const { name, size, records } of set.files) {
    say(`\n   ${name}: ${records} records, ${size} bytes`);
    const text = await (await fetch(downloadLinks[name] ?? '')).text();
    for (const line of text.split('\n').slice(0, Math.min(LINES_SHOWN, records))) say(`   ${shortened(line)}`);
  }
}

async function call<T>(url: string, init: RequestInit): Promise<T> {
  const response = await fetch(url, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`${init.method ?? 'GET'} ${url.split('?')[0]} answered ${response.status}: ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

async function waitUntilFinished(look: () => Promise<JobState>): Promise<JobState> {
  const deadline = Date.now() + RUN_SECONDS * 1000;
  for (;;) {
    const job = await look();
    if (!['queued', 'running'].includes(job.status)) return job;
    if (Date.now() > deadline) throw new Error(`The job is still ${job.status} after ${RUN_SECONDS} s.`);
    await delay(100);
  }
}

const shortened = (line: string): string => (line.length > COLUMNS_SHOWN ? `${line.slice(0, COLUMNS_SHOWN)} …` : line);
