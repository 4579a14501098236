import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How the versions of the Ed-Fi API differ where a client sees it: in their addresses. */
export type EdFiDialect = '6.2' | '7.3' | '8.0';

export interface EdFiApiOptions {
  readonly dialect?: EdFiDialect;
  /** Whether each year has its own addresses; if not, one address is for all years. */
  readonly years?: readonly string[] | null;
}

export interface EdFiApi {
  readonly baseUrl: string;
  readonly port: number;
  readonly key: string;
  readonly secret: string;
  /** Method, path and whether a credential came along, in their order. */
  readonly requests: { readonly method: string; readonly path: string; readonly authorization: string | undefined }[];
  /** Answers one path in another way from now on. */
  answer(path: string, answer: (request: IncomingMessage, response: ServerResponse) => void): void;
  close(): Promise<void>;
}

export const answerJson =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  (_request: IncomingMessage, response: ServerResponse): void =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

/** Text that an answer of ours must never have, since the Ed-Fi API wrote it. */
export const ED_FI_TEXT = 'words-of-the-ed-fi-api';

/** An Ed-Fi API on 127.0.0.1 as far as a connection is checked: discovery, token, and one collection. */
export async function startEdFiApi({ dialect = '7.3', years = ['2026'] }: EdFiApiOptions = {}): Promise<EdFiApi> {
  const [key, secret, token] = ['populated-key', 'populated-secret', 'a-token-of-the-ed-fi-api'];
  const requests: EdFiApi['requests'] = [];
  const answers = new Map<string, (request: IncomingMessage, response: ServerResponse) => void>();
  const dataPaths = years === null ? [dataPath(dialect)] : years.map((year) => dataPath(dialect, year));

  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    const path = url.split('?')[0] ?? '';
    requests.push({ method, path, authorization: headers.authorization });
    const scripted = answers.get(path);
    if (scripted) return scripted(request, response);
    if (path === '/api') return answerJson(200, discoveryOf(dialect, baseUrl))(request, response);
    if (path === '/api/oauth/token' && method === 'POST') {
      const basic = `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`;
      const answer =
        headers.authorization === basic
          ? answerJson(200, { access_token: token, expires_in: 1800, token_type: 'bearer' })
          : answerJson(401, { error: 'invalid_client', error_description: ED_FI_TEXT });
      return answer(request, response);
    }
    const isServed = dataPaths.some((data) => path === `${data}/ed-fi/schoolYearTypes`);
    if (!isServed) return answerJson(404, { message: ED_FI_TEXT })(request, response);
    if (headers.authorization !== `Bearer ${token}`) return answerJson(401, { message: ED_FI_TEXT })(request, response);
    return answerJson(200, [{ schoolYear: 2026, schoolYearDescription: ED_FI_TEXT }])(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const baseUrl = `http://127.0.0.1:${port}/api`;
  return {
    baseUrl,
    port,
    key,
    secret,
    requests,
    answer: (path, answer) => void answers.set(path, answer),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function dataPath(dialect: EdFiDialect, year?: string): string {
  const segment = year === undefined ? '' : `/${year}`;
  if (dialect === '6.2') return `/api/data/v3${segment}`;
  return dialect === '7.3' ? `/api${segment}/data/v3` : `/api${segment}/data`;
}

/** As the API's versions write it; what a client has no use for is left out. */
function discoveryOf(dialect: EdFiDialect, baseUrl: string): object {
  return {
    version: dialect,
    informationalVersion: ED_FI_TEXT,
    ...(dialect === '8.0' ? {} : { suite: '3', build: `${dialect}.1234.0` }),
    ...(dialect === '6.2' ? { apiMode: 'Year Specific' } : {}),
    dataModels: [
      { name: 'Ed-Fi', version: '5.2.0', informationalVersion: ED_FI_TEXT },
      { name: 'TPDM', version: '1.1.0' },
    ],
    urls: {
      dependencies: `${baseUrl}/metadata/data/v3/dependencies`,
      openApiMetadata: `${baseUrl}/metadata/`,
      oauth: `${baseUrl}/oauth/token`,
      dataManagementApi: new URL(`${dataPath(dialect)}${dialect === '8.0' ? '' : '/'}`, baseUrl).href,
    },
  };
}
