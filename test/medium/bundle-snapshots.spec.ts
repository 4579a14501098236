import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { Logger } from '@nestjs/common';
import { cp, lstat, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DataSource } from 'typeorm';
import type { LoadedBundle } from '../../src/bundles/bundle';
import { InvalidArchiveError } from '../../src/bundles/bundle-archive';
import { BundleRegistryService } from '../../src/bundles/bundle-registry.service';
import { BundleSnapshot } from '../../src/bundles/bundle-snapshot.entity';
import { BundleSnapshots, SnapshotNotFoundError } from '../../src/bundles/bundle-snapshots';
import { Registry } from 'prom-client';
import { ObjectStoreMetrics } from '../../src/platform/object-store/object-store-metrics';
import { FileService } from '../../src/files/file.service';
import { dataSourceOptions } from '../../src/platform/database/data-source';
import { StorageUnavailableError } from '../../src/platform/object-store/storage-unavailable.error';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { listVersions, startTestS3, type TestS3 } from '../support/s3';

const DEMO = join(__dirname, '../../bundles');

let database: TestDatabase;
let db: DataSource;
let s3: TestS3;
let scratch: string;
let bundle: LoadedBundle;
const closing: { onModuleDestroy(): unknown }[] = [];

function fileService(endpoint: string): FileService {
  const { accessKeyId, secretAccessKey, region, bucket } = s3;
  const credentials = { accessKeyId, secretAccessKey };
  const ttl = { uploadUrlTtlSeconds: 60, downloadUrlTtlSeconds: 60 };
  const files = new FileService(
    { endpoint, region, bucket, credentials, forcePathStyle: true, ...ttl },
    new ObjectStoreMetrics(new Registry()),
  );
  closing.push(files);
  return files;
}

/** As another process would have it: nothing remembered, nothing on disk. */
function snapshots(endpoint = s3.endpoint): BundleSnapshots {
  const worker = { concurrency: 1, runTimeoutSeconds: 60, runMemoryMb: 64, maxLineBytes: 1024 };
  const service = new BundleSnapshots(db, fileService(endpoint), worker);
  closing.push(service);
  return service;
}

async function load(directory: string): Promise<LoadedBundle> {
  const registry = new BundleRegistryService({ registry: directory, refreshSeconds: 3600 });
  await registry.refresh();
  return registry.list()[0]!;
}

async function objects(): Promise<string[]> {
  const keys: string[] = [];
  for await (const page of listVersions(s3.client, { Bucket: s3.bucket }))
    keys.push(...(page.Versions ?? []).map(({ Key }) => Key ?? ''));
  return keys;
}

beforeAll(async () => {
  Logger.overrideLogger(false);
  database = await createTestDatabase();
  db = await new DataSource({ ...dataSourceOptions(database.url), entities: [BundleSnapshot] }).initialize();
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

beforeEach(async () => {
  s3 = await startTestS3();
  scratch = await mkdtemp(join(tmpdir(), 'slipway-test-'));
  await db.getRepository(BundleSnapshot).clear();
  await cp(DEMO, join(scratch, 'registry'), { recursive: true });
  bundle = await load(join(scratch, 'registry'));
});
afterEach(async () => {
  for (const service of closing.splice(0).reverse()) await service.onModuleDestroy();
  await rm(scratch, { recursive: true, force: true });
  await s3.close();
});

describe('storing a bundle version', () => {
  it('puts it into the object store once, however many ask at once', async () => {
    const service = snapshots();
    const results = await Promise.all(Array.from({ length: 20 }, () => service.ensureSnapshot(bundle)));
    expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set(['stored']));
    expect(await objects()).toEqual([`bundles/${bundle.path}/${bundle.version}.tar.gz`]);
    expect(await db.getRepository(BundleSnapshot).find()).toMatchObject([
      { bundlePath: bundle.path, bundleVersion: bundle.version },
    ]);
  });

  it('is not repeated by another process, but is when the bucket has lost it', async () => {
    await snapshots().ensureSnapshot(bundle);
    expect(await snapshots().ensureSnapshot(bundle)).toEqual({ kind: 'stored' });
    const [key] = await objects();
    expect(await objects()).toHaveLength(1);
    await s3.client.send(new DeleteObjectCommand({ Bucket: s3.bucket, Key: key }));
    expect(await snapshots().ensureSnapshot(bundle)).toEqual({ kind: 'stored' });
    await expect(snapshots().fetchSnapshot(bundle.path, bundle.version)).resolves.toBeDefined();
  });

  it('asks nobody once it is known to be stored', async () => {
    const service = snapshots();
    await service.ensureSnapshot(bundle);
    await s3.close();
    expect(await service.ensureSnapshot(bundle)).toEqual({ kind: 'stored' });
    s3 = await startTestS3();
  });

  it('tells that the store is away, leaves no trace, and works when it is back', async () => {
    expect(await snapshots('http://127.0.0.1:1').ensureSnapshot(bundle)).toMatchObject({ kind: 'storage_unavailable' });
    expect(await db.getRepository(BundleSnapshot).count()).toBe(0);
    expect(await snapshots().ensureSnapshot(bundle)).toEqual({ kind: 'stored' });
    expect(await snapshots('http://127.0.0.1:1').ensureSnapshot(bundle)).toMatchObject({ kind: 'storage_unavailable' });
  });

  it('stores the bytes that the version names, whatever became of the folder since', async () => {
    await writeFile(join(scratch, 'registry', bundle.path, 'earthmover.yaml'), 'version: 2 # edited\n');
    await snapshots().ensureSnapshot(bundle);
    const { directory } = await snapshots().fetchSnapshot(bundle.path, bundle.version);
    expect(await readFile(join(directory, 'earthmover.yaml'))).toEqual(
      await readFile(join(DEMO, bundle.path, 'earthmover.yaml')),
    );
  });
});

describe('fetching a bundle version', () => {
  it('brings the bundle and its packages to the disk, once for many', async () => {
    const packaged = join(scratch, 'packaged');
    await cp(DEMO, packaged, { recursive: true });
    await cp(join(DEMO, bundle.path), join(packaged, 'packages/shared'), { recursive: true });
    const withPackages = await load(packaged);
    expect(withPackages.version).not.toBe(bundle.version);
    await snapshots().ensureSnapshot(withPackages);
    const service = snapshots();
    const fetched = await Promise.all(
      Array.from({ length: 10 }, () => service.fetchSnapshot(withPackages.path, withPackages.version)),
    );
    expect(new Set(fetched).size).toBe(1);
    const { directory, packagesDirectory } = fetched[0]!;
    expect(packagesDirectory).not.toBeNull();
    // Packages are where `local: ../../packages/…` of the bundle's YAML looks for them.
    expect(join(directory, '../../packages')).toBe(packagesDirectory);
    expect((await stat(join(packagesDirectory!, 'shared/earthmover.yaml'))).isFile()).toBe(true);
    await expect(lstat(join(directory, 'data'))).rejects.toThrow('ENOENT');
    await service.onModuleDestroy();
    await expect(lstat(directory)).rejects.toThrow('ENOENT');
  });

  it('has no packages where the registry has none', async () => {
    await snapshots().ensureSnapshot(bundle);
    expect(await snapshots().fetchSnapshot(bundle.path, bundle.version)).toMatchObject({ packagesDirectory: null });
  });

  it('leaves what runs may be using on the disk, however many versions there are and wherever the clock jumps', async () => {
    await snapshots().ensureSnapshot(bundle);
    const [objectKey] = await objects();
    const versions = Array.from({ length: 52 }, (_, number) => `v${number}`);
    await db
      .getRepository(BundleSnapshot)
      .insert(versions.map((bundleVersion) => ({ bundlePath: bundle.path, bundleVersion, objectKey })));
    const service = snapshots();
    const fetched: string[] = [];
    for (const version of versions) {
      if (version === 'v51') jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 86_400_000);
      fetched.push((await service.fetchSnapshot(bundle.path, version)).directory);
    }
    jest.restoreAllMocks();
    for (const directory of fetched) expect((await stat(directory)).isDirectory()).toBe(true);
  });

  it('fails for a version that nobody stored', async () => {
    await expect(snapshots().fetchSnapshot(bundle.path, 'sha256-0')).rejects.toThrow(SnapshotNotFoundError);
  });

  it('fails while the store is away, and works when it is back', async () => {
    await snapshots().ensureSnapshot(bundle);
    await expect(snapshots('http://127.0.0.1:1').fetchSnapshot(bundle.path, bundle.version)).rejects.toThrow(
      StorageUnavailableError,
    );
    const flaky = snapshots();
    await db.getRepository(BundleSnapshot).update({ bundlePath: bundle.path }, { objectKey: 'bundles/elsewhere' });
    await expect(flaky.fetchSnapshot(bundle.path, bundle.version)).rejects.toThrow(StorageUnavailableError);
    await db.getRepository(BundleSnapshot).update({ bundlePath: bundle.path }, { objectKey: (await objects())[0] });
    await expect(flaky.fetchSnapshot(bundle.path, bundle.version)).resolves.toBeDefined();
  });

  it.each([
    ['another content', gzipSync('')],
    ['noise', Buffer.from('noise')],
  ])('refuses an object with %s', async (_, body) => {
    await snapshots().ensureSnapshot(bundle);
    await s3.client.send(new PutObjectCommand({ Bucket: s3.bucket, Key: (await objects())[0], Body: body }));
    await expect(snapshots().fetchSnapshot(bundle.path, bundle.version)).rejects.toThrow(InvalidArchiveError);
  });
});
