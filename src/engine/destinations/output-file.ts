import { open, type FileHandle } from 'node:fs/promises';

/** As much as is kept before it is written: large enough that writing costs little, small enough for many destinations. */
const chunkBytes = 1 << 20;
/** UTF-8 needs at most this many bytes for a unit of a JavaScript string. */
const maxBytesPerUnit = 3;

/**
 * A text file that is written as it is made, with about a megabyte of it in memory. Text is encoded into one buffer at once: most of
 * what a run does is output, and joining texts first costs as much again.
 */
export class OutputFile {
  bytes = 0;
  private chunk = Buffer.allocUnsafe(chunkBytes);
  private used = 0;

  private constructor(private readonly handle: FileHandle) {}

  static async create(path: string): Promise<OutputFile> {
    return new OutputFile(await open(path, 'w'));
  }

  append(text: string): void {
    const needed = this.used + text.length * maxBytesPerUnit;
    if (needed > this.chunk.length) {
      const larger = Buffer.allocUnsafe(needed + chunkBytes);
      this.chunk.copy(larger, 0, 0, this.used);
      this.chunk = larger;
    }
    this.used += this.chunk.write(text, this.used);
  }

  /** Whether enough has come together that `flush` should be awaited. */
  get isFull(): boolean {
    return this.used >= chunkBytes / 2;
  }

  async flush(): Promise<void> {
    let offset = 0;
    while (offset < this.used) {
      offset += (await this.handle.write(this.chunk, offset, this.used - offset)).bytesWritten;
    }
    this.bytes += this.used;
    this.used = 0;
  }

  /** Writes what is left. */
  async finish(): Promise<void> {
    await this.flush();
    await this.handle.close();
  }

  /** Closes the file as it is, after a failure. */
  async abandon(): Promise<void> {
    await this.handle.close().catch(() => undefined);
  }
}
