import { BundleError } from '../errors';
import type { SourceFile } from './source';

/** The lines of a text that comes in pieces, without their ends. @throws BundleError `limit_exceeded` for an endless one */
export async function* splitLines(pieces: AsyncIterable<string>, file: SourceFile): AsyncGenerator<string> {
  let rest = '';
  let line = 0;
  for await (const piece of pieces) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() as string;
    if (rest.length > file.maxLineBytes) {
      throw new BundleError('limit_exceeded', `a line is longer than ${file.maxLineBytes} characters`, {
        file: file.label,
        line: line + lines.length + 1,
      });
    }
    line += lines.length;
    for (const complete of lines) {
      yield complete.endsWith('\r') ? complete.slice(0, -1) : complete;
    }
  }
  if (rest !== '') {
    yield rest.endsWith('\r') ? rest.slice(0, -1) : rest;
  }
}
