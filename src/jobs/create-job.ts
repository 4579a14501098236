import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { BundleRegistryService } from '../bundles/bundle-registry.service';
import { BundleSnapshots } from '../bundles/bundle-snapshots';
import { normalizeFileName } from '../bundles/file-name';
import { validateJobInput, type InputFault } from '../bundles/validate-input';
import { FileService, type PresignedUpload } from '../files/file.service';
import { JobSettings, ObjectStoreSettings } from '../platform/config/settings';
import { currentTraceparent } from '../platform/tracing/spans';
import type { Alongside, CreateJobCommand, NewJobFile } from './commands';
import { findSubmissionTarget, insertJob, type NewJobFileRow, type NewJobRow } from './job.queries';
import { maxOpenJobs, type JobOwner } from './job-owner';
import { inputKey } from './object-keys';
import { lockOpenJobs } from './open-jobs.queries';
import { signUploads } from './sign-uploads';
import { UncountedCreations } from './uncounted-creations';

/** What is wrong with a new job, and where: `path` leads into the command. */
export interface JobFault {
  readonly code:
    | InputFault['code']
    | 'invalid_request'
    | 'partner_not_found'
    | 'tenant_not_found'
    | 'school_year_not_enabled'
    | 'bundle_not_found';
  readonly path: readonly string[];
  readonly detail: string;
}

export interface CreatedJob {
  readonly uid: string;
  readonly expiresAt: Date;
}

export type CreateJobResult =
  | ({ kind: 'created'; uploads: ReadonlyMap<string, PresignedUpload> } & CreatedJob)
  /** Every fault at once, the gravest first. Nothing was written. */
  | { kind: 'rejected'; faults: readonly [JobFault, ...JobFault[]] }
  /** The client or user has as many open jobs as they may have. */
  | { kind: 'too_many_open_jobs'; limit: number; owner: JobOwner['kind'] }
  | { kind: 'bundle_registry_unavailable' }
  | { kind: 'storage_unavailable'; cause: unknown };

/** In which order faults are told; the first gives the answer its code. */
const FAULT_ORDER: readonly JobFault['code'][] = [
  'invalid_request',
  'partner_not_found',
  'tenant_not_found',
  'school_year_not_enabled',
  'bundle_not_found',
  'missing_required_params',
  'invalid_param_values',
  'unexpected_params',
  'missing_required_files',
  'unexpected_files',
  'invalid_file_name',
  'unsupported_file_type',
];

/**
 * What may come on top of a count without a lock: as many jobs as all processes together have connections to Postgres, whose inserts
 * do not see one another, and `CREATIONS_PER_COUNT` for each process. With the default pool of 10 connections that fits for
 * 33 web processes; each one more could pass the limit by 30 jobs, if all of them were just then creating for one client.
 */
const UNLOCKED_MARGIN = 1_000;

/** The use case "create a job": checks everything that can be checked before the files are there, and signs their uploads. */
@Injectable()
export class CreateJob {
  private readonly uncounted = new UncountedCreations();

  constructor(
    private readonly db: DataSource,
    private readonly bundles: BundleRegistryService,
    private readonly snapshots: BundleSnapshots,
    private readonly fileService: FileService,
    private readonly settings: JobSettings,
    private readonly objectStore: ObjectStoreSettings,
  ) {}

  /** Costs two statements, one signature a file, and the storing of the bundle's files the first time that a version is used. */
  async execute(command: CreateJobCommand, alongside?: Alongside<CreatedJob>): Promise<CreateJobResult> {
    if (!this.bundles.isLoaded()) return { kind: 'bundle_registry_unavailable' };
    const target = await findSubmissionTarget(this.db, command);
    const bundle = target === null || target.bundleEnabled ? this.bundles.find(command.bundle) : undefined;

    const faults: JobFault[] = this.sizeFaults(command.files);
    if (target === null) faults.push(fault('partner_not_found', 'partner', 'There is no such partner.'));
    else if (target.tenantId === null) faults.push(fault('tenant_not_found', 'tenant', 'The partner has no such tenant.'));
    else if (!target.schoolYearEnabled)
      faults.push(
        fault('school_year_not_enabled', 'schoolYear', `The school year ${command.schoolYear} is not enabled for this tenant.`),
      );
    if (!bundle)
      faults.push(fault('bundle_not_found', 'bundle', 'There is no such bundle, or it is not enabled for this partner.'));
    // What a bundle needs is told only to a partner that may use it.
    else if (target !== null) faults.push(...validateJobInput(bundle, command));
    if (isNotEmpty(faults)) return { kind: 'rejected', faults: inOrder(faults) };
    if (!bundle || target === null || target.tenantId === null)
      throw new Error('a job without faults has a partner, tenant and bundle');

    const stored = await this.snapshots.ensureSnapshot(bundle);
    if (stored.kind !== 'stored') return stored;

    const uid = uuidv7();
    const files = Object.entries(command.files).map(([envVar, file]) => toRow(uid, envVar, file));
    const secondsLeft = this.settings.startTtlHours * 3600;
    const uploads = await signUploads(this.fileService, files, this.objectStore.uploadUrlTtlSeconds, secondsLeft);
    const row: NewJobRow = {
      uid,
      partnerId: target.partnerId,
      tenantId: target.tenantId,
      schoolYear: Number(command.schoolYear),
      bundlePath: bundle.path,
      bundleVersion: bundle.version,
      params: command.params,
      creator: command.creator,
      startTtlHours: this.settings.startTtlHours,
      traceparent: currentTraceparent(),
      files,
    };
    const created = await this.insert(row, alongside);
    return created
      ? { kind: 'created', ...created, uploads }
      : { kind: 'too_many_open_jobs', limit: maxOpenJobs(this.settings, row.creator), owner: row.creator.kind };
  }

  /**
   * Far below the creator's limit a job needs no lock, and not every one a count: what others insert at the same time, and a count
   * does not see, fits into the margin. Near it one at a time is counted and inserted.
   *
   * @returns null where the creator has no room for it.
   */
  private async insert(row: NewJobRow, alongside: Alongside<CreatedJob> | undefined): Promise<CreatedJob | null> {
    const { creator } = row;
    const limit = maxOpenJobs(this.settings, creator);
    if (limit === 0) return this.insertIn(this.db, row, null, alongside);
    if (limit > UNLOCKED_MARGIN) {
      const created = await this.uncounted.admit(creator, ({ counts }) =>
        this.insertIn(this.db, row, counts ? limit - UNLOCKED_MARGIN : null, alongside),
      );
      if (created) return created;
    }
    return this.db.transaction(async (tx) => {
      await lockOpenJobs(tx, creator);
      return insertJobWith(tx, row, limit, alongside);
    });
  }

  private insertIn(
    db: DataSource,
    row: NewJobRow,
    openJobsBelow: number | null,
    alongside: Alongside<CreatedJob> | undefined,
  ): Promise<CreatedJob | null> {
    return alongside
      ? db.transaction((tx) => insertJobWith(tx, row, openJobsBelow, alongside))
      : insertJob(db, row, openJobsBelow);
  }

  private sizeFaults(files: Readonly<Record<string, NewJobFile>>): JobFault[] {
    const limit = this.settings.maxUploadBytes;
    return Object.entries(files).flatMap(([envVar, { size }]) =>
      size !== null && size > limit
        ? [
            {
              code: 'invalid_request' as const,
              path: ['files', envVar, 'size'],
              detail: `A file may have at most ${limit} bytes.`,
            },
          ]
        : [],
    );
  }
}

async function insertJobWith(
  tx: EntityManager,
  row: NewJobRow,
  openJobsBelow: number | null,
  alongside: Alongside<CreatedJob> | undefined,
): Promise<CreatedJob | null> {
  const created = await insertJob(tx, row, openJobsBelow);
  if (created) await alongside?.(tx, created);
  return created;
}

const fault = (code: JobFault['code'], field: string, detail: string): JobFault => ({ code, path: [field], detail });

function toRow(jobUid: string, envVar: string, file: NewJobFile): NewJobFileRow {
  return {
    envVar,
    name: normalizeFileName(file.name),
    objectKey: inputKey(jobUid, envVar),
    declaredSize: file.size,
    declaredSha256: file.sha256,
  };
}

const isNotEmpty = (faults: JobFault[]): faults is [JobFault, ...JobFault[]] => faults.length > 0;

function inOrder(faults: [JobFault, ...JobFault[]]): [JobFault, ...JobFault[]] {
  return faults.sort((a, b) => FAULT_ORDER.indexOf(a.code) - FAULT_ORDER.indexOf(b.code));
}
