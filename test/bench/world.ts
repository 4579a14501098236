import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startLocalPostgres } from '../../src/local/postgres/local-postgres';
import { createDataSource } from '../../src/platform/database/data-source';
import { migrate } from '../../src/platform/database/migrate';
import { provision } from '../../src/tenancy/provision';
import { startTestIssuer } from '../support/issuer';
import type { HttpRequest } from './load';
import { startProcess } from './processes';

const S3 = {
  S3_BUCKET: 'slipway-bench',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'AKIABENCH',
  AWS_SECRET_ACCESS_KEY: 'bench-secret',
};

/** A valid job of the provisioned partner, with one file. */
const JOB = JSON.stringify({
  partner: 'demo',
  tenant: 'north',
  bundle: 'bundles/scores',
  schoolYear: '2026',
  files: { INPUT_FILE: 'results.csv' },
  params: { TEST_TYPE: 'Fall' },
});

export interface World {
  /** What a program needs to serve the API here. */
  readonly environment: Record<string, string>;
  /** A good access token, signed with RS256 as most issuers do. */
  readonly token: string;
  close(): Promise<void>;
}

/**
 * All that the web process stands on: an embedded Postgres (which does not sync, so that a disk does not hide the difference
 * that is measured), the embedded S3 in its own process, a token issuer, and one partner.
 */
export async function startWorld(): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), 'slipway-bench-'));
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
  const [postgres, store, issuer] = await Promise.all([
    startLocalPostgres({ directory: join(directory, 'postgres'), settings }),
    startProcess(join(__dirname, 'object-store.ts'), { ...S3, S3_DIRECTORY: join(directory, 's3') }),
    startTestIssuer(),
  ]);
  await migrate(postgres.url);
  await provisionPartner(postgres.url);
  return {
    environment: {
      ...S3,
      S3_ENDPOINT: store.url,
      S3_FORCE_PATH_STYLE: 'true',
      DATABASE_URL: postgres.url,
      EXTERNAL_API_TOKEN_ISSUER: issuer.issuer,
      EXTERNAL_API_TOKEN_AUDIENCE: issuer.audience,
      BUNDLE_REGISTRY: join(__dirname, '../fixtures/registry'),
      // On, as in production, but never reached.
      RATE_LIMIT_PER_MINUTE: '10000000',
    },
    token: await issuer.mint({ exp: Math.floor(Date.now() / 1000) + 3600 }, { alg: 'RS256' }),
    close: async () => {
      await Promise.all([postgres.stop(), store.stop(), issuer.close()]);
      await Promise.all([directory, dirname(postgres.data)].map((each) => rm(each, { recursive: true, force: true })));
    },
  };
}

async function provisionPartner(databaseUrl: string): Promise<void> {
  const db = await createDataSource(databaseUrl).initialize();
  const tenants = [{ code: 'north', name: 'North', schoolYears: [2026] }];
  await provision(db, { partners: [{ code: 'demo', name: 'Demo', bundles: ['bundles/scores'], tenants }] }, null);
  await db.destroy();
}

export const createRequest = (url: string, world: World): HttpRequest => post(`${url}/v1/jobs`, world, JOB);

export function post(url: string, { token }: World, body?: string): HttpRequest {
  const headers = { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
  return { method: 'POST', url, headers, body };
}

export const get = (url: string, { token }: World): HttpRequest => ({
  method: 'GET',
  url,
  headers: { authorization: `Bearer ${token}` },
});
