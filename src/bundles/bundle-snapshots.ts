import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DataSource } from 'typeorm';
import { FileService } from '../files/file.service';
import { WorkerSettings } from '../platform/config/settings';
import { StorageUnavailableError } from '../platform/object-store/storage-unavailable.error';
import type { LoadedBundle } from './bundle';
import { InvalidArchiveError, MAX_BUNDLE_BYTES, unpackBundle, type BundleFiles } from './bundle-archive';
import { BundleSnapshot } from './bundle-snapshot.entity';

export type EnsureSnapshotResult =
  { readonly kind: 'stored' } | { readonly kind: 'storage_unavailable'; readonly cause: unknown };

/** A bundle version on this machine's disk, read-only. */
export interface BundleOnDisk {
  /** The bundle's folder, with its `earthmover.yaml`; the registry's other folders are where they are seen from it. */
  readonly directory: string;
  /** The registry's `packages` folder; null where it has none. */
  readonly packagesDirectory: string | null;
}

/** Nobody stored this bundle version: the job was not made by a service that uses this database. */
export class SnapshotNotFoundError extends Error {
  constructor(path: string, version: string) {
    super(`there is no snapshot of ${path} at ${version}`);
    this.name = 'SnapshotNotFoundError';
  }
}

/** Storing is a part of a request that has to be answered within 10 s. */
const STORE_DEADLINE_MS = 8_000;
const MAX_ON_DISK = 50;
/** How long after its run's time limit a bundle may still be looked at. */
const SPARE_MS = 10 * 60_000;

/**
 * Bundle versions in the object store. The web process stores one before the first job that uses it, a worker fetches it, so a
 * job always runs with the version that it was checked against, and no worker needs the registry.
 */
@Injectable()
export class BundleSnapshots implements OnModuleDestroy {
  private readonly stored = new Set<string>();
  private readonly storing = new Map<string, Promise<EnsureSnapshotResult>>();
  private readonly onDisk = new Map<string, { bundle: Promise<BundleOnDisk>; usedAt: number }>();
  private cache: Promise<string> | null = null;

  constructor(
    private readonly db: DataSource,
    private readonly files: FileService,
    private readonly worker: WorkerSettings,
  ) {}

  async onModuleDestroy(): Promise<void> {
    if (this.cache) await rm(await this.cache, { recursive: true, force: true });
  }

  /**
   * Makes sure that workers can have this bundle version. Costs nothing once this process has seen it stored.
   *
   * @throws whatever the database throws when it cannot be reached.
   */
  async ensureSnapshot(bundle: LoadedBundle): Promise<EnsureSnapshotResult> {
    const id = snapshotId(bundle.path, bundle.version);
    if (this.stored.has(id)) return { kind: 'stored' };
    let storing = this.storing.get(id);
    if (!storing) {
      storing = this.store(bundle).finally(() => this.storing.delete(id));
      this.storing.set(id, storing);
    }
    const result = await storing;
    if (result.kind === 'stored') this.stored.add(id);
    return result;
  }

  private async store(bundle: LoadedBundle): Promise<EnsureSnapshotResult> {
    const deadline = AbortSignal.timeout(STORE_DEADLINE_MS);
    const snapshots = this.db.getRepository(BundleSnapshot);
    const key = { bundlePath: bundle.path, bundleVersion: bundle.version };
    const known = await snapshots.findOneBy(key);
    if (known) {
      // The database may know an object that its bucket has lost: an emptied local folder, a restored backup.
      const exists = await this.files.doFilesExist([known.objectKey]);
      if (exists.kind === 'storage_unavailable') return exists;
      if (exists.missing.length === 0) return { kind: 'stored' };
    }
    const objectKey = known?.objectKey ?? `bundles/${bundle.path}/${bundle.version}.tar.gz`;
    try {
      await this.files.write(objectKey, bundle.archive, { contentType: 'application/gzip', signal: deadline });
    } catch (cause) {
      if (cause instanceof StorageUnavailableError) return { kind: 'storage_unavailable', cause };
      throw cause;
    }
    // Another process may have stored the same bytes at the same time.
    await snapshots
      .createQueryBuilder()
      .insert()
      .values({ ...key, objectKey })
      .orIgnore()
      .execute();
    return { kind: 'stored' };
  }

  /**
   * Brings a bundle version to this machine's disk, or finds it there. Several calls for one version share the work. The folder
   * stays at least until a run that was begun with it has reached its time limit.
   *
   * @throws SnapshotNotFoundError, InvalidArchiveError, or StorageUnavailableError, after which trying again may help.
   */
  async fetchSnapshot(path: string, version: string): Promise<BundleOnDisk> {
    const id = snapshotId(path, version);
    let entry = this.onDisk.get(id);
    if (!entry) {
      const bundle = this.fetch(path, version);
      entry = { bundle, usedAt: 0 };
      this.onDisk.set(id, entry);
      bundle.catch(() => this.onDisk.delete(id));
    }
    entry.usedAt = performance.now();
    const bundle = await entry.bundle;
    await this.prune();
    return bundle;
  }

  private async fetch(path: string, version: string): Promise<BundleOnDisk> {
    const snapshot = await this.db.getRepository(BundleSnapshot).findOneBy({ bundlePath: path, bundleVersion: version });
    if (!snapshot) throw new SnapshotNotFoundError(path, version);
    const files = await unpackBundle(await this.download(snapshot.objectKey), version);
    if (!files.has(`${path}/earthmover.yaml`)) throw new InvalidArchiveError(`does not hold the bundle ${path}`);
    const root = await this.directoryOf(snapshotId(path, version));
    // Written beside it and then renamed, so that nobody ever sees half a bundle.
    const partial = `${root}.${randomUUID()}`;
    try {
      await writeFiles(partial, files);
      await rename(partial, root);
    } catch (error) {
      await rm(partial, { recursive: true, force: true });
      throw error;
    }
    const packages = join(root, 'packages');
    const hasPackages = await stat(packages).then(
      (found) => found.isDirectory(),
      () => false,
    );
    return { directory: join(root, path), packagesDirectory: hasPackages ? packages : null };
  }

  private async download(key: string): Promise<Buffer> {
    const body = await this.files.openRead({ key, versionId: null });
    const chunks: Buffer[] = [];
    let bytes = 0;
    try {
      for await (const chunk of body) {
        bytes += (chunk as Buffer).length;
        if (bytes > MAX_BUNDLE_BYTES) throw new InvalidArchiveError('is too large');
        chunks.push(chunk as Buffer);
      }
    } catch (cause) {
      if (cause instanceof InvalidArchiveError) throw cause;
      throw new StorageUnavailableError('read', cause);
    }
    return Buffer.concat(chunks);
  }

  /** Of this process alone and not readable by others: what runs as a bundle must not be changed by another user. */
  private async directoryOf(id: string): Promise<string> {
    this.cache ??= mkdtemp(join(tmpdir(), 'slipway-bundles-'));
    return join(await this.cache, createHash('sha256').update(id).digest('hex').slice(0, 32));
  }

  /** Removes what was used longest ago, where there is much and no run can still be using it. */
  private async prune(): Promise<void> {
    if (this.onDisk.size <= MAX_ON_DISK) return;
    const unusedBefore = performance.now() - this.worker.runTimeoutSeconds * 1000 - SPARE_MS;
    const oldest = [...this.onDisk].sort(([, a], [, b]) => a.usedAt - b.usedAt).slice(0, this.onDisk.size - MAX_ON_DISK);
    for (const [id, { usedAt }] of oldest) {
      if (usedAt >= unusedBefore) continue;
      this.onDisk.delete(id);
      await rm(await this.directoryOf(id), { recursive: true, force: true });
    }
  }
}

const snapshotId = (path: string, version: string): string => `${path}@${version}`;

async function writeFiles(root: string, files: BundleFiles): Promise<void> {
  await mkdir(root, { recursive: true });
  for (const [path, bytes] of files) {
    const target = join(root, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, bytes, { flag: 'wx', mode: 0o444 });
  }
}
