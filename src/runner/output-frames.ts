/**
 * How outputs come from the engine's child to its parent, on a pipe of their own: in frames of a header, which is two 32-bit numbers,
 * little endian, and bytes. The first number is the output's place among the names that the child has told before, the second one how
 * many bytes follow. A frame of `FRAME_BYTES` is followed by another of its output; a shorter one, which may be empty, is the last.
 */

/** The child's file descriptor of that pipe. */
export const OUTPUT_FD = 3;

/** The least that S3 takes for a part that is not an object's last: a frame is stored as it is. */
export const FRAME_BYTES = 5 * 1024 * 1024;

export const HEADER_BYTES = 8;

export interface FrameHeader {
  readonly index: number;
  /** Of the bytes that follow. */
  readonly length: number;
}

export function encodeHeader({ index, length }: FrameHeader): Buffer {
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  header.writeUInt32LE(index, 0);
  header.writeUInt32LE(length, 4);
  return header;
}

export function decodeHeader(header: Buffer): FrameHeader {
  return { index: header.readUInt32LE(0), length: header.readUInt32LE(4) };
}
