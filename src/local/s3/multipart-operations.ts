import { receiveDocument, receiveFile } from './body';
import { writePrecondition } from './conditions';
import { parameter, RequestContext, respond, respondXml } from './context';
import { S3Error } from './errors';
import { compareBytes, encodingType, parseMaximum, textEncoder } from './list';
import { parsePartNumber, PartReference } from './multipart';
import { checksumHeader, keptHeaders } from './object-operations';
import { uriEncode } from './target';
import { childText, parseXml, XmlNode } from './xml';

const MAX_PARTS = 10_000;

export function createMultipartUpload(context: RequestContext, bucketName: string, key: string): void {
  const { uploads } = context.store.bucket(bucketName);
  const uploadId = uploads.create(key, { headers: keptHeaders(context.headers) });
  respondXml(context, 'InitiateMultipartUploadResult', [
    ['Bucket', bucketName],
    ['Key', key],
    ['UploadId', uploadId],
  ]);
}

export async function uploadPart(context: RequestContext, bucketName: string, key: string): Promise<void> {
  const { uploads } = context.store.bucket(bucketName);
  const partNumber = parsePartNumber(parameter(context, 'partNumber'));
  const uploadId = parameter(context, 'uploadId') ?? '';
  if (context.headers.has('x-amz-copy-source')) throw new S3Error('NotImplemented', 'UploadPartCopy is not implemented');
  uploads.properties(key, uploadId);
  await context.store.withTemporaryFile(async (path) => {
    const file = await receiveFile(context, path);
    uploads.putPart(key, uploadId, partNumber, file);
    respond(context, 200, { ETag: file.etag, ...checksumHeader({ headers: {}, checksum: file.checksum }) });
  });
}

/** A completed object has no additional checksum: S3 gives it one of the parts' checksums, which says nothing about its bytes. */
export async function completeMultipartUpload(context: RequestContext, bucketName: string, key: string): Promise<void> {
  const { bucket, uploads } = context.store.bucket(bucketName);
  const uploadId = parameter(context, 'uploadId') ?? '';
  const precondition = writePrecondition(context.headers);
  uploads.properties(key, uploadId);
  const references = readParts(await receiveDocument(context));
  precondition(bucket.current(key));
  await context.store.withTemporaryFile(async (path) => {
    const file = await uploads.assemble(key, uploadId, references, path, context.signal);
    // Asked again: another completion or an abort may have come first, and one upload makes one version.
    const object = bucket.put(key, file, uploads.properties(key, uploadId), precondition);
    uploads.remove(key, uploadId);
    respondXml(
      context,
      'CompleteMultipartUploadResult',
      [
        ['Location', `http://${context.headers.get('host')}/${bucketName}/${key.split('/').map(uriEncode).join('/')}`],
        ['Bucket', bucketName],
        ['Key', key],
        ['ETag', object.etag],
      ],
      { 'x-amz-version-id': object.versionId },
    );
  });
}

export function abortMultipartUpload(context: RequestContext, bucketName: string, key: string): void {
  context.store.bucket(bucketName).uploads.remove(key, parameter(context, 'uploadId') ?? '');
  respond(context, 204);
}

export function listParts(context: RequestContext, bucketName: string, key: string): void {
  const uploadId = parameter(context, 'uploadId') ?? '';
  const all = context.store.bucket(bucketName).uploads.parts(key, uploadId);
  const marker = Number(parameter(context, 'part-number-marker') ?? 0);
  const maxParts = parseMaximum(context, 'max-parts');
  const following = all.filter(({ partNumber }) => partNumber > marker);
  const page = following.slice(0, maxParts);
  respondXml(context, 'ListPartsResult', [
    ['Bucket', bucketName],
    ['Key', key],
    ['UploadId', uploadId],
    ['PartNumberMarker', marker],
    // Also on the last page, where it leads nowhere.
    ['NextPartNumberMarker', page.at(-1)?.partNumber ?? 0],
    ['MaxParts', maxParts],
    ['IsTruncated', page.length < following.length],
    ...page.map((part): XmlNode => [
      'Part',
      [
        ['PartNumber', part.partNumber],
        ['LastModified', part.lastModified.toISOString()],
        ['ETag', part.etag],
        ['Size', part.size],
      ],
    ]),
  ]);
}

export function listMultipartUploads(context: RequestContext, bucketName: string): void {
  if (parameter(context, 'delimiter')) throw new S3Error('NotImplemented', 'A delimiter in a list of uploads is not implemented');
  const prefix = parameter(context, 'prefix') ?? '';
  const keyMarker = parameter(context, 'key-marker') ?? '';
  const uploadIdMarker = parameter(context, 'upload-id-marker');
  const maxUploads = parseMaximum(context, 'max-uploads');
  const encode = textEncoder(context);
  const following = context.store
    .bucket(bucketName)
    .uploads.list(prefix)
    .filter(({ key, uploadId }) =>
      // Without an upload marker the whole key is behind us.
      key === keyMarker ? uploadIdMarker !== undefined && uploadId > uploadIdMarker : compareBytes(key, keyMarker) > 0,
    );
  const page = following.slice(0, maxUploads);
  const last = page.at(-1);
  const isTruncated = page.length < following.length && last !== undefined;
  respondXml(context, 'ListMultipartUploadsResult', [
    ['Bucket', bucketName],
    ['Prefix', encode(prefix)],
    ['KeyMarker', encode(keyMarker)],
    ['UploadIdMarker', uploadIdMarker ?? ''],
    ['MaxUploads', maxUploads],
    ['IsTruncated', isTruncated],
    encodingType(context),
    isTruncated ? ['NextKeyMarker', encode(last.key)] : undefined,
    isTruncated ? ['NextUploadIdMarker', last.uploadId] : undefined,
    ...page.map((upload): XmlNode => [
      'Upload',
      [
        ['Key', encode(upload.key)],
        ['UploadId', upload.uploadId],
        ['Initiated', upload.initiated.toISOString()],
      ],
    ]),
  ]);
}

function readParts(document: string): PartReference[] {
  const parts = parseXml(document).children.filter(({ name }) => name === 'Part');
  if (parts.length === 0 || parts.length > MAX_PARTS) {
    throw new S3Error('MalformedXML', `A completion lists 1 to ${MAX_PARTS} parts`);
  }
  return parts.map((part) => ({
    partNumber: parsePartNumber(childText(part, 'PartNumber')),
    etag: childText(part, 'ETag') ?? '',
  }));
}
