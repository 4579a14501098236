import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startLocalPostgres, type LocalPostgres } from '../../src/local/postgres/local-postgres';
import { createDataSource } from '../../src/platform/database/data-source';
import { migrate } from '../../src/platform/database/migrate';
import { provision } from '../../src/tenancy/provision';
import { freePort } from '../support/free-port';
import { startTestIssuer, type TestIssuer } from '../support/issuer';
import { ManagedProcess } from './managed-process';

const DIST = join(__dirname, '../../dist');
const WEB_PROCESSES = 2;
const WORKER_PROCESSES = 2;
export const TENANTS = ['north', 'south'] as const;
export const BUNDLE = 'bundles/growth';
/** A crash of the machine is not among the faults, so nothing has to reach the disk; what is committed has to reach the log. */
const POSTGRES_SETTINGS = { fsync: 'off', full_page_writes: 'off' };

/** Postgres on a port that stays, so that its clients find it again. */
export class RestartablePostgres {
  private constructor(
    private readonly directory: string,
    private server: LocalPostgres,
  ) {}

  static async start(directory: string): Promise<RestartablePostgres> {
    return new RestartablePostgres(directory, await startLocalPostgres({ directory, settings: POSTGRES_SETTINGS }));
  }

  get url(): string {
    return this.server.url;
  }

  /** Ends all connections, as an update of the server does. */
  stop(): Promise<void> {
    return this.server.stop();
  }

  async startAgain(): Promise<void> {
    const { port } = this.server;
    this.server = await startLocalPostgres({ directory: this.directory, port, settings: POSTGRES_SETTINGS });
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(dirname(this.server.data), { recursive: true, force: true });
  }
}

/** Slipway as it is shipped, in processes of its own, and all that it stands on. */
export interface World {
  readonly web: readonly ManagedProcess[];
  readonly workers: readonly ManagedProcess[];
  readonly urls: readonly string[];
  readonly postgres: RestartablePostgres;
  readonly store: ManagedProcess;
  readonly issuer: TestIssuer;
  /** The folder of the bundle registry, which the web processes read every second. */
  readonly registry: string;
  readonly token: string;
  /** What the processes have logged, each in a file of its own. */
  readonly logDirectory: string;
  whenReady(): Promise<void>;
  /** Ends everything and, unless the log is to be kept, leaves nothing behind. */
  close(keepLog: boolean): Promise<void>;
}

export async function startWorld(): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), 'slipway-chaos-'));
  const logDirectory = await mkdtemp(join(tmpdir(), 'slipway-chaos-log-'));
  const logFile = (name: string) => join(logDirectory, `${name.replaceAll(' ', '-')}.log`);
  const storePort = await freePort();
  const s3 = {
    S3_BUCKET: 'slipway-chaos',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIACHAOS',
    AWS_SECRET_ACCESS_KEY: 'chaos-secret',
  };
  const storeUrl = `http://127.0.0.1:${storePort}`;
  const [postgres, store, issuer] = await Promise.all([
    RestartablePostgres.start(join(directory, 'postgres')),
    ManagedProcess.start({
      ...{ name: 'S3', program: join(__dirname, '../bench/object-store.ts'), readyUrl: storeUrl, logFile: logFile('S3') },
      environment: { ...s3, S3_DIRECTORY: join(directory, 's3'), PORT: String(storePort) },
    }),
    startTestIssuer(),
  ]);
  const registry = join(directory, 'registry');
  await cp(join(__dirname, 'registry'), registry, { recursive: true });
  await migrate(postgres.url);
  await provisionPartner(postgres.url);

  const environment = {
    ...s3,
    S3_ENDPOINT: storeUrl,
    S3_FORCE_PATH_STYLE: 'true',
    DATABASE_URL: postgres.url,
    EXTERNAL_API_TOKEN_ISSUER: issuer.issuer,
    EXTERNAL_API_TOKEN_AUDIENCE: issuer.audience,
    BUNDLE_REGISTRY: registry,
    BUNDLE_REGISTRY_REFRESH_SECONDS: '1',
    RATE_LIMIT_PER_MINUTE: '0',
    TMPDIR: directory,
  };
  const preload = [join(__dirname, 'jumping-clock.js')];
  const startWeb = async (name: string) => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const place = { program: join(DIST, 'main.js'), readyUrl: `${url}/health/live`, logFile: logFile(name), preload };
    return { url, process: await ManagedProcess.start({ name, ...place, environment: { ...environment, PORT: String(port) } }) };
  };
  const startWorker = async (name: string) => {
    const port = await freePort();
    const readyUrl = `http://127.0.0.1:${port}/metrics`;
    const place = { program: join(DIST, 'main.worker.js'), readyUrl, logFile: logFile(name) };
    return ManagedProcess.start({ name, ...place, preload, environment: { ...environment, METRICS_PORT: String(port) } });
  };
  const [fronts, workers] = await Promise.all([
    Promise.all(Array.from({ length: WEB_PROCESSES }, (_, index) => startWeb(`web ${index + 1}`))),
    Promise.all(Array.from({ length: WORKER_PROCESSES }, (_, index) => startWorker(`worker ${index + 1}`))),
  ]);
  const web = fronts.map((front) => front.process);
  const programs = [...web, ...workers];
  const now = Math.floor(Date.now() / 1000);
  return {
    ...{ web, workers, postgres, store, issuer, registry, logDirectory },
    urls: fronts.map(({ url }) => url),
    // Good at every time that a web process may take it to be.
    token: await issuer.mint({ iat: now - 3600, exp: now + 7200 }),
    whenReady: async () => void (await Promise.all(programs.map((each) => each.whenReady()))),
    close: async (keepLog) => {
      await Promise.all(programs.map((each) => each.stop()));
      await Promise.all([store.stop(), issuer.close(), postgres.remove()]);
      await rm(directory, { recursive: true, force: true });
      if (!keepLog) await rm(logDirectory, { recursive: true, force: true });
    },
  };
}

async function provisionPartner(databaseUrl: string): Promise<void> {
  const db = await createDataSource(databaseUrl).initialize();
  const tenants = TENANTS.map((code) => ({ code, name: code, schoolYears: [2026] }));
  await provision(db, { partners: [{ code: 'demo', name: 'Demo', bundles: [BUNDLE], tenants }] }, null);
  await db.destroy();
}
