import { createReadStream } from 'node:fs';
import { BundleError } from '../errors';
import { createDecoder } from './decoder';
import type { SourceFile } from './source';

const chunkBytes = 1 << 18;

/**
 * The text of a file in pieces of a quarter of a megabyte, with a byte order mark at its start dropped.
 *
 * @param lineOf how many lines the reader is done with, for the place of a byte that cannot be decoded
 * @throws BundleError `input_invalid`, `not_supported` for an unknown encoding
 */
export async function* textChunks(file: SourceFile, encoding: string, lineOf: () => number): AsyncGenerator<string> {
  const decoder = createDecoder(encoding);
  if (decoder === undefined) {
    throw new BundleError('not_supported', `the encoding \`${encoding}\` is not known`, { file: file.label });
  }
  const invalid = (): BundleError =>
    new BundleError(
      'input_invalid',
      `a byte is not ${encoding}; save the file in that encoding, or set \`encoding\` in the bundle`,
      {
        file: file.label,
        line: lineOf() + 1,
      },
    );
  for await (const bytes of createReadStream(file.path, { highWaterMark: chunkBytes })) {
    file.countBytes((bytes as Buffer).length);
    const text = decoder.decode(bytes as Buffer);
    if (text === undefined) {
      throw invalid();
    }
    if (text !== '') {
      yield text;
    }
  }
  const rest = decoder.end();
  if (rest === undefined) {
    throw invalid();
  }
  if (rest !== '') {
    yield rest;
  }
}
