import { createHash, randomBytes } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { ObjectProperties, ReceivedFile } from './bucket';
import { S3Error } from './errors';
import { compareBytes } from './list';
import { writeFile } from './write-file';

/** What a client names in CompleteMultipartUpload. */
export interface PartReference {
  partNumber: number;
  etag: string;
}

interface Upload {
  key: string;
  properties: ObjectProperties;
}

interface Part {
  size: number;
  etag: string;
  /** The file with the part's bytes, in the upload's directory. */
  file: string;
}

/** A part as ListParts tells it. */
export interface ListedPart {
  partNumber: number;
  size: number;
  etag: string;
  lastModified: Date;
}

/** An unfinished upload as ListMultipartUploads tells it. */
export interface ListedUpload {
  key: string;
  uploadId: string;
  initiated: Date;
}

const MAX_PART_NUMBER = 10_000;
const MIN_PART_BYTES = 5 * 1024 * 1024;

/**
 * One bucket's unfinished multipart uploads: a directory each with `upload.json`, and per part `<number>.json` beside the bytes.
 * A part sent again replaces the earlier one by a rename; bytes no part names any more go with the directory.
 */
export class MultipartUploads {
  private readonly directory: string;

  constructor(
    bucketDirectory: string,
    private readonly temporaryFile: () => string,
  ) {
    this.directory = join(bucketDirectory, 'uploads');
    mkdirSync(this.directory, { recursive: true });
  }

  create(key: string, properties: ObjectProperties): string {
    const uploadId = randomBytes(16).toString('hex');
    mkdirSync(join(this.directory, uploadId));
    const upload: Upload = { key, properties };
    this.writeJson(join(this.directory, uploadId, 'upload.json'), upload);
    return uploadId;
  }

  /** @throws S3Error NoSuchUpload, also for the upload of another key */
  properties(key: string, uploadId: string): ObjectProperties {
    return this.open(key, uploadId).properties;
  }

  /** Keeps a received file as the part; the file is moved. */
  putPart(key: string, uploadId: string, partNumber: number, file: ReceivedFile): void {
    const { path } = this.open(key, uploadId);
    const part: Part = { size: file.size, etag: file.etag, file: `${randomBytes(16).toString('hex')}.data` };
    renameSync(file.path, join(path, part.file));
    this.writeJson(join(path, `${partNumber}.json`), part);
  }

  /**
   * Writes the named parts, one after another, into the file at `target`. The upload stays until `remove`.
   *
   * @param signal ends the copying when the client is gone
   * @throws S3Error NoSuchUpload, InvalidPart, InvalidPartOrder, EntityTooSmall
   */
  async assemble(
    key: string,
    uploadId: string,
    references: readonly PartReference[],
    target: string,
    signal: AbortSignal,
  ): Promise<ReceivedFile> {
    const { path } = this.open(key, uploadId);
    const parts = references.map((reference, index) => {
      const previous = references[index - 1];
      if (previous !== undefined && previous.partNumber >= reference.partNumber) {
        throw new S3Error('InvalidPartOrder', 'The list of parts was not in ascending order.');
      }
      return this.readPart(path, reference);
    });
    if (parts.slice(0, -1).some(({ size }) => size < MIN_PART_BYTES)) {
      throw new S3Error('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed object size.');
    }
    async function* bytes(): AsyncGenerator<Buffer> {
      for (const { file } of parts) yield* createReadStream(join(path, file));
    }
    await writeFile(target, bytes(), { signal });
    return { path: target, size: parts.reduce((sum, { size }) => sum + size, 0), etag: multipartEtag(parts) };
  }

  /** What has been received, by number. @throws S3Error NoSuchUpload */
  parts(key: string, uploadId: string): ListedPart[] {
    const { path } = this.open(key, uploadId);
    return readdirSync(path)
      .filter((name) => /^\d+\.json$/.test(name))
      .map((name) => {
        const { size, etag }: Part = JSON.parse(readFileSync(join(path, name), 'utf8'));
        return { partNumber: Number.parseInt(name, 10), size, etag, lastModified: statSync(join(path, name)).mtime };
      })
      .sort((a, b) => a.partNumber - b.partNumber);
  }

  /** The unfinished uploads whose keys begin with `prefix`, by key and, of one key, by id. */
  list(prefix: string): ListedUpload[] {
    return readdirSync(this.directory)
      .filter((uploadId) => existsSync(join(this.directory, uploadId, 'upload.json')))
      .map((uploadId) => {
        const path = join(this.directory, uploadId, 'upload.json');
        const { key }: Upload = JSON.parse(readFileSync(path, 'utf8'));
        return { key, uploadId, initiated: statSync(path).mtime };
      })
      .filter(({ key }) => key.startsWith(prefix))
      .sort((a, b) => compareBytes(a.key, b.key) || compareBytes(a.uploadId, b.uploadId));
  }

  /** @throws S3Error NoSuchUpload */
  remove(key: string, uploadId: string): void {
    rmSync(this.open(key, uploadId).path, { recursive: true });
  }

  private open(key: string, uploadId: string): Upload & { path: string } {
    const path = join(this.directory, uploadId);
    if (/^[0-9a-f]{32}$/.test(uploadId) && existsSync(join(path, 'upload.json'))) {
      const upload: Upload = JSON.parse(readFileSync(join(path, 'upload.json'), 'utf8'));
      if (upload.key === key) return { ...upload, path };
    }
    throw new S3Error('NoSuchUpload', 'The specified multipart upload does not exist.', { details: { UploadId: uploadId } });
  }

  private readPart(uploadPath: string, { partNumber, etag }: PartReference): Part {
    const path = join(uploadPath, `${partNumber}.json`);
    if (existsSync(path)) {
      const part: Part = JSON.parse(readFileSync(path, 'utf8'));
      if (unquoted(part.etag) === unquoted(etag)) return part;
    }
    throw new S3Error('InvalidPart', 'One or more of the specified parts could not be found.', {
      details: { PartNumber: String(partNumber), ETag: etag },
    });
  }

  private writeJson(path: string, value: Upload | Part): void {
    const temporary = this.temporaryFile();
    writeFileSync(temporary, JSON.stringify(value));
    renameSync(temporary, path);
  }
}

/** @throws S3Error InvalidArgument unless it is an integer from 1 to 10,000 */
export function parsePartNumber(text: string | undefined): number {
  const partNumber = Number(text);
  if (!/^\d{1,5}$/.test(text ?? '') || partNumber < 1 || partNumber > MAX_PART_NUMBER) {
    const details = { ArgumentName: 'partNumber', ArgumentValue: text ?? '' };
    throw new S3Error('InvalidArgument', `Part number must be an integer between 1 and ${MAX_PART_NUMBER}, inclusive`, {
      details,
    });
  }
  return partNumber;
}

/** The MD5 of the parts' MD5s and their number: not the MD5 of the whole, which is how S3 tells the two apart. */
function multipartEtag(parts: readonly Part[]): string {
  const hash = createHash('md5');
  for (const { etag } of parts) hash.update(unquoted(etag), 'hex');
  return `"${hash.digest('hex')}-${parts.length}"`;
}

function unquoted(etag: string): string {
  return etag.replaceAll('"', '');
}
