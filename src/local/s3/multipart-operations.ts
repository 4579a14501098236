import { receiveDocument, receiveFile } from './body';
import { writePrecondition } from './conditions';
import { parameter, RequestContext, respond, respondXml } from './context';
import { S3Error } from './errors';
import { parsePartNumber, PartReference } from './multipart';
import { checksumHeader, keptHeaders } from './object-operations';
import { uriEncode } from './target';
import { childText, parseXml } from './xml';

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
