import type { StoredObject, WritePrecondition } from './bucket';
import { S3Error } from './errors';

type Headers = ReadonlyMap<string, string>;

/**
 * Evaluates a read's conditional headers in the order of RFC 9110 §13.2.2.
 *
 * @throws S3Error PreconditionFailed
 */
export function evaluateRead(headers: Headers, object: StoredObject): 'send' | 'not_modified' {
  const ifMatch = headers.get('if-match');
  const ifNoneMatch = headers.get('if-none-match');
  const unmodifiedSince = parseDate(headers.get('if-unmodified-since'));
  const modifiedSince = parseDate(headers.get('if-modified-since'));

  if (ifMatch !== undefined) {
    if (!matches(ifMatch, object.etag)) throw preconditionFailed('If-Match');
  } else if (unmodifiedSince !== undefined && object.lastModified > unmodifiedSince) {
    throw preconditionFailed('If-Unmodified-Since');
  }
  if (ifNoneMatch !== undefined) return matches(ifNoneMatch, object.etag) ? 'not_modified' : 'send';
  return modifiedSince !== undefined && object.lastModified <= modifiedSince ? 'not_modified' : 'send';
}

/**
 * The conditions that S3 has for writes: `If-None-Match: *` (only if there is no object) and `If-Match` (only over that one).
 *
 * @throws S3Error NotImplemented for an `If-None-Match` of an ETag, as S3 does
 */
export function writePrecondition(headers: Headers): WritePrecondition {
  const ifNoneMatch = headers.get('if-none-match');
  const ifMatch = headers.get('if-match');
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') {
    throw new S3Error('NotImplemented', 'A header you provided implies functionality that is not implemented', {
      details: { Header: 'If-None-Match' },
    });
  }
  return (current) => {
    const object = current?.kind === 'object' ? current : undefined;
    if (ifNoneMatch !== undefined && object !== undefined) throw preconditionFailed('If-None-Match');
    if (ifMatch === undefined) return;
    if (object === undefined) throw new S3Error('NoSuchKey', 'The specified key does not exist.');
    if (!matches(ifMatch, object.etag)) throw preconditionFailed('If-Match');
  };
}

/** First and last byte, both included. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * Reads a `Range` header. What is not one range of bytes is ignored, which gives the whole object (RFC 9110 §14.2; S3 has no
 * multiple ranges).
 *
 * @throws S3Error InvalidRange where no byte of the object is in it
 */
export function parseRange(header: string | undefined, size: number): ByteRange | undefined {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === undefined || to === undefined || (from === '' && to === '')) return undefined;
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (from !== '' && to !== '' && Number(from) > Number(to)) return undefined;
  if (start >= size) {
    throw new S3Error('InvalidRange', 'The requested range is not satisfiable', {
      details: { RangeRequested: header ?? '', ActualObjectSize: String(size) },
      headers: { 'Content-Range': `bytes */${size}` },
    });
  }
  return { start, end };
}

/** S3 compares weak ETags like strong ones and takes an ETag without its quotes. */
function matches(list: string, etag: string): boolean {
  return list.split(',').some((item) => {
    const candidate = item.trim().replace(/^W\//, '');
    return candidate === '*' || candidate === etag || `"${candidate}"` === etag;
  });
}

function parseDate(header: string | undefined): Date | undefined {
  const date = new Date(header ?? '');
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function preconditionFailed(condition: string): S3Error {
  return new S3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
    details: { Condition: condition },
  });
}
