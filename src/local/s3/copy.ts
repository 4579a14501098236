import { createHash } from 'node:crypto';
import { Bucket, findObject, ReceivedFile, StoredObject } from './bucket';
import { S3Error } from './errors';
import type { ObjectStore } from './store';
import { first, parseTarget } from './target';
import { writeFile } from './write-file';

/**
 * The object that `x-amz-copy-source` names: `bucket/key`, percent-encoded, perhaps with a leading slash and `?versionId=`.
 *
 * @throws S3Error InvalidArgument, NoSuchKey, NoSuchVersion, NotImplemented (the `x-amz-copy-source-*` conditions)
 */
export function copySource(store: ObjectStore, headers: ReadonlyMap<string, string>): { bucket: Bucket; object: StoredObject } {
  const condition = [...headers.keys()].find((name) => name.startsWith('x-amz-copy-source-'));
  if (condition !== undefined) throw new S3Error('NotImplemented', `${condition} is not implemented`);
  const named = parseTarget(`/${(headers.get('x-amz-copy-source') ?? '').replace(/^\//, '')}`);
  if (named.bucket === undefined || named.key === undefined) {
    throw new S3Error('InvalidArgument', 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey');
  }
  const { bucket } = store.bucket(named.bucket);
  return { bucket, object: findObject(bucket, named.key, first(named, 'versionId')) };
}

/** Copies an object's bytes to a file; the ETag is made anew, since one of a multipart upload is not that of its bytes. */
export async function receiveCopy(
  bucket: Bucket,
  source: StoredObject,
  path: string,
  signal: AbortSignal,
): Promise<ReceivedFile> {
  const md5 = createHash('md5');
  async function* hashed(): AsyncGenerator<Buffer> {
    const data = await bucket.openData(source);
    for await (const chunk of data.createReadStream()) {
      md5.update(chunk);
      yield chunk;
    }
  }
  await writeFile(path, hashed(), { signal });
  return { path, size: source.size, etag: `"${md5.digest('hex')}"` };
}
