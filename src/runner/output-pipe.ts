import { writev } from 'node:fs';
import { promisify } from 'node:util';
import type { OutputSink } from '../engine/destinations/output-sink';
import { encodeHeader, FRAME_BYTES, OUTPUT_FD } from './output-frames';

const writeAll = promisify(writev);

/**
 * The child's end of the outputs' pipe. Its writes wait in a thread of their own until the parent has room, while the engine goes on
 * with the next rows; a stream of Node would need the engine to pause for each piece.
 *
 * @returns an output's sink, by its place among the names told to the parent
 */
export function outputPipeSink(index: number): OutputSink {
  return {
    chunkBytes: FRAME_BYTES,
    write: async (bytes) => {
      for (let offset = 0; offset < bytes.length; offset += FRAME_BYTES) {
        await writeFrame(index, bytes.subarray(offset, offset + FRAME_BYTES));
      }
    },
    end: (bytes) => writeFrame(index, bytes),
    // The parent is told of the failure, and asks no further.
    abort: () => Promise.resolve(),
  };
}

async function writeFrame(index: number, bytes: Uint8Array): Promise<void> {
  let rest: Uint8Array[] = [encodeHeader({ index, length: bytes.length }), bytes];
  while (rest.length > 0) rest = after(rest, (await writeAll(OUTPUT_FD, rest)).bytesWritten);
}

/** What is left of some buffers when so many bytes of them are gone. */
function after(buffers: readonly Uint8Array[], count: number): Uint8Array[] {
  let skipped = count;
  return buffers.flatMap((buffer) => {
    const rest = buffer.subarray(skipped);
    skipped = Math.max(0, skipped - buffer.length);
    return rest.length > 0 ? [rest] : [];
  });
}
