import { S3Error } from './errors';

/** What a request names, path style: `/bucket/key?query`. */
export interface RequestTarget {
  /** The decoded path, from which the canonical path of the signature is made again. */
  path: string;
  /** Absent for `/`, the service itself. */
  bucket?: string;
  /** Absent for a bucket's own operations. */
  key?: string;
  /** In the order given, decoded. A name may come twice; `first` looks one up. */
  query: ReadonlyArray<readonly [name: string, value: string]>;
}

const MAX_KEY_BYTES = 1024;

/**
 * Reads the request line's target. Not with `URL`: that resolves `..` and `//`, which are ordinary parts of a key.
 *
 * @throws S3Error InvalidURI, KeyTooLongError
 */
export function parseTarget(target: string): RequestTarget {
  const mark = target.indexOf('?');
  const rawPath = mark < 0 ? target : target.slice(0, mark);
  const rawQuery = mark < 0 ? '' : target.slice(mark + 1);
  if (!rawPath.startsWith('/')) throw invalidUri();

  const path = decode(rawPath);
  const slash = path.indexOf('/', 1);
  const bucket = slash < 0 ? path.slice(1) : path.slice(1, slash);
  const key = slash < 0 ? '' : path.slice(slash + 1);
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) {
    throw new S3Error('KeyTooLongError', 'Your key is too long', { details: { MaxSizeAllowed: String(MAX_KEY_BYTES) } });
  }
  const query = rawQuery
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=');
      const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
      return [decode(name.replaceAll('+', ' ')), decode(value.replaceAll('+', ' '))] as const;
    });
  return { path, bucket: bucket || undefined, key: key || undefined, query };
}

/** The value of the first query parameter of that name. */
export function first(target: RequestTarget, name: string): string | undefined {
  return target.query.find(([other]) => other === name)?.[1];
}

/** Percent-encodes all but the unreserved characters, as Signature V4's UriEncode does; `encodeURIComponent` leaves `!'()*`. */
export function uriEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalidUri();
  }
}

function invalidUri(): S3Error {
  return new S3Error('InvalidURI', "Couldn't parse the specified URI.");
}
