import {
  createBucket,
  deleteObjects,
  getBucketVersioning,
  headBucket,
  listBuckets,
  listObjectsV2,
  listObjectVersions,
  putBucketVersioning,
} from './bucket-operations';
import type { Operation, RequestContext } from './context';
import { S3Error } from './errors';
import {
  abortMultipartUpload,
  completeMultipartUpload,
  createMultipartUpload,
  listMultipartUploads,
  listParts,
  uploadPart,
} from './multipart-operations';
import { copyObject, deleteObject, getObject, headObject, putObject } from './object-operations';

type BucketOperation = (context: RequestContext, bucket: string) => Promise<void> | void;
type ObjectOperation = (context: RequestContext, bucket: string, key: string) => Promise<void> | void;

// Operations by method and sub-resource, the query parameter by which S3 tells apart what has one path.
const bucketOperations: Record<string, BucketOperation> = {
  PUT: createBucket,
  HEAD: headBucket,
  'GET list-type': listObjectsV2,
  'GET versions': listObjectVersions,
  'GET uploads': listMultipartUploads,
  'GET versioning': getBucketVersioning,
  'PUT versioning': putBucketVersioning,
  'POST delete': deleteObjects,
};
const objectOperations: Record<string, ObjectOperation> = {
  PUT: (context, bucket, key) =>
    context.headers.has('x-amz-copy-source') ? copyObject(context, bucket, key) : putObject(context, bucket, key),
  GET: getObject,
  HEAD: headObject,
  DELETE: deleteObject,
  'POST uploads': createMultipartUpload,
  'PUT uploadId': uploadPart,
  'POST uploadId': completeMultipartUpload,
  'GET uploadId': listParts,
  'DELETE uploadId': abortMultipartUpload,
};

/** Parameters that qualify an operation instead of choosing one; all others choose. */
const QUALIFIERS = new Set([
  'versionId',
  'prefix',
  'delimiter',
  'max-keys',
  'continuation-token',
  'start-after',
  'encoding-type',
  'fetch-owner',
  'key-marker',
  'version-id-marker',
  'max-uploads',
  'upload-id-marker',
  'max-parts',
  'part-number-marker',
  'x-id',
]);

/**
 * The operation that a request asks for. A sub-resource that is not served is refused rather than ignored: `GET /key?acl` must
 * not answer with the object.
 *
 * @throws S3Error NotImplemented, MethodNotAllowed
 */
export function findOperation(method: string, { target }: Pick<RequestContext, 'target'>): Operation {
  const { bucket, key } = target;
  const names = target.query.map(([name]) => name).filter((name) => !isQualifier(name));
  // A part is chosen by its upload; a part number alone would be a GET of one part.
  const subresource = names.find((name) => name !== 'partNumber') ?? names[0];
  const route = subresource === undefined ? method : `${method} ${subresource}`;

  if (bucket === undefined) {
    if (route === 'GET') return listBuckets;
  } else if (key === undefined) {
    const operation = bucketOperations[route];
    if (operation) return (context) => operation(context, bucket);
  } else {
    const operation = objectOperations[route];
    if (operation) return (context) => operation(context, bucket, key);
  }
  if (subresource === undefined && key !== undefined) {
    throw new S3Error('MethodNotAllowed', 'The specified method is not allowed against this resource.', {
      details: { Method: method },
    });
  }
  throw new S3Error('NotImplemented', 'A parameter or method you provided implies functionality that is not implemented');
}

function isQualifier(name: string): boolean {
  return QUALIFIERS.has(name) || name.startsWith('response-') || name.toLowerCase().startsWith('x-amz-');
}
