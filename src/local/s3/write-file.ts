import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

/**
 * Streams chunks into a new file.
 *
 * The file is opened first, and not by `createWriteStream(path)`: where the chunks end in an error, `pipeline` rejects without waiting
 * for a file that is still being opened, and it would appear only after its caller has removed it.
 *
 * @param options.signal ends the writing when the client is gone
 * @throws what the chunks throw, or an error of the file system; the file may then be there in part
 */
export async function writeFile(
  path: string,
  chunks: AsyncIterable<Buffer>,
  options: { signal?: AbortSignal } = {},
): Promise<void> {
  const file = await open(path, 'w');
  await pipeline(chunks, file.createWriteStream(), options);
}
