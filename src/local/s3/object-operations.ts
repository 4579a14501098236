import { pipeline } from 'node:stream/promises';
import { receiveFile } from './body';
import { findObject, ObjectProperties, StoredObject } from './bucket';
import { evaluateRead, parseRange, writePrecondition } from './conditions';
import { parameter, RequestContext, respond, respondXml } from './context';
import { copySource, receiveCopy } from './copy';
import { S3Error } from './errors';

/** Headers kept with an object and given back with it; so is every `x-amz-meta-*`. */
const KEPT_HEADERS = ['cache-control', 'content-disposition', 'content-encoding', 'content-language', 'content-type', 'expires'];
const DEFAULT_CONTENT_TYPE = 'binary/octet-stream';

export async function putObject(context: RequestContext, bucketName: string, key: string): Promise<void> {
  const { store, headers } = context;
  const { bucket } = store.bucket(bucketName);
  const precondition = writePrecondition(headers);
  // Asked before the body comes, to refuse early, and again by `put`, since the key may change meanwhile.
  precondition(bucket.current(key));
  await store.withTemporaryFile(async (path) => {
    const file = await receiveFile(context, path);
    const properties: ObjectProperties = { headers: keptHeaders(headers), checksum: file.checksum };
    const object = bucket.put(key, file, properties, precondition);
    respond(context, 200, { ETag: object.etag, 'x-amz-version-id': object.versionId, ...checksumHeader(object) });
  });
}

export async function copyObject(context: RequestContext, bucketName: string, key: string): Promise<void> {
  const { store, headers } = context;
  const { bucket } = store.bucket(bucketName);
  const precondition = writePrecondition(headers);
  precondition(bucket.current(key));
  const { bucket: sourceBucket, object: source } = copySource(store, headers);
  const replaces = headers.get('x-amz-metadata-directive') === 'REPLACE';
  await store.withTemporaryFile(async (path) => {
    const file = await receiveCopy(sourceBucket, source, path, context.signal);
    const properties = { headers: replaces ? keptHeaders(headers) : source.headers, checksum: source.checksum };
    const copy = bucket.put(key, file, properties, precondition);
    respondXml(
      context,
      'CopyObjectResult',
      [
        ['LastModified', copy.lastModified.toISOString()],
        ['ETag', copy.etag],
      ],
      { 'x-amz-version-id': copy.versionId, 'x-amz-copy-source-version-id': source.versionId },
    );
  });
}

export async function getObject(context: RequestContext, bucketName: string, key: string): Promise<void> {
  const { bucket } = context.store.bucket(bucketName);
  const object = findObject(bucket, key, parameter(context, 'versionId'));
  if (evaluateRead(context.headers, object) === 'not_modified') return notModified(context, object);

  const range = parseRange(context.headers.get('range'), object.size);
  const headers = objectHeaders(context, object, range !== undefined);
  const { start, end } = range ?? { start: 0, end: object.size - 1 };
  headers['Content-Length'] = String(end - start + 1);
  if (range) headers['Content-Range'] = `bytes ${start}-${end}/${object.size}`;

  if (object.size === 0) return respond(context, 200, headers);
  const data = await bucket.openData(object);
  context.response.writeHead(range ? 206 : 200, headers);
  await pipeline(data.createReadStream({ start, end }), context.response);
}

export function headObject(context: RequestContext, bucketName: string, key: string): void {
  const { bucket } = context.store.bucket(bucketName);
  const object = findObject(bucket, key, parameter(context, 'versionId'));
  if (evaluateRead(context.headers, object) === 'not_modified') return notModified(context, object);

  const range = parseRange(context.headers.get('range'), object.size);
  const headers = objectHeaders(context, object, range !== undefined);
  headers['Content-Length'] = String(range ? range.end - range.start + 1 : object.size);
  if (range) headers['Content-Range'] = `bytes ${range.start}-${range.end}/${object.size}`;
  respond(context, range ? 206 : 200, headers);
}

export function deleteObject(context: RequestContext, bucketName: string, key: string): void {
  const { bucket } = context.store.bucket(bucketName);
  const versionId = parameter(context, 'versionId');
  const version = versionId === undefined ? bucket.putDeleteMarker(key) : bucket.deleteVersion(key, versionId);
  respond(context, 204, {
    ...(version && { 'x-amz-version-id': version.versionId }),
    ...(version?.kind === 'delete_marker' && { 'x-amz-delete-marker': 'true' }),
  });
}

/** The headers to keep with a new object. `aws-chunked` was the encoding of the transfer only. */
export function keptHeaders(headers: ReadonlyMap<string, string>): Record<string, string> {
  const kept = [...headers].filter(([name]) => KEPT_HEADERS.includes(name) || name.startsWith('x-amz-meta-'));
  const result: Record<string, string> = { 'content-type': DEFAULT_CONTENT_TYPE, ...Object.fromEntries(kept) };
  const encodings = (result['content-encoding'] ?? '').split(',').map((encoding) => encoding.trim());
  const lasting = encodings.filter((encoding) => encoding !== '' && encoding !== 'aws-chunked');
  delete result['content-encoding'];
  return lasting.length > 0 ? { ...result, 'content-encoding': lasting.join(',') } : result;
}

export function checksumHeader({ checksum }: ObjectProperties): Record<string, string> {
  return checksum ? { [`x-amz-checksum-${checksum.algorithm}`]: checksum.value, 'x-amz-checksum-type': 'FULL_OBJECT' } : {};
}

/** A checksum is of the whole object, so a range is answered without, or the SDK would find that it does not match. */
function objectHeaders(context: RequestContext, object: StoredObject, partial: boolean): Record<string, string> {
  const withChecksum = context.headers.get('x-amz-checksum-mode')?.toUpperCase() === 'ENABLED' && !partial;
  return {
    ...object.headers,
    ...responseOverrides(context),
    'Accept-Ranges': 'bytes',
    ETag: object.etag,
    'Last-Modified': object.lastModified.toUTCString(),
    'x-amz-version-id': object.versionId,
    ...(withChecksum && checksumHeader(object)),
  };
}

/** `response-content-disposition` and the like: the signer of a GET decides what the answer's headers say. */
function responseOverrides(context: RequestContext): Record<string, string> {
  const overrides: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = parameter(context, `response-${name}`);
    if (value === undefined) continue;
    // Printable latin1, the most that a header can carry.
    if (!/^[\t\x20-\x7e\xa0-\xff]*$/.test(value)) {
      const details = { ArgumentName: `response-${name}`, ArgumentValue: value };
      throw new S3Error('InvalidArgument', 'Header value cannot be represented using ISO-8859-1.', { details });
    }
    overrides[name] = value;
  }
  return overrides;
}

function notModified(context: RequestContext, object: StoredObject): void {
  respond(context, 304, {
    ETag: object.etag,
    'Last-Modified': object.lastModified.toUTCString(),
    'x-amz-version-id': object.versionId,
  });
}
