import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { S3Error, S3ErrorCode } from './errors';
import { first, RequestTarget, uriEncode } from './target';

export interface SigningPolicy {
  accessKeyId: string;
  secretAccessKey: string;
  region: string;
  /** How far a request's own time may be from ours. */
  maxClockSkewSeconds: number;
}

export interface RequestToVerify {
  method: string;
  target: RequestTarget;
  /** Lower-case names; several values of one name joined by a comma; characters are the bytes received (latin1). */
  headers: ReadonlyMap<string, string>;
}

export interface VerifiedRequest {
  /** `UNSIGNED-PAYLOAD`, `STREAMING-UNSIGNED-PAYLOAD-TRAILER` or the SHA-256 in hex that the body must have. */
  payloadHash: string;
  presigned: boolean;
}

/** What a request claims about its signature, from its `Authorization` header or from its query. */
interface Claim {
  credential: string;
  signedHeaders: string[];
  signature: string;
  timestamp: string;
  payloadHash: string;
  presigned: boolean;
  /** Only of a presigned URL. */
  expiresSeconds?: number;
}

export const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';
export const UNSIGNED_CHUNKS = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';

const ALGORITHM = 'AWS4-HMAC-SHA256';
const MAX_EXPIRES_SECONDS = 7 * 24 * 60 * 60;

/**
 * Checks a request's Signature Version 4 ("Authenticating Requests", S3 API reference), in the header or in the query of a
 * presigned URL, against the `Host` that the request itself has. The body is not read here: the caller compares it to
 * `payloadHash`.
 *
 * @throws S3Error AccessDenied (anonymous, expired, an `x-amz-*` header outside the signature), SignatureDoesNotMatch,
 *   InvalidAccessKeyId, RequestTimeTooSkewed, and the 400s of a malformed signature
 */
export function verifySignature(request: RequestToVerify, policy: SigningPolicy, now: Date): VerifiedRequest {
  const claim = readClaim(request);
  const signedAt = parseTimestamp(claim.timestamp);
  if (signedAt === undefined) {
    throw new S3Error('AccessDenied', 'AWS authentication requires a valid Date or x-amz-date header');
  }
  checkTime(claim, signedAt, policy, now);

  const [accessKeyId, date, region, service, terminator, ...more] = claim.credential.split('/');
  const malformed: S3ErrorCode = claim.presigned ? 'AuthorizationQueryParametersError' : 'AuthorizationHeaderMalformed';
  if (accessKeyId !== policy.accessKeyId) {
    const details = { AWSAccessKeyId: accessKeyId ?? '' };
    throw new S3Error('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', { details });
  }
  if (region !== policy.region) {
    const details = { Region: policy.region };
    throw new S3Error(malformed, `The region '${region ?? ''}' is wrong; expecting '${policy.region}'`, { details });
  }
  if (date !== claim.timestamp.slice(0, 8) || service !== 's3' || terminator !== 'aws4_request' || more.length > 0) {
    throw new S3Error(malformed, 'The credential must be of the form <access key>/<date>/<region>/s3/aws4_request.');
  }

  const canonical = canonicalRequest(request, claim);
  const stringToSign = [ALGORITHM, claim.timestamp, `${date}/${region}/s3/aws4_request`, sha256(canonical)].join('\n');
  const expected = createHmac('sha256', signingKey(policy.secretAccessKey, date, region))
    .update(stringToSign)
    .digest();
  const given = Buffer.from(claim.signature, 'hex');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new S3Error(
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      { details: { StringToSign: stringToSign, CanonicalRequest: canonical } },
    );
  }
  refuseUnsignedHeaders(request, claim);
  return { payloadHash: claim.payloadHash, presigned: claim.presigned };
}

function readClaim({ target, headers }: RequestToVerify): Claim {
  const authorization = headers.get('authorization');
  const presigned = first(target, 'X-Amz-Algorithm') !== undefined;
  if (authorization !== undefined && presigned) {
    throw new S3Error('InvalidArgument', 'Only one auth mechanism allowed');
  }
  if (presigned) return readQueryClaim(target, headers);
  if (authorization === undefined) throw new S3Error('AccessDenied', 'Access Denied');
  if (!authorization.startsWith(`${ALGORITHM} `)) throw unsupportedMechanism();

  const fields = /^Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/.exec(
    authorization.slice(ALGORITHM.length).trim(),
  );
  if (fields === null) throw new S3Error('AuthorizationHeaderMalformed', 'The authorization header is malformed.');
  const [, credential = '', signedHeaders = '', signature = ''] = fields;
  const payloadHash = headers.get('x-amz-content-sha256');
  if (payloadHash === undefined) {
    throw new S3Error('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
  }
  return {
    credential,
    signedHeaders: signedHeaders.split(';'),
    signature,
    timestamp: headers.get('x-amz-date') ?? '',
    payloadHash: checkedPayloadHash(payloadHash),
    presigned: false,
  };
}

function readQueryClaim(target: RequestTarget, headers: ReadonlyMap<string, string>): Claim {
  const required = (name: string): string => {
    const value = first(target, name);
    if (value === undefined || value === '') {
      throw new S3Error('AuthorizationQueryParametersError', `Query-string authentication requires the ${name} parameter.`);
    }
    return value;
  };
  if (required('X-Amz-Algorithm') !== ALGORITHM) throw unsupportedMechanism();
  const expires = required('X-Amz-Expires');
  const expiresSeconds = Number(expires);
  if (!/^\d+$/.test(expires) || expiresSeconds < 1 || expiresSeconds > MAX_EXPIRES_SECONDS) {
    throw new S3Error('AuthorizationQueryParametersError', `X-Amz-Expires must be from 1 to ${MAX_EXPIRES_SECONDS} seconds`);
  }
  return {
    credential: required('X-Amz-Credential'),
    signedHeaders: required('X-Amz-SignedHeaders').split(';'),
    signature: required('X-Amz-Signature'),
    timestamp: required('X-Amz-Date'),
    payloadHash: checkedPayloadHash(
      first(target, 'X-Amz-Content-Sha256') ?? headers.get('x-amz-content-sha256') ?? UNSIGNED_PAYLOAD,
    ),
    presigned: true,
    expiresSeconds,
  };
}

function unsupportedMechanism(): S3Error {
  return new S3Error(
    'InvalidRequest',
    `The authorization mechanism you have provided is not supported. Please use ${ALGORITHM}.`,
  );
}

function checkedPayloadHash(value: string): string {
  if (value === UNSIGNED_PAYLOAD || value === UNSIGNED_CHUNKS || /^[0-9a-f]{64}$/.test(value)) return value;
  // Signed chunks are sent by other SDKs over plain http; the JavaScript SDK never signs chunk by chunk.
  if (value.startsWith('STREAMING-')) throw new S3Error('NotImplemented', `x-amz-content-sha256: ${value} is not implemented`);
  throw new S3Error(
    'InvalidArgument',
    'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, a streaming value or a valid sha256 value.',
  );
}

function checkTime(claim: Claim, signedAt: Date, policy: SigningPolicy, now: Date): void {
  const ageSeconds = (now.getTime() - signedAt.getTime()) / 1000;
  const details = { ServerTime: now.toISOString() };
  if (claim.expiresSeconds !== undefined) {
    if (ageSeconds < -policy.maxClockSkewSeconds) throw new S3Error('AccessDenied', 'Request is not yet valid', { details });
    if (ageSeconds > claim.expiresSeconds) {
      const expires = new Date(signedAt.getTime() + claim.expiresSeconds * 1000).toISOString();
      throw new S3Error('AccessDenied', 'Request has expired', { details: { Expires: expires, ...details } });
    }
  } else if (Math.abs(ageSeconds) > policy.maxClockSkewSeconds) {
    const message = 'The difference between the request time and the current time is too large.';
    throw new S3Error('RequestTimeTooSkewed', message, { details: { RequestTime: claim.timestamp, ...details } });
  }
}

/** `20261231T235959Z`, the only form that Signature V4 has in `x-amz-date`. */
function parseTimestamp(text: string): Date | undefined {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? [];
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function canonicalRequest({ method, target, headers }: RequestToVerify, claim: Claim): string {
  const query = target.query
    .filter(([name]) => !(claim.presigned && name === 'X-Amz-Signature'))
    .map(([name, value]) => [uriEncode(name), uriEncode(value)] as const)
    .sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const canonicalHeaders = claim.signedHeaders.map((name) => `${name}:${canonicalValue(headers.get(name))}\n`).join('');
  return [
    method,
    target.path.split('/').map(uriEncode).join('/'),
    query,
    canonicalHeaders,
    claim.signedHeaders.join(';'),
    claim.payloadHash,
  ].join('\n');
}

/** A signed header that is absent counts as empty, so that it cannot match a signature made over a value. */
function canonicalValue(value: string | undefined): string {
  return (value ?? '').trim().replace(/ +/g, ' ');
}

/** `host` and every `x-amz-*` header must be signed, or a holder of the URL could add what the signer never meant. */
function refuseUnsignedHeaders({ headers }: RequestToVerify, claim: Claim): void {
  const signed = new Set(claim.signedHeaders);
  const unsigned = [...headers.keys()].filter((name) => (name === 'host' || name.startsWith('x-amz-')) && !signed.has(name));
  if (unsigned.length > 0 || !signed.has('host')) {
    throw new S3Error('AccessDenied', 'There were headers present in the request which were not signed', {
      details: { HeadersNotSigned: unsigned.join(', ') },
    });
  }
}

function signingKey(secret: string, date: string, region: string): Buffer {
  return [date, region, 's3', 'aws4_request'].reduce<Buffer>(
    (key, part) => createHmac('sha256', key).update(part).digest(),
    Buffer.from(`AWS4${secret}`),
  );
}

/** Header values are bytes received; everything else in a canonical request is ASCII. */
function sha256(bytes: string): string {
  return createHash('sha256').update(bytes, 'latin1').digest('hex');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
