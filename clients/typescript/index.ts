import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './schema';

/** The schemas of the API's document by name, for variables and parameters: `Schemas['JobDto']`. */
export type Schemas = components['schemas'];

/** One method for each HTTP method; paths, parameters, bodies and answers have the types of the API's document. */
export type SlipwayClient = Client<paths, 'application/json' | 'application/problem+json'>;

export interface SlipwayClientOptions {
  /** Where the API is, without `/v1`. */
  readonly baseUrl: string;
  /** Asked before every request: gives a good access token, which it may keep for as long as that lives. */
  readonly token: () => Promise<string>;
}

/** A client of the External API. Its methods answer `{ data, error, response }`; `dataOf` turns an error into an exception. */
export function createSlipwayClient({ baseUrl, token }: SlipwayClientOptions): SlipwayClient {
  const client: SlipwayClient = createClient({ baseUrl });
  client.use({
    onRequest: async ({ request }) => {
      request.headers.set('Authorization', `Bearer ${await token()}`);
      return request;
    },
  });
  return client;
}

/** The API refused a request, or could not answer it. Programs go by `problem.code`. */
export class SlipwayProblem extends Error {
  /**
   * @param problem the answer (RFC 9457).
   * @param retryAfterSeconds when to ask again, of a 429 or 503.
   */
  constructor(
    readonly problem: Schemas['ProblemDto'],
    readonly retryAfterSeconds: number | null,
  ) {
    super(`${problem.status} ${problem.code}: ${problem.detail} (request ${problem.requestId})`);
    this.name = 'SlipwayProblem';
  }
}

type Answer<Data> = { data?: Data; error?: Schemas['ProblemDto']; response: Response };

/**
 * The data of an answer.
 *
 * @throws SlipwayProblem where it is a problem
 * @throws Error where it is not from Slipway at all, such as a proxy's page
 */
export async function dataOf<Data>(answer: Promise<Answer<Data>>): Promise<Data> {
  const { data, error, response } = await answer;
  if (response.ok) return data as Data;
  if (typeof error !== 'object') throw new Error(`${new URL(response.url).pathname} answered ${response.status}`);
  const retryAfter = response.headers.get('Retry-After');
  throw new SlipwayProblem(error, retryAfter === null ? null : Number(retryAfter));
}

/**
 * Uploads a file to storage as the answer of a creation says (`uploads`), with exactly the headers that are part of the URL's
 * signature. The token does not go there.
 *
 * @throws Error where storage refuses it: the URL is too old, or the file is not of the declared size or checksum
 */
export async function uploadFile(upload: Schemas['UploadDto'], content: Blob | Uint8Array<ArrayBuffer>): Promise<void> {
  const response = await fetch(upload.url, { method: upload.method, headers: upload.headers, body: content });
  if (!response.ok) throw new Error(`the upload was answered ${response.status}: ${await response.text()}`);
}
