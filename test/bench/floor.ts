import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Pool } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Registry } from 'prom-client';
import { ObjectStoreMetrics } from '../../src/platform/object-store/object-store-metrics';
import { FileService } from '../../src/files/file.service';
import { findStartableJob, findSubmissionTarget, insertJob, queueCreatedJob } from '../../src/jobs/job.queries';
import { loadConfig } from '../../src/platform/config/load-config';
import { RunQueue } from '../../src/platform/queue/run-queue';

/**
 * The least that can serve create and start: node:http and pg doing the same statements, presigns and look-ups in S3 as the web
 * process, and nothing else. It checks no token and no input, has no framework, validation, log or error answers.
 */
async function serve(): Promise<void> {
  const config = loadConfig(process.env, 'web');
  const files = new FileService(config.objectStore, new ObjectStoreMetrics(new Registry()));
  const pool = new Pool({ connectionString: config.database.url, max: config.database.poolSize });
  const db = { query: async (sql: string, values?: unknown[]) => (await pool.query(sql, values)).rows } as DataSource;
  const enqueueStatement = await recordEnqueue(db);

  async function create(body: string): Promise<object> {
    const job = JSON.parse(body);
    const target = await findSubmissionTarget(db, job);
    if (!target?.tenantId) throw new Error('there is no such tenant');
    const uid = uuidv7();
    const names = Object.entries<string>(job.files);
    const rows = names.map(([envVar, name]) => ({
      ...{ envVar, name, objectKey: `inputs/${uid}/${envVar}` },
      ...{ declaredSize: null, declaredSha256: null },
    }));
    const uploads = await Promise.all(
      rows.map(async (row) => [row.envVar, await files.presignUpload(row.objectKey, {})] as const),
    );
    const row = {
      ...{ uid, partnerId: target.partnerId, tenantId: target.tenantId, schoolYear: Number(job.schoolYear) },
      ...{ bundlePath: job.bundle, bundleVersion: 'floor', params: job.params, files: rows },
      creator: { kind: 'client' as const, issuer: 'floor', clientId: 'floor', clientName: null },
      startTtlHours: config.jobs.startTtlHours,
      traceparent: null,
    };
    const created = await insertJob(db, row, null);
    const uploadUrls = Object.fromEntries(uploads.map(([envVar, { url }]) => [envVar, url]));
    return { uid, status: 'created', uploadUrls, uploads: Object.fromEntries(uploads), expiresAt: created?.expiresAt };
  }

  async function start(uid: string): Promise<object> {
    const job = await findStartableJob(db, uid, { partners: ['demo'] });
    if (job?.status !== 'created') throw new Error('the job cannot be started');
    const result = await files.doFilesExist(job.files.map((file) => file.objectKey));
    if (result.kind !== 'checked') throw result.cause;
    const pins = job.files.map((file) => ({ fileId: file.id, object: result.found.get(file.objectKey)! }));
    const runUid = uuidv7();
    const client = await pool.connect();
    try {
      const tx = { query: async (sql: string, values?: unknown[]) => (await client.query(sql, values)).rows } as EntityManager;
      await client.query('START TRANSACTION');
      const started = await queueCreatedJob(tx, job.id, runUid, pins, null);
      await client.query(...enqueueStatement(runUid));
      await client.query('COMMIT');
      return { uid, status: 'queued', startedAt: started?.startedAt };
    } finally {
      client.release();
    }
  }

  // Connections stay open while the other program has its turn.
  createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
    const startOf = /^\/v1\/jobs\/([0-9a-f-]{36})\/start$/.exec(request.url ?? '')?.[1];
    if (request.method !== 'POST') answer(response, 404, {});
    else if (startOf) start(startOf).then((body) => answer(response, 202, body), fail(response));
    else
      readBody(request)
        .then(create)
        .then((body) => answer(response, 201, body), fail(response));
  }).listen(config.http.port, '127.0.0.1');
  process.once('SIGTERM', () => process.exit(0));
}

/** Learns the statement with which pg-boss sends a message, so that it can be repeated without pg-boss. */
async function recordEnqueue(db: DataSource): Promise<(runUid: string) => [string, unknown[]]> {
  const placeholder = uuidv7();
  let recorded: { sql: string; values: string[] } | undefined;
  const recorder = {
    query: (sql: string, values: string[]) => {
      recorded = { sql, values };
      return Promise.resolve([{ id: placeholder }]);
    },
  } as unknown as EntityManager;
  const queue = new RunQueue(db);
  await queue.onModuleInit();
  await queue.enqueue(recorder, { runUid: placeholder, tenant: 'demo/north' });
  if (!recorded) throw new Error('pg-boss ran no statement');
  const { sql, values } = recorded;
  return (runUid) => [sql, values.map((value) => value.replaceAll(placeholder, runUid))];
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function answer(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text);
}

const fail = (response: ServerResponse) => (error: unknown) => answer(response, 500, { error: String(error) });

void serve();
