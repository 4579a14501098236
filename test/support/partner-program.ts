import type { Json } from './application';
import { waitFor } from './wait';

interface Submission {
  readonly partner: string;
  readonly tenant: string;
  readonly bundle: string;
  readonly schoolYear: string;
  readonly params: Readonly<Record<string, string>>;
}

/** A partner's program: it has nothing but the API's address and a client's credentials. */
export class PartnerProgram {
  private constructor(
    private readonly api: string,
    private readonly token: string,
  ) {}

  static async signIn(api: string, tokenEndpoint: string, clientId: string, clientSecret: string): Promise<PartnerProgram> {
    const response = await fetch(tokenEndpoint, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    const { access_token: token } = (await response.json()) as { access_token: string };
    return new PartnerProgram(api, token);
  }

  async send(method: 'GET' | 'POST', path: string, body?: unknown): Promise<{ status: number; json: Json }> {
    const response = await fetch(`${this.api}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return { status: response.status, json: await response.json() };
  }

  async get(path: string): Promise<Json> {
    const { status, json } = await this.send('GET', path);
    if (status !== 200) throw new Error(`GET ${path} answered ${status}: ${JSON.stringify(json)}`);
    return json;
  }

  /** Creates a job, uploads its files, starts it and waits for its end. @returns the job as it is then. */
  async submit(job: Submission, files: Record<string, { name: string; content: Buffer }>): Promise<Json> {
    const names = Object.fromEntries(Object.entries(files).map(([envVar, { name }]) => [envVar, name]));
    const created = await this.send('POST', '/v1/jobs', { ...job, files: names });
    if (created.status !== 201) throw new Error(`the job was not created: ${JSON.stringify(created.json)}`);
    const { uid, uploads } = created.json;
    for (const [envVar, { content }] of Object.entries(files)) {
      const uploaded = await fetch(uploads[envVar].url, { method: 'PUT', headers: uploads[envVar].headers, body: content });
      if (!uploaded.ok) throw new Error(`the upload answered ${uploaded.status}`);
    }
    const started = await this.send('POST', `/v1/jobs/${uid}/start`);
    if (started.status !== 202) throw new Error(`the job was not started: ${JSON.stringify(started.json)}`);
    return this.waitUntilFinished(uid);
  }

  waitUntilFinished(uid: string): Promise<Json> {
    return waitFor(
      async () => {
        const job = await this.get(`/v1/jobs/${uid}`);
        return ['queued', 'running'].includes(job.status) ? null : job;
      },
      { deadlineMs: 30_000 },
    );
  }

  /** The files of a job's output set, by name. */
  async downloadOutputs(partner: string, jobUid: string): Promise<Map<string, Buffer>> {
    const { items } = await this.get(`/v1/output-sets?partner=${partner}&jobUid=${jobUid}`);
    if (items.length !== 1) throw new Error(`there are ${items.length} output sets`);
    const { json } = await this.send('POST', `/v1/output-sets/${items[0].uid}/download-links`);
    const contents = await Promise.all(
      Object.entries(json.downloadLinks as Record<string, string>).map(async ([name, url]) => {
        const response = await fetch(url);
        return [name, Buffer.from(await response.arrayBuffer())] as const;
      }),
    );
    return new Map(contents);
  }
}
