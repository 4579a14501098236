import type { INestApplicationContext } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { join, resolve } from 'node:path';
import { DataSource } from 'typeorm';
import { BundleRegistryService } from '../bundles/bundle-registry.service';
import type { Environment } from '../platform/config/environment';
import { ConfigError, loadConfig, readEnvironment } from '../platform/config/load-config';
import type { Config } from '../platform/config/settings';
import { migrate } from '../platform/database/migrate';
import { RunWorker } from '../runner/run-worker';
import { admitUser } from '../tenancy/admit-user.queries';
import { provision } from '../tenancy/provision';
import { WebhookSender } from '../webhooks/webhook-sender';
import { createWebApplication, listen } from '../web-process';
import { startWorkerProcess } from '../worker-process';
import { removeConnection, writeConnection, type Connection } from './connection-file';
import { DEMO_CLIENTS, DEMO_USERS, demoProvision, demoUsersToAdmit } from './demo-data';
import { startEmbeddedParts, type EmbeddedParts } from './embedded-parts';
import { holdPort } from './held-port';
import { welcome } from './welcome';

type Env = Readonly<Record<string, string | undefined>>;

export interface LocalMode {
  readonly connection: Connection;
  /** One block of text for people. */
  readonly welcome: string;
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
/** So that webhooks can be tried with a receiver on this machine. */
const LOOPBACK_CIDRS = '127.0.0.0/8,::1/128';
/** A run or webhook that is not done by then is given back and taken up at the next start; Ctrl-C should not take longer than 5 s in all. */
const RUN_GRACE_MS = 2_000;
/** A registry in a folder is read in well under a second; a git one may be out of reach, and must not hold the start up. */
const REGISTRY_PATIENCE_MS = 10_000;

/**
 * Runs everything on this machine: the web process and a worker over the parts that are set, and an embedded one for each that
 * is not. The schema is brought up to date and demo data provided.
 *
 * @param demoRegistry the directory of the bundles that come with the product.
 * @throws Error with a message for people.
 */
export async function startLocalMode(env: Env, demoRegistry: string): Promise<LocalMode> {
  const startedAt = process.hrtime.bigint();
  const environment = readEnvironment(env);
  if (environment.NODE_ENV === 'production')
    throw new ConfigError(['NODE_ENV is production, where nothing is embedded: use start:web and start:worker']);
  const directory = resolve(environment.SLIPWAY_LOCAL_DIR);
  // Before anything is started: nothing is as confusing as a port that another copy holds. It has to be known by then, too, since the
  // issuer is told where the page is.
  const { port, release } = await holdPort(HOST, environment.PORT);
  // Any port is held until it is needed, since the system may give it to others. One that was asked for is not: somebody may wait for it
  // to open.
  if (environment.PORT !== 0) await release();
  const webOrigin = environment.WEB_BASE_URL ?? `http://${HOST}:${port}`;
  const stops: (() => Promise<unknown>)[] = [release];
  const stop = async (): Promise<void> => {
    await removeConnection(directory);
    for (const stopOne of stops.reverse()) await stopOne();
  };
  try {
    await removeConnection(directory);
    const parts = await startEmbeddedParts(environment, directory, webOrigin);
    stops.push(() => parts.stop());
    const config = configWith(parts, environment, { ...env, PORT: String(port), WEB_BASE_URL: webOrigin }, demoRegistry);
    await migrate(config.database.url);
    const web = await createWebApplication(config);
    stops.push(() => web.close());
    await web.init();
    await provisionDemoData(web, parts.databaseUrl !== null);
    await admitDemoUsers(web, parts);
    // One process, one port: the web side's.
    const worker: INestApplicationContext = await startWorkerProcess({ ...config, metrics: { port: null } });
    stops.push(async () => {
      await Promise.all([worker.get(RunWorker).stop(RUN_GRACE_MS), worker.get(WebhookSender).stop(RUN_GRACE_MS)]);
      await worker.close();
    });
    await release();
    await listen(web, config.http.port, HOST);
    const connection = connectionOf(web, config, parts, env);
    await writeConnection(directory, connection);
    const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
    return {
      connection,
      welcome: welcome(connection, seconds, directory, config.bundles.registry === demoRegistry ? demoRegistry : null),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The configuration as if every part had been set. */
function configWith(parts: EmbeddedParts, environment: Environment, env: Env, demoRegistry: string): Config {
  const completed: Record<string, string | undefined> = {
    PAGING_CURSOR_SECRET: parts.secrets.pagingCursorSecret,
    ENCRYPTION_KEYS: parts.secrets.encryptionKeys,
    SESSION_SECRETS: parts.secrets.sessionSecret,
    WEBHOOK_ALLOWED_CIDRS: LOOPBACK_CIDRS,
    ODS_ALLOWED_CIDRS: LOOPBACK_CIDRS,
    ...env,
  };
  if (parts.databaseUrl) completed['DATABASE_URL'] = parts.databaseUrl;
  if (parts.issuer?.audience) {
    completed['EXTERNAL_API_TOKEN_ISSUER'] = parts.issuer.issuer;
    completed['EXTERNAL_API_TOKEN_AUDIENCE'] = parts.issuer.audience;
  }
  if (parts.issuer?.webClient) {
    const { clientId, clientSecret } = parts.issuer.webClient;
    const login = { id: 'local', name: 'Local demo login', issuer: parts.issuer.issuer, clientId, clientSecret };
    completed['WEB_LOGIN_ISSUERS'] = JSON.stringify([login]);
  }
  if (parts.s3)
    Object.assign(completed, { S3_ENDPOINT: parts.s3.endpoint, S3_BUCKET: parts.s3.bucket, S3_FORCE_PATH_STYLE: 'true' });
  if (!environment.BUNDLE_REGISTRY) completed['BUNDLE_REGISTRY'] = demoRegistry;
  const config = loadConfig(completed, 'web');
  if (!parts.s3) return config;
  const { region, accessKeyId, secretAccessKey } = parts.s3;
  return { ...config, objectStore: { ...config.objectStore, region, credentials: { accessKeyId, secretAccessKey } } };
}

/**
 * An embedded database always has the demo data, and gets the bundles of a registry that was set later; somebody's own
 * database gets it only while there is no partner in it.
 */
async function provisionDemoData(web: NestExpressApplication, embedded: boolean): Promise<void> {
  const db = web.get(DataSource);
  if (!embedded && ((await db.query('SELECT FROM partner LIMIT 1')) as unknown[]).length > 0) return;
  const registry = web.get(BundleRegistryService);
  await registry.whenReady({ timeoutMs: REGISTRY_PATIENCE_MS });
  const bundles = registry.list().map((bundle) => bundle.path);
  await provision(db, demoProvision(bundles), bundles);
}

/** The people of the embedded issuer, whom nobody but this installation knows. */
async function admitDemoUsers(web: NestExpressApplication, { issuer }: EmbeddedParts): Promise<void> {
  if (!issuer?.webClient) return;
  const users = demoUsersToAdmit(issuer.issuer);
  await web.get(DataSource).transaction(async (tx) => {
    for (const user of users) await admitUser(tx, user);
  });
}

function connectionOf(web: NestExpressApplication, config: Config, parts: EmbeddedParts, env: Env): Connection {
  const { port } = web.getHttpServer().address() as { port: number };
  const api = `http://${HOST}:${port}`;
  const { objectStore, externalApi } = config;
  return {
    api,
    docs: `${api}/docs`,
    web: config.web.baseUrl ?? api,
    issuer: externalApi.issuer,
    audience: externalApi.audience,
    ...(parts.issuer?.audience && { tokenEndpoint: parts.issuer.tokenEndpoint, clients: clientsOf(parts) }),
    ...(parts.issuer?.webClient && { users: usersOf(parts) }),
    databaseUrl: config.database.url,
    s3: {
      endpoint: objectStore.endpoint,
      region: objectStore.region ?? env['AWS_REGION'] ?? null,
      bucket: objectStore.bucket,
      accessKeyId: objectStore.credentials?.accessKeyId ?? env['AWS_ACCESS_KEY_ID'] ?? null,
      secretAccessKey: objectStore.credentials?.secretAccessKey ?? env['AWS_SECRET_ACCESS_KEY'] ?? null,
    },
  };
}

function clientsOf({ secrets }: EmbeddedParts): Connection['clients'] {
  return DEMO_CLIENTS.map(({ clientId, partner, tenants, scopes }) => ({
    clientId,
    clientSecret: secrets.clientSecrets[clientId] ?? '',
    partner,
    tenants,
    scopes,
  }));
}

function usersOf({ secrets }: EmbeddedParts): Connection['users'] {
  return DEMO_USERS.map(({ subject, email, role, partner, tenants }) => ({
    email,
    password: secrets.userPasswords[subject] ?? '',
    role,
    ...(partner !== null && { partner }),
    ...(tenants.length > 0 && { tenants }),
  }));
}

/** Where the product's own bundles are, from the built program's folder. */
export const demoRegistryFrom = (distDirectory: string): string => join(distDirectory, '..', 'bundles');
