import { S3Error } from './errors';

/** A chunk's header and a trailer are a few dozen bytes; S3 itself allows 8 KiB of headers. */
const MAX_LINE_BYTES = 8 * 1024;

/**
 * Decodes a body with `Content-Encoding: aws-chunked` and unsigned chunks ("Transferring payload in multiple chunks", S3 API
 * reference): `hex size CRLF data CRLF …, 0 CRLF, trailers, CRLF`.
 *
 * @param trailers receives the trailing headers, names in lower case, before the generator ends
 * @throws S3Error IncompleteBody where the framing is broken or ends early
 */
export async function* decodeAwsChunked(source: AsyncIterable<Buffer>, trailers: Map<string, string>): AsyncGenerator<Buffer> {
  const input = source[Symbol.asyncIterator]();
  let buffered: Buffer = Buffer.alloc(0);

  const readMore = async (): Promise<boolean> => {
    const next = await input.next();
    if (next.done) return false;
    buffered = buffered.length === 0 ? next.value : Buffer.concat([buffered, next.value]);
    return true;
  };
  const readLine = async (): Promise<string> => {
    for (;;) {
      const end = buffered.indexOf('\r\n');
      if (end >= 0) {
        const line = buffered.toString('latin1', 0, end);
        buffered = buffered.subarray(end + 2);
        return line;
      }
      if (buffered.length > MAX_LINE_BYTES || !(await readMore())) throw brokenFraming();
    }
  };

  for (;;) {
    const header = await readLine();
    if (!/^[0-9a-fA-F]{1,12}$/.test(header)) throw brokenFraming();
    let left = parseInt(header, 16);
    if (left === 0) break;
    while (left > 0) {
      if (buffered.length === 0 && !(await readMore())) throw brokenFraming();
      const piece = buffered.subarray(0, left);
      buffered = buffered.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
    if ((await readLine()) !== '') throw brokenFraming();
  }
  for (let line = await readLine(); line !== ''; line = await readLine()) {
    const colon = line.indexOf(':');
    if (colon < 1) throw brokenFraming();
    trailers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  if (buffered.length > 0 || (await readMore())) throw brokenFraming();
}

function brokenFraming(): S3Error {
  return new S3Error('IncompleteBody', 'The request body terminated unexpectedly');
}
