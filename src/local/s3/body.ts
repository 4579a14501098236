import { createHash } from 'node:crypto';
import { decodeAwsChunked } from './aws-chunked';
import type { ReceivedFile } from './bucket';
import { Checksum, isBase64Of, isChecksumAlgorithm, isWellFormed, startChecksum } from './checksum';
import type { RequestContext } from './context';
import { S3Error } from './errors';
import { UNSIGNED_CHUNKS, UNSIGNED_PAYLOAD } from './signature';
import { writeFile } from './write-file';

/** A body on disk that has passed every check the client asked for. */
export interface VerifiedFile extends ReceivedFile {
  /** The additional checksum that the client sent, if it did. */
  checksum?: Checksum;
}

interface Expectations {
  size: number;
  contentMd5?: string;
  checksum?: Checksum;
  /** The trailer of an aws-chunked body that brings the checksum. */
  trailer?: string;
}

/** The largest body of one PUT ("Uploading objects", S3 user guide). */
const MAX_BODY_BYTES = 5 * 1024 ** 3;
const MAX_DOCUMENT_BYTES = 1024 ** 2;
const CHECKSUM_HEADER = /^x-amz-checksum-(?!algorithm$|mode$|type$)(.+)$/;

/**
 * Streams the request's body to a file, checking its length, the signature's payload hash, Content-MD5 and `x-amz-checksum-*`
 * on the way. On a mismatch it throws and the file is not to be used.
 *
 * @throws S3Error BadDigest, XAmzContentSHA256Mismatch, IncompleteBody, MissingContentLength, EntityTooLarge, InvalidDigest,
 *   InvalidRequest
 */
export async function receiveFile(context: RequestContext, path: string): Promise<VerifiedFile> {
  const expected = readExpectations(context);
  const md5 = createHash('md5');
  const verified: { checksum?: Checksum } = {};
  async function* hashed(): AsyncGenerator<Buffer> {
    for await (const chunk of verifiedBody(context, expected, verified)) {
      md5.update(chunk);
      yield chunk;
    }
  }
  await writeFile(path, hashed());
  return { path, size: expected.size, etag: `"${md5.digest('hex')}"`, checksum: verified.checksum };
}

/** Reads a request's XML document, with the same checks as an object's body. */
export async function receiveDocument(context: RequestContext): Promise<string> {
  const expected = readExpectations(context);
  if (expected.size > MAX_DOCUMENT_BYTES) throw new S3Error('MaxMessageLengthExceeded', 'Your request was too big.');
  const chunks: Buffer[] = [];
  for await (const chunk of verifiedBody(context, expected, {})) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

async function* verifiedBody(
  context: RequestContext,
  expected: Expectations,
  verified: { checksum?: Checksum },
): AsyncGenerator<Buffer> {
  const chunked = context.payloadHash === UNSIGNED_CHUNKS;
  const signedHash = chunked || context.payloadHash === UNSIGNED_PAYLOAD ? undefined : createHash('sha256');
  const md5 = expected.contentMd5 === undefined ? undefined : createHash('md5');
  const algorithm = expected.checksum?.algorithm ?? checksumAlgorithm(expected.trailer);
  const checksum = algorithm && startChecksum(algorithm);

  // Not destroyed with the iterator: that would take the socket away, and with it the answer that says what is wrong.
  const wire: AsyncIterable<Buffer> = context.incoming.iterator({ destroyOnReturn: false });
  const trailers = new Map<string, string>();
  let size = 0;
  for await (const chunk of chunked ? decodeAwsChunked(wire, trailers) : wire) {
    size += chunk.length;
    if (size > expected.size) throw incompleteBody();
    signedHash?.update(chunk);
    md5?.update(chunk);
    checksum?.update(chunk);
    yield chunk;
  }

  if (size !== expected.size) throw incompleteBody();
  if (signedHash && signedHash.digest('hex') !== context.payloadHash) {
    throw new S3Error(
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  }
  if (md5 && md5.digest('base64') !== expected.contentMd5) {
    throw new S3Error('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
  if (checksum && algorithm) {
    const value = expected.checksum?.value ?? trailers.get(expected.trailer ?? '');
    if (value !== checksum.digest()) {
      throw new S3Error('BadDigest', `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`);
    }
    verified.checksum = { algorithm, value };
  }
}

function readExpectations({ headers, payloadHash }: RequestContext): Expectations {
  const length = headers.get(payloadHash === UNSIGNED_CHUNKS ? 'x-amz-decoded-content-length' : 'content-length');
  if (length === undefined) throw new S3Error('MissingContentLength', 'You must provide the Content-Length HTTP header.');
  const size = Number(length);
  if (!/^\d+$/.test(length)) throw new S3Error('InvalidArgument', 'The length must be a number of bytes.');
  if (size > MAX_BODY_BYTES) {
    const details = { ProposedSize: length, MaxSizeAllowed: String(MAX_BODY_BYTES) };
    throw new S3Error('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed object size.', { details });
  }
  const contentMd5 = headers.get('content-md5');
  if (contentMd5 !== undefined && !isBase64Of(contentMd5, 16)) {
    throw new S3Error('InvalidDigest', 'The Content-MD5 you specified was invalid.');
  }
  const trailer = headers.get('x-amz-trailer')?.toLowerCase();
  if (trailer !== undefined) checksumAlgorithm(trailer);
  return { size, contentMd5, checksum: readChecksum(headers), trailer };
}

function readChecksum(headers: ReadonlyMap<string, string>): Checksum | undefined {
  const [entry, ...others] = [...headers].filter(([name]) => CHECKSUM_HEADER.test(name));
  if (entry === undefined) return undefined;
  if (others.length > 0) throw new S3Error('InvalidRequest', 'Expecting a single x-amz-checksum- header.');
  const [name, value] = entry;
  const algorithm = checksumAlgorithm(name);
  if (algorithm === undefined || !isWellFormed({ algorithm, value })) {
    throw new S3Error('InvalidRequest', `Value for ${name} header is invalid.`);
  }
  return { algorithm, value };
}

/** @throws S3Error NotImplemented for an algorithm that we cannot compute: to skip the check would be worse than to refuse */
function checksumAlgorithm(header: string | undefined): Checksum['algorithm'] | undefined {
  if (header === undefined) return undefined;
  const name = CHECKSUM_HEADER.exec(header)?.[1] ?? '';
  if (!isChecksumAlgorithm(name)) throw new S3Error('NotImplemented', `${header} is not implemented`);
  return name;
}

function incompleteBody(): S3Error {
  return new S3Error('IncompleteBody', 'You did not provide the number of bytes specified by the Content-Length HTTP header');
}
