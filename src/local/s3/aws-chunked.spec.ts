import { decodeAwsChunked } from './aws-chunked';

async function decode(body: string, pieceBytes: number): Promise<{ content: string; trailers: Record<string, string> }> {
  async function* pieces(): AsyncGenerator<Buffer> {
    const bytes = Buffer.from(body);
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
  }
  const trailers = new Map<string, string>();
  const chunks: Buffer[] = [];
  for await (const chunk of decodeAwsChunked(pieces(), trailers)) chunks.push(chunk);
  return { content: Buffer.concat(chunks).toString(), trailers: Object.fromEntries(trailers) };
}

const BODY = '5\r\nhello\r\nC\r\n, wo\r\nrld\r\n!\r\n0\r\nX-Amz-Checksum-SHA256: abc=\r\n\r\n';

it.each([1, 2, 3, 7, 1000])('decodes chunks and trailers that arrive %d bytes at a time', async (pieceBytes) => {
  expect(await decode(BODY, pieceBytes)).toEqual({
    content: 'hello, wo\r\nrld\r\n!',
    trailers: { 'x-amz-checksum-sha256': 'abc=' },
  });
});

it('decodes an empty body', async () => {
  expect(await decode('0\r\n\r\n', 1)).toEqual({ content: '', trailers: {} });
});

it.each([
  ['ends in a chunk', '5\r\nhel'],
  ['ends after a chunk', '5\r\nhello\r\n'],
  ['ends in its trailers', '0\r\nx-amz-checksum-crc32:abc\r\n'],
  ['has no size', 'hello\r\n'],
  ['has a chunk longer than its size', '2\r\nhello\r\n0\r\n\r\n'],
  ['goes on after its end', '0\r\n\r\nmore'],
  ['has an endless line', '0'.repeat(20_000)],
])('refuses a body that %s', async (_, body) => {
  await expect(decode(body, 4)).rejects.toMatchObject({ code: 'IncompleteBody' });
});
