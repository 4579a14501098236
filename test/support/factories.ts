import { randomBytes } from 'node:crypto';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { TestS3 } from './s3';

/** Rows made by plain SQL, so that a test needs no service to set its scene. What is not given is made up and unique. */

const unique = (prefix: string): string => `${prefix}-${randomBytes(4).toString('hex')}`;

async function insert<T>(db: DataSource, sql: string, values: unknown[]): Promise<T> {
  const [row]: T[] = await db.query(sql, values);
  if (!row) throw new Error('nothing was inserted');
  return row;
}

export interface PartnerRow {
  readonly id: string;
  readonly code: string;
}

export function makePartner(db: DataSource, { code = unique('partner') }: { code?: string } = {}): Promise<PartnerRow> {
  return insert(db, `INSERT INTO partner (uid, code, name) VALUES ($1, $2, $2) RETURNING id, code`, [uuidv7(), code]);
}

export interface TenantRow {
  readonly id: string;
  readonly code: string;
  readonly partner: PartnerRow;
  readonly schoolYear: number;
}

/** A tenant of a partner, with one school year enabled. */
export async function makeTenant(
  db: DataSource,
  options: { partner?: PartnerRow; code?: string; schoolYear?: number } = {},
): Promise<TenantRow> {
  const { code = unique('tenant'), schoolYear = 2026 } = options;
  const partner = options.partner ?? (await makePartner(db));
  const { id } = await insert<{ id: string }>(
    db,
    `INSERT INTO tenant (uid, partner_id, code, name) VALUES ($1, $2, $3, $3) RETURNING id`,
    [uuidv7(), partner.id, code],
  );
  await db.query(`INSERT INTO school_year (end_year) VALUES ($1) ON CONFLICT DO NOTHING`, [schoolYear]);
  await db.query(`INSERT INTO tenant_school_year (tenant_id, end_year) VALUES ($1, $2)`, [id, schoolYear]);
  return { id, code, partner, schoolYear };
}

export interface FileRow {
  readonly envVar: string;
  readonly name: string;
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  readonly versionId: string | null;
}

export interface JobRow {
  readonly id: string;
  readonly uid: string;
  readonly tenant: TenantRow;
}

export interface MakeJobOptions {
  tenant?: TenantRow;
  status?: 'created' | 'queued' | 'running';
  bundlePath?: string;
  bundleVersion?: string;
  params?: Record<string, string>;
  /** Pinned, as after a start. */
  files?: readonly FileRow[];
}

/** A job of an API client, by default one that is started and waits. */
export async function makeJob(db: DataSource, options: MakeJobOptions = {}): Promise<JobRow> {
  const { status = 'queued', bundlePath = 'assessments/TEST', bundleVersion = 'v1', params = {}, files = [] } = options;
  const tenant = options.tenant ?? (await makeTenant(db));
  const uid = uuidv7();
  const { id } = await insert<{ id: string }>(
    db,
    `INSERT INTO job (uid, partner_id, tenant_id, school_year, bundle_path, bundle_version, params, status, client_issuer, client_id,
                      expires_at, started_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'https://issuer.test', 'client', now() + interval '1 day',
             CASE WHEN $8 = 'created' THEN NULL ELSE now() END)
     RETURNING id`,
    [uid, tenant.partner.id, tenant.id, tenant.schoolYear, bundlePath, bundleVersion, JSON.stringify(params), status],
  );
  for (const file of files) {
    await db.query(
      `INSERT INTO job_file (job_id, env_var, name, object_key, size, etag, version_id) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [id, file.envVar, file.name, file.key, file.size, file.etag, file.versionId],
    );
  }
  return { id, uid, tenant };
}

export interface RunRow {
  readonly id: string;
  readonly uid: string;
  readonly job: JobRow;
}

/** A queued run of a queued job. */
export async function makeRun(db: DataSource, options: MakeJobOptions & { job?: JobRow; number?: number } = {}): Promise<RunRow> {
  const job = options.job ?? (await makeJob(db, options));
  const uid = uuidv7();
  const { id } = await insert<{ id: string }>(db, `INSERT INTO run (uid, job_id, number) VALUES ($1, $2, $3) RETURNING id`, [
    uid,
    job.id,
    options.number ?? 1,
  ]);
  return { id, uid, job };
}

export interface OutputSetRow {
  readonly uid: string;
  readonly job: JobRow;
}

/** The output set of a successful run; with `s3` its files' contents are stored too. */
export async function makeOutputSet(
  db: DataSource,
  options: {
    tenant?: TenantRow;
    job?: JobRow;
    sentToOds?: boolean;
    files?: readonly { name: string; size: number; records: number; content?: string }[];
    s3?: TestS3;
  } = {},
): Promise<OutputSetRow> {
  const run = await makeRun(db, { tenant: options.tenant, job: options.job });
  const { job } = run;
  await db.query(`UPDATE run SET status = 'succeeded', attempt = 1, started_at = now(), finished_at = now() WHERE id = $1`, [
    run.id,
  ]);
  await db.query(`UPDATE job SET status = 'succeeded', finished_at = now() WHERE id = $1`, [job.id]);
  const uid = uuidv7();
  const { id } = await insert<{ id: string }>(
    db,
    `INSERT INTO output_set (uid, run_id, job_id, partner_id, tenant_id, school_year, bundle_path, bundle_version, sent_to_ods)
     SELECT $1, $2, id, partner_id, tenant_id, school_year, bundle_path, bundle_version, $4 FROM job WHERE id = $3 RETURNING id`,
    [uid, run.id, job.id, options.sentToOds ?? false],
  );
  for (const { name, size, records, content } of options.files ?? []) {
    const key = `outputs/${job.uid}/1/1/${name}`;
    const stored =
      options.s3 &&
      (await options.s3.client.send(
        new PutObjectCommand({ Bucket: options.s3.bucket, Key: key, Body: Buffer.from(content ?? '') }),
      ));
    await db.query(
      `INSERT INTO output_file (output_set_id, name, object_key, version_id, size, records) VALUES ($1, $2, $3, $4, $5, $6)`,
      [id, name, key, stored?.VersionId ?? null, size, records],
    );
  }
  return { uid, job };
}
