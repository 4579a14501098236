import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { DataSource } from 'typeorm';
import { packBundle } from '../../src/bundles/bundle-archive';
import { CancelJob } from '../../src/jobs/cancel-job';
import type { RunError } from '../../src/jobs/run-report';
import { loadConfig } from '../../src/platform/config/load-config';
import type { Config } from '../../src/platform/config/settings';
import { dataSourceOptions } from '../../src/platform/database/data-source';
import { RunQueue } from '../../src/platform/queue/run-queue';
import { createTestDatabase, type TestDatabase } from './database';
import { makeRun, type FileRow, type RunRow } from './factories';
import { startTestS3, type TestS3, type TestS3Options } from './s3';
import type { ScriptStep } from './scripted-engine';
import { waitFor } from './wait';

export interface RunState {
  readonly job: string;
  readonly run: string;
  readonly attempt: number;
  readonly error: RunError | null;
  readonly events: readonly string[];
  readonly outputs: readonly { readonly name: string; readonly key: string; readonly records: number }[];
  readonly outputSets: number;
}

const BUNDLE = { path: 'assessments/TEST', version: 'v1' };
const FINAL: readonly string[] = ['succeeded', 'failed', 'cancelled'];

/** A database, a bucket and a stored bundle, in which tests let scripted runs happen. */
export class RunScene {
  private constructor(
    readonly database: TestDatabase,
    readonly db: DataSource,
    readonly s3: TestS3,
    private readonly queue: RunQueue,
  ) {}

  static async set(s3Options: TestS3Options = {}): Promise<RunScene> {
    const [database, s3] = await Promise.all([createTestDatabase(), startTestS3(s3Options)]);
    const db = await new DataSource(dataSourceOptions(database.url, 4)).initialize();
    const queue = new RunQueue(db);
    await queue.onModuleInit();
    const scene = new RunScene(database, db, s3, queue);
    await scene.addBundle({ 'earthmover.yaml': 'version: 2\n' }, BUNDLE.version);
    return scene;
  }

  /** Stores a version of the bundle, of texts by path, for runs of the shipped engine. */
  async addBundle(files: Readonly<Record<string, string>>, version: string): Promise<void> {
    const key = `bundles/${BUNDLE.path}/${version}.tar.gz`;
    const entries = Object.entries(files).map(([name, text]) => [`${BUNDLE.path}/${name}`, Buffer.from(text)] as const);
    await this.put(key, await packBundle(new Map(entries)));
    await this.db.query(`INSERT INTO bundle_snapshot (bundle_path, bundle_version, object_key) VALUES ($1, $2, $3)`, [
      ...[BUNDLE.path, version, key],
    ]);
  }

  async clear(): Promise<void> {
    await this.queue.onModuleDestroy();
    await this.db.destroy();
    await Promise.all([this.database.drop(), this.s3.close()]);
  }

  /** The environment of a worker's process here. */
  environment(settings: Record<string, string> = {}): Record<string, string> {
    return {
      DATABASE_URL: this.database.url,
      S3_BUCKET: this.s3.bucket,
      S3_ENDPOINT: this.s3.endpoint,
      S3_FORCE_PATH_STYLE: 'true',
      AWS_REGION: this.s3.region,
      AWS_ACCESS_KEY_ID: this.s3.accessKeyId,
      AWS_SECRET_ACCESS_KEY: this.s3.secretAccessKey,
      LOG_LEVEL: 'warn',
      ...settings,
    };
  }

  config(settings: Record<string, string> = {}): Config {
    const config = loadConfig(this.environment(settings), 'worker');
    const { region, accessKeyId, secretAccessKey } = this.s3;
    return { ...config, objectStore: { ...config.objectStore, region, credentials: { accessKeyId, secretAccessKey } } };
  }

  /** A started job with one run, which does what the script says. */
  async addRun(
    script: readonly ScriptStep[],
    options: { params?: Record<string, string>; files?: readonly FileRow[]; announce?: boolean; bundleVersion?: string } = {},
  ): Promise<RunRow> {
    const { params = {}, files = [], announce = true, bundleVersion = BUNDLE.version } = options;
    const run = await makeRun(this.db, {
      bundlePath: BUNDLE.path,
      bundleVersion,
      params: { ...params, SCRIPT: JSON.stringify(script) },
      files,
    });
    if (announce) await this.announce(run);
    return run;
  }

  announce(run: RunRow): Promise<void> {
    const { tenant } = run.job;
    return this.db.transaction((tx) =>
      this.queue.enqueue(tx, { runUid: run.uid, tenant: `${tenant.partner.code}/${tenant.code}` }),
    );
  }

  /** Cancels the run's job, as its client does. */
  async cancel({ job }: RunRow): Promise<void> {
    const result = await new CancelJob(this.db, this.queue).execute(job.uid, { partners: [job.tenant.partner.code] });
    if (result.kind !== 'cancelled') throw new Error(`the job was not cancelled: ${result.kind}`);
  }

  /** Uploads an input and pins it, as a start does. */
  async upload(envVar: string, name: string, content: string | Buffer): Promise<FileRow> {
    const key = `inputs/${envVar}/${Math.random()}`;
    const { etag, versionId } = await this.put(key, Buffer.from(content));
    return { envVar, name, key, size: Buffer.byteLength(content), etag, versionId };
  }

  async put(key: string, body: Buffer): Promise<{ etag: string; versionId: string | null }> {
    const put = await this.s3.client.send(new PutObjectCommand({ Bucket: this.s3.bucket, Key: key, Body: body }));
    return { etag: put.ETag ?? '', versionId: put.VersionId ?? null };
  }

  async read(key: string): Promise<string> {
    const { Body } = await this.s3.client.send(new GetObjectCommand({ Bucket: this.s3.bucket, Key: key }));
    return (await Body?.transformToString()) ?? '';
  }

  async listKeys(prefix: string): Promise<string[]> {
    const { Contents = [] } = await this.s3.client.send(new ListObjectsV2Command({ Bucket: this.s3.bucket, Prefix: prefix }));
    return Contents.map(({ Key }) => Key ?? '');
  }

  async stateOf(run: RunRow): Promise<RunState> {
    const [state]: RunState[] = await this.db.query(
      `SELECT job.status AS job, run.status AS run, run.attempt, job.error,
              (SELECT coalesce(array_agg(type ORDER BY e.id), '{}') FROM job_event e WHERE e.job_id = job.id) AS events,
              (SELECT count(*)::int FROM output_set s WHERE s.job_id = job.id) AS "outputSets",
              (SELECT coalesce(json_agg(json_build_object('name', f.name, 'key', f.object_key, 'records', f.records) ORDER BY f.name), '[]')
                 FROM output_file f JOIN output_set s ON s.id = f.output_set_id WHERE s.job_id = job.id) AS outputs
         FROM run JOIN job ON job.id = run.job_id WHERE run.id = $1`,
      [run.id],
    );
    if (!state) throw new Error('there is no such run');
    return state;
  }

  /** Waits until a condition holds for the run's state, and gives that. */
  async waitFor(run: RunRow, condition: (state: RunState) => boolean): Promise<RunState> {
    return waitFor(async () => {
      const state = await this.stateOf(run);
      return condition(state) ? state : null;
    });
  }

  waitForEnd(run: RunRow): Promise<RunState> {
    return this.waitFor(run, (state) => FINAL.includes(state.run));
  }
}
