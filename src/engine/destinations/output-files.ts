import { open, type FileHandle } from 'node:fs/promises';
import type { OpenOutputs, OutputSink } from './output-sink';

/**
 * So much that writing costs little. No multiple of a page: if every write began a page of the file, its bytes would lie nearly alike in
 * their pages here and there, and some processors copy such bytes several times slower.
 */
const chunkBytes = 1_000_000;

/** Writes outputs to files of an existing folder. */
export function outputFiles(directory: string): OpenOutputs {
  return (names) => Promise.all(names.map(async (name) => fileSink(await open(`${directory}/${name}`, 'w'))));
}

function fileSink(handle: FileHandle): OutputSink {
  const write = async (bytes: Uint8Array): Promise<void> => {
    for (let offset = 0; offset < bytes.length;) {
      offset += (await handle.write(bytes, offset)).bytesWritten;
    }
  };
  return {
    chunkBytes,
    write,
    end: async (bytes) => {
      await write(bytes);
      await handle.close();
    },
    abort: () => handle.close(),
  };
}
