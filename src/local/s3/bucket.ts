import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checksum } from './checksum';
import { S3Error } from './errors';

/** What a client gave along with an object: the headers to answer with, and the checksum it was verified against. */
export interface ObjectProperties {
  headers: Record<string, string>;
  checksum?: Checksum;
}

export interface StoredObject extends ObjectProperties {
  kind: 'object';
  key: string;
  versionId: string;
  /** Whole seconds, as S3 keeps it. */
  lastModified: Date;
  size: number;
  /** With its quotes, as in the header. */
  etag: string;
}

export interface DeleteMarker {
  kind: 'delete_marker';
  key: string;
  versionId: string;
  lastModified: Date;
}

export type Version = StoredObject | DeleteMarker;

/** A file with an object's bytes, ready to become a version. */
export interface ReceivedFile {
  path: string;
  size: number;
  etag: string;
}

/** Throws S3Error where the key's current state forbids the write. */
export type WritePrecondition = (current: Version | undefined) => void;

/** A version as its `.json` has it: with its place in the order of writes, and times as text. */
type StoredVersion = (Omit<StoredObject, 'lastModified'> | Omit<DeleteMarker, 'lastModified'>) & {
  sequence: number;
  lastModified: string;
};

const VERSION_FILE = /^[0-9a-f]{32}\.(json|data)$/;

/**
 * One bucket's versions: `<versionId>.data` with the bytes and `<versionId>.json` with the rest, indexed in memory.
 *
 * Changes are synchronous on purpose: between a precondition and the write that depends on it nothing else can run, so of any
 * number of concurrent `If-None-Match: *` exactly one wins. A version exists once its `.json` does, and that appears by a rename;
 * a crash in between leaves a `.data` that the next start removes. Files are not synced: data survives a killed process, not a
 * power cut.
 */
export class Bucket {
  /** Oldest version first. */
  private readonly versionsByKey = new Map<string, Version[]>();
  private nextSequence = 1;
  private readonly directory: string;

  constructor(
    readonly name: string,
    bucketDirectory: string,
    private readonly temporaryFile: () => string,
  ) {
    this.directory = join(bucketDirectory, 'versions');
    mkdirSync(this.directory, { recursive: true });
    this.load();
  }

  /** The newest version of a key, which may be a delete marker. */
  current(key: string): Version | undefined {
    return this.versionsByKey.get(key)?.at(-1);
  }

  version(key: string, versionId: string): Version | undefined {
    return this.versionsByKey.get(key)?.find((version) => version.versionId === versionId);
  }

  /** All keys that have any version, in no particular order. */
  keys(): IterableIterator<string> {
    return this.versionsByKey.keys();
  }

  /** A key's versions, newest first. */
  versions(key: string): Version[] {
    return [...(this.versionsByKey.get(key) ?? [])].reverse();
  }

  /** Opens the bytes for reading: a handle stays good when the version is deleted meanwhile. The caller closes it. */
  openData(object: StoredObject): Promise<FileHandle> {
    return open(this.dataPath(object.versionId));
  }

  /** Makes a received file the key's newest version; the file is moved. */
  put(key: string, file: ReceivedFile, properties: ObjectProperties, precondition: WritePrecondition): StoredObject {
    precondition(this.current(key));
    const version: StoredObject = { kind: 'object', ...newVersion(key), size: file.size, etag: file.etag, ...properties };
    renameSync(file.path, this.dataPath(version.versionId));
    this.add(version);
    return version;
  }

  putDeleteMarker(key: string): DeleteMarker {
    const marker: DeleteMarker = { kind: 'delete_marker', ...newVersion(key) };
    this.add(marker);
    return marker;
  }

  /** Deletes one version for good; the version before it becomes the newest. Returns what was deleted, if there was such a version. */
  deleteVersion(key: string, versionId: string): Version | undefined {
    const versions = this.versionsByKey.get(key) ?? [];
    const deleted = this.version(key, versionId);
    if (deleted === undefined) return undefined;
    rmSync(this.metadataPath(versionId));
    rmSync(this.dataPath(versionId), { force: true });
    if (versions.length === 1) this.versionsByKey.delete(key);
    else versions.splice(versions.indexOf(deleted), 1);
    return deleted;
  }

  private add(version: Version): void {
    const temporary = this.temporaryFile();
    writeFileSync(temporary, JSON.stringify({ sequence: this.nextSequence, ...version }));
    renameSync(temporary, this.metadataPath(version.versionId));
    this.nextSequence += 1;
    this.index(version);
  }

  private index(version: Version): void {
    const versions = this.versionsByKey.get(version.key);
    if (versions === undefined) this.versionsByKey.set(version.key, [version]);
    else versions.push(version);
  }

  /** Order comes from the sequence numbers, not from times: the clock may have jumped. */
  private load(): void {
    const files = new Set(readdirSync(this.directory).filter((name) => VERSION_FILE.test(name)));
    const stored: { sequence: number; version: Version }[] = [];
    for (const name of files) {
      if (name.endsWith('.json')) {
        const { sequence, ...version }: StoredVersion = JSON.parse(readFileSync(join(this.directory, name), 'utf8'));
        stored.push({ sequence, version: { ...version, lastModified: new Date(version.lastModified) } });
      } else if (!files.has(name.replace(/data$/, 'json'))) {
        rmSync(join(this.directory, name));
      }
    }
    stored.sort((a, b) => a.sequence - b.sequence);
    for (const { version } of stored) this.index(version);
    this.nextSequence = (stored.at(-1)?.sequence ?? 0) + 1;
  }

  private dataPath(versionId: string): string {
    return join(this.directory, `${versionId}.data`);
  }

  private metadataPath(versionId: string): string {
    return join(this.directory, `${versionId}.json`);
  }
}

function newVersion(key: string): { key: string; versionId: string; lastModified: Date } {
  const lastModified = new Date(Math.floor(Date.now() / 1000) * 1000);
  return { key, versionId: randomBytes(16).toString('hex'), lastModified };
}

/**
 * The object a request reads: of a version where it names one, else the newest.
 *
 * @throws S3Error NoSuchKey, NoSuchVersion, InvalidArgument (not a version id), MethodNotAllowed (a delete marker by its id)
 */
export function findObject(bucket: Bucket, key: string, versionId: string | undefined): StoredObject {
  if (versionId !== undefined && !/^([0-9a-f]{32}|null)$/.test(versionId)) {
    const details = { ArgumentName: 'versionId', ArgumentValue: versionId };
    throw new S3Error('InvalidArgument', 'Invalid version id specified', { details });
  }
  const version = versionId === undefined ? bucket.current(key) : bucket.version(key, versionId);
  if (version?.kind === 'object') return version;

  const headers: Record<string, string> =
    version === undefined ? {} : { 'x-amz-delete-marker': 'true', 'x-amz-version-id': version.versionId };
  if (versionId === undefined) {
    throw new S3Error('NoSuchKey', 'The specified key does not exist.', { details: { Key: key }, headers });
  }
  if (version === undefined) {
    throw new S3Error('NoSuchVersion', 'The specified version does not exist.', { details: { Key: key, VersionId: versionId } });
  }
  throw new S3Error('MethodNotAllowed', 'The specified method is not allowed against this resource.', {
    details: { ResourceType: 'DeleteMarker' },
    headers: { ...headers, Allow: 'DELETE' },
  });
}
