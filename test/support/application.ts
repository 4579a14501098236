import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import request from 'supertest';
import { DataSource } from 'typeorm';
import { BundleRegistryService } from '../../src/bundles/bundle-registry.service';
import { loadConfig } from '../../src/platform/config/load-config';
import type { Config } from '../../src/platform/config/settings';
import type { HttpPatience } from '../../src/platform/http/http-adapter';
import { provision } from '../../src/tenancy/provision';
import { createWebApplication } from '../../src/web-process';
import { undocumentedIn } from './api-document';
import { createTestDatabase } from './database';
import { startTestIssuer, type TestIssuer } from './issuer';
import { startTestS3, type TestS3, type TestS3Options } from './s3';

export const TEST_REGISTRY = join(__dirname, '..', 'fixtures', 'registry');

export const ALL_SCOPES = 'create:jobs read:jobs read:jobs:output-files manage:webhooks';

export interface TestApplication {
  url: string;
  app: NestExpressApplication;
  config: Config;
  db: DataSource;
  s3: TestS3;
  issuer: TestIssuer;
  /** A token of the client `sis` for the partner `demo` with all scopes; claims are set, or left out with `undefined`. */
  token(claims?: Record<string, unknown>): Promise<string>;
  /**
   * Sends a request with such a token; `body` goes as JSON.
   *
   * @throws Error where an answer of an API is not as its document says
   */
  request(method: Method, path: string, options?: RequestOptions): Promise<TestResponse>;
  /** How many rows each table that requests write to has: the same before and after whatever must change nothing. */
  rowCounts(): Promise<Record<string, number>>;
  close(): Promise<void>;
}

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete' | 'head' | 'options';

export interface RequestOptions {
  /** JSON, or as it is where it is a string or buffer. */
  body?: unknown;
  /** null: none. */
  token?: string | null;
  headers?: Record<string, string>;
}

/** JSON of an unknown shape, as loosely typed as `JSON.parse` has it. */
export type Json = ReturnType<typeof JSON.parse>;

export interface TestResponse {
  status: number;
  headers: Headers;
  text: string;
  /** The body as JSON; tests read from it what they expect to be there. */
  json: Json;
}

export interface TestApplicationOptions {
  /** Settings beside those that the parts need. */
  env?: Record<string, string>;
  s3?: TestS3Options;
  /** How slow a client may be. */
  patience?: HttpPatience;
  /** Where the built page is; that of the last build otherwise. */
  pageDirectory?: string;
  /** Any, where nobody has to know it before. */
  port?: number;
}

/**
 * The web process as it runs in production, on a database, bucket and token issuer of its own, with the partners `demo` (tenants
 * `north`, `south`) and `other` (`east`, `north`), which have the first bundle of the test registry.
 */
export async function startTestApplication({
  env = {},
  s3: s3Options,
  patience,
  pageDirectory,
  port = 0,
}: TestApplicationOptions = {}): Promise<TestApplication> {
  const [database, s3, issuer] = await Promise.all([createTestDatabase(), startTestS3(s3Options), startTestIssuer()]);
  const config = testConfig(database.url, s3, issuer, env);
  const app = await createWebApplication(config, patience, pageDirectory);
  await app.listen(port, '127.0.0.1');
  const db = app.get(DataSource);
  await provision(db, TEST_PARTNERS, null);
  if (!(await app.get(BundleRegistryService).whenReady({ timeoutMs: 60_000 }))) throw new Error('the test registry was not read');
  const url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;

  const token: TestApplication['token'] = (claims = {}) =>
    issuer.mint({ client_id: 'sis', scope: `${ALL_SCOPES} partner:demo`, ...claims });
  return {
    url,
    app,
    config,
    db,
    s3,
    issuer,
    token,
    request: async (method, path, options = {}) =>
      send(url, method, path, { ...options, token: options.token === undefined ? await token() : options.token }),
    rowCounts: async () => {
      const tables = [
        ...['job', 'job_file', 'run', 'job_event', 'output_set', 'output_file', 'pgboss.job'],
        ...['webhook_endpoint', 'webhook_secret', 'webhook_delivery', 'idempotency_key', 'object_removal'],
        ...['ods_connection', 'audit_record'],
      ];
      const [row] = await db.query(
        `SELECT ${tables.map((table) => `(SELECT count(*)::int FROM ${table}) AS "${table}"`).join(', ')}`,
      );
      return row as Record<string, number>;
    },
    close: async () => {
      await app.close();
      await Promise.all([database.drop(), s3.close(), issuer.close()]);
    },
  };
}

export function testConfig(databaseUrl: string, s3: TestS3, issuer: TestIssuer, env: Record<string, string>): Config {
  const config = loadConfig(
    {
      DATABASE_URL: databaseUrl,
      S3_BUCKET: s3.bucket,
      S3_ENDPOINT: s3.endpoint,
      S3_FORCE_PATH_STYLE: 'true',
      EXTERNAL_API_TOKEN_ISSUER: issuer.issuer,
      EXTERNAL_API_TOKEN_AUDIENCE: issuer.audience,
      BUNDLE_REGISTRY: TEST_REGISTRY,
      LOG_LEVEL: 'silent',
      PORT: '0',
      ...env,
    },
    'web',
  );
  const { region, accessKeyId, secretAccessKey } = s3;
  return { ...config, objectStore: { ...config.objectStore, region, credentials: { accessKeyId, secretAccessKey } } };
}

const SCHOOL_YEARS = [2024, 2025, 2026];
const tenant = (code: string) => ({ code, name: code, schoolYears: SCHOOL_YEARS });
const TEST_PARTNERS = {
  partners: [
    { code: 'demo', name: 'Demo', bundles: ['bundles/scores'], tenants: [tenant('north'), tenant('south')] },
    { code: 'other', name: 'Other', bundles: ['bundles/scores'], tenants: [tenant('east'), tenant('north')] },
  ],
};

async function send(
  url: string,
  method: Method,
  path: string,
  { body, token, headers = {} }: RequestOptions,
): Promise<TestResponse> {
  const test = request(url)[method](path).buffer(true).set(headers);
  if (token) void test.set('authorization', `Bearer ${token}`);
  if (body !== undefined && !('content-type' in headers)) void test.set('content-type', 'application/json');
  const raw = typeof body === 'string' || Buffer.isBuffer(body);
  // Bytes go out as they are, whatever the content type says.
  const response = await (body === undefined ? test : test.serialize((bytes) => bytes).send(raw ? body : JSON.stringify(body)));
  const answer = {
    status: response.status,
    headers: new Headers(response.headers as Record<string, string>),
    text: response.text ?? '',
    get json() {
      return JSON.parse(response.text);
    },
  };
  const wrong = /^\/(v1|api)\//.test(path) && method !== 'head' ? undocumentedIn(method, path, answer) : null;
  if (wrong !== null) throw new Error(`${method} ${path} answered ${answer.status} ${answer.text}: ${wrong}`);
  return answer;
}
