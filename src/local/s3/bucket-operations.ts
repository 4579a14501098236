import { receiveDocument } from './body';
import type { Bucket, StoredObject } from './bucket';
import { parameter, RequestContext, respond, respondXml } from './context';
import { S3Error } from './errors';
import { compareBytes, encodingType, listPage, parseMaximum, sortByBytes, textEncoder } from './list';
import { childText, parseXml, XmlNode } from './xml';

const MAX_DELETED = 1000;

export function listBuckets(context: RequestContext): void {
  const buckets = context.store.bucketNames().map((name): XmlNode => ['Bucket', [['Name', name]]]);
  respondXml(context, 'ListAllMyBucketsResult', [['Buckets', buckets]]);
}

export function createBucket(context: RequestContext, name: string): void {
  context.store.createBucket(name);
  respond(context, 200, { Location: `/${name}` });
}

export function headBucket(context: RequestContext, name: string): void {
  context.store.bucket(name);
  respond(context, 200, { 'x-amz-bucket-region': context.region });
}

export function getBucketVersioning(context: RequestContext, name: string): void {
  context.store.bucket(name);
  respondXml(context, 'VersioningConfiguration', [['Status', 'Enabled']]);
}

/** Versioning is always on; to turn it on is accepted, so that a set-up for any S3 server works here too. */
export async function putBucketVersioning(context: RequestContext, name: string): Promise<void> {
  context.store.bucket(name);
  const status = childText(parseXml(await receiveDocument(context)), 'Status');
  if (status !== 'Enabled') throw new S3Error('NotImplemented', 'Versioning cannot be suspended');
  respond(context, 200);
}

export function listObjectsV2(context: RequestContext, name: string): void {
  const { bucket } = context.store.bucket(name);
  if (parameter(context, 'list-type') !== '2') throw new S3Error('InvalidArgument', 'list-type must be 2');
  const encode = textEncoder(context);
  const prefix = parameter(context, 'prefix') ?? '';
  const delimiter = parameter(context, 'delimiter');
  const token = parameter(context, 'continuation-token');
  const startAfter = parameter(context, 'start-after');
  const maxKeys = parseMaximum(context, 'max-keys');

  const objects = new Map(currentObjects(bucket));
  const after = token === undefined ? startAfter : decodeToken(token);
  const { entries, isTruncated } = listPage(objects.keys(), { prefix, delimiter, after, maxKeys });
  const contents = entries.flatMap(({ kind, name: key }) => {
    const object = kind === 'key' ? objects.get(key) : undefined;
    return object === undefined ? [] : [['Contents', describeObject(object, encode)] as const];
  });
  const commonPrefixes = entries
    .filter(({ kind }) => kind === 'common_prefix')
    .map((entry) => ['CommonPrefixes', [['Prefix', encode(entry.name)]]] as const);
  respondXml(context, 'ListBucketResult', [
    ['Name', name],
    ['Prefix', encode(prefix)],
    delimiter === undefined ? undefined : ['Delimiter', encode(delimiter)],
    startAfter === undefined ? undefined : ['StartAfter', encode(startAfter)],
    ['MaxKeys', maxKeys],
    ['KeyCount', entries.length],
    ['IsTruncated', isTruncated],
    encodingType(context),
    token === undefined ? undefined : ['ContinuationToken', token],
    isTruncated ? ['NextContinuationToken', encodeToken(entries.at(-1)?.name ?? '')] : undefined,
    ...contents,
    ...commonPrefixes,
  ]);
}

export function listObjectVersions(context: RequestContext, name: string): void {
  const { bucket } = context.store.bucket(name);
  if (parameter(context, 'delimiter'))
    throw new S3Error('NotImplemented', 'A delimiter in a list of versions is not implemented');
  const encode = textEncoder(context);
  const prefix = parameter(context, 'prefix') ?? '';
  const keyMarker = parameter(context, 'key-marker') ?? '';
  const versionIdMarker = parameter(context, 'version-id-marker');
  const maxKeys = parseMaximum(context, 'max-keys');

  const versions = sortByBytes(
    [...bucket.keys()].filter((key) => key.startsWith(prefix) && compareBytes(key, keyMarker) >= 0),
  ).flatMap((key) => {
    const ofKey = bucket.versions(key);
    if (key !== keyMarker) return ofKey;
    // Without a version marker the whole key is behind us, as it is where that version is gone meanwhile.
    const marker = ofKey.findIndex(({ versionId }) => versionId === versionIdMarker);
    return marker < 0 ? [] : ofKey.slice(marker + 1);
  });
  const page = versions.slice(0, maxKeys);
  const last = page.at(-1);
  const isTruncated = page.length < versions.length && last !== undefined;
  respondXml(context, 'ListVersionsResult', [
    ['Name', name],
    ['Prefix', encode(prefix)],
    ['KeyMarker', encode(keyMarker)],
    ['VersionIdMarker', versionIdMarker ?? ''],
    ['MaxKeys', maxKeys],
    ['IsTruncated', isTruncated],
    encodingType(context),
    isTruncated ? ['NextKeyMarker', encode(last.key)] : undefined,
    isTruncated ? ['NextVersionIdMarker', last.versionId] : undefined,
    ...page.map((version): XmlNode => {
      const common: XmlNode[] = [
        ['VersionId', version.versionId],
        ['IsLatest', bucket.current(version.key) === version],
      ];
      return version.kind === 'object'
        ? ['Version', [...describeObject(version, encode), ...common]]
        : ['DeleteMarker', [['Key', encode(version.key)], ['LastModified', version.lastModified.toISOString()], ...common]];
    }),
  ]);
}

export async function deleteObjects(context: RequestContext, name: string): Promise<void> {
  const { bucket } = context.store.bucket(name);
  const root = parseXml(await receiveDocument(context));
  const objects = root.children.filter((child) => child.name === 'Object');
  const isValid = root.name === 'Delete' && objects.length > 0 && objects.every((object) => childText(object, 'Key'));
  if (!isValid || objects.length > MAX_DELETED) {
    throw new S3Error('MalformedXML', `A Delete document lists 1 to ${MAX_DELETED} objects`);
  }
  const results = objects.map((object): XmlNode => {
    const key = childText(object, 'Key') ?? '';
    const versionId = childText(object, 'VersionId');
    const version = versionId === undefined ? bucket.putDeleteMarker(key) : bucket.deleteVersion(key, versionId);
    const isMarker = version?.kind === 'delete_marker';
    return [
      'Deleted',
      [
        ['Key', key],
        versionId === undefined ? undefined : ['VersionId', versionId],
        isMarker ? ['DeleteMarker', true] : undefined,
        isMarker ? ['DeleteMarkerVersionId', version.versionId] : undefined,
      ],
    ];
  });
  respondXml(context, 'DeleteResult', childText(root, 'Quiet') === 'true' ? [] : results);
}

function* currentObjects(bucket: Bucket): Generator<[string, StoredObject]> {
  for (const key of bucket.keys()) {
    const current = bucket.current(key);
    if (current?.kind === 'object') yield [key, current];
  }
}

function describeObject(object: StoredObject, encode: (text: string) => string): XmlNode[] {
  return [
    ['Key', encode(object.key)],
    ['LastModified', object.lastModified.toISOString()],
    ['ETag', object.etag],
    ['Size', object.size],
    ['StorageClass', 'STANDARD'],
  ];
}

function encodeToken(name: string): string {
  return Buffer.from(name).toString('base64url');
}

function decodeToken(token: string): string {
  const name = Buffer.from(token, 'base64url').toString();
  if (name === '' || encodeToken(name) !== token) {
    throw new S3Error('InvalidArgument', 'The continuation token provided is incorrect', {
      details: { ArgumentName: 'continuation-token' },
    });
  }
  return name;
}
