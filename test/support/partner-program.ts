import { createSlipwayClient, dataOf, uploadFile, type Schemas, type SlipwayClient } from '../../clients/typescript';
import { clientCredentials } from '../../clients/typescript/client-credentials';
import { followJob } from '../../clients/typescript/follow-job';
import { undocumentedIn } from './api-document';

type Submission = Omit<Schemas['CreateJobDto'], 'files'>;

const WAIT_MS = 120_000;

/** A partner's program: it has the typed client, and nothing but the API's address and a client's credentials. */
export class PartnerProgram {
  private constructor(readonly api: SlipwayClient) {
    api.use({
      onResponse: async ({ request, response }) => {
        const { pathname, search } = new URL(request.url);
        // A stream is not read here: it may have no end.
        const streams = response.headers.get('content-type')?.startsWith('text/event-stream');
        const { status, headers } = response;
        const text = streams ? '' : await response.clone().text();
        const wrong = undocumentedIn(request.method, pathname + search, { status, headers, text });
        if (wrong !== null) throw new Error(`${request.method} ${pathname} answered ${status} ${text}: ${wrong}`);
      },
    });
  }

  static signIn(baseUrl: string, tokenEndpoint: string, clientId: string, clientSecret: string): PartnerProgram {
    const token = clientCredentials({ tokenEndpoint, clientId, clientSecret });
    return new PartnerProgram(createSlipwayClient({ baseUrl, token }));
  }

  /** Creates a job, uploads its files, starts it and waits for its end. @returns the job as it is then. */
  async submit(
    job: Submission,
    files: Record<string, { name: string; content: Buffer<ArrayBuffer> }>,
  ): Promise<Schemas['JobDto']> {
    const names = Object.fromEntries(Object.entries(files).map(([envVar, { name }]) => [envVar, name]));
    const { uid, uploads } = await dataOf(this.api.POST('/v1/jobs', { body: { ...job, files: names } }));
    for (const [envVar, { content }] of Object.entries(files)) {
      const upload = uploads[envVar];
      if (!upload) throw new Error(`the job has no upload for ${envVar}`);
      await uploadFile(upload, content);
    }
    await dataOf(this.api.POST('/v1/jobs/{uid}/start', { params: { path: { uid } } }));
    return this.waitUntilFinished(uid);
  }

  async waitUntilFinished(uid: string): Promise<Schemas['JobDto']> {
    for await (const _event of followJob(this.api, uid, { signal: AbortSignal.timeout(WAIT_MS) }));
    return this.job(uid);
  }

  job(uid: string): Promise<Schemas['JobDto']> {
    return dataOf(this.api.GET('/v1/jobs/{uid}', { params: { path: { uid } } }));
  }

  async outputSets(query: { partner: string; tenant?: string; jobUid?: string }): Promise<Schemas['OutputSetDto'][]> {
    return (await dataOf(this.api.GET('/v1/output-sets', { params: { query } }))).items;
  }

  /** The files of a job's output set, by name. */
  async downloadOutputs(partner: string, jobUid: string): Promise<Map<string, Buffer>> {
    const [set, ...more] = await this.outputSets({ partner, jobUid });
    if (!set || more.length > 0) throw new Error(`there are ${more.length + (set ? 1 : 0)} output sets`);
    const links = this.api.POST('/v1/output-sets/{uid}/download-links', { params: { path: { uid: set.uid } } });
    const contents = await Promise.all(
      Object.entries((await dataOf(links)).downloadLinks).map(async ([name, url]) => {
        const response = await fetch(url);
        return [name, Buffer.from(await response.arrayBuffer())] as const;
      }),
    );
    return new Map(contents);
  }
}
