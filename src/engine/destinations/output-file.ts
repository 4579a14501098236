import { open, type FileHandle } from 'node:fs/promises';
import { ByteOutput } from '../jinja';

/** As much as is written at once: so much that writing costs little. */
const chunkBytes = 1 << 20;
/** Most destinations are small; the buffers of large ones grow. */
const firstBytes = 1 << 16;

/**
 * A text file that is written as it is made. While one buffer is being written, rows go on into another, so that a run needs not wait
 * for the disk unless that is the slower of the two.
 */
export class OutputFile {
  bytes = 0;
  /** Where the file's text is put; `flush` when it `isFull`. */
  current = new ByteOutput(new Uint8Array(firstBytes));
  private other: ByteOutput | undefined;
  private writing: Promise<void> = Promise.resolve();

  private constructor(private readonly handle: FileHandle) {}

  static async create(path: string): Promise<OutputFile> {
    return new OutputFile(await open(path, 'w'));
  }

  /** Whether enough has come together that `flush` should be awaited. */
  get isFull(): boolean {
    return this.current.used >= chunkBytes;
  }

  /** Has what is there written, and waits for what was to be written before. */
  async flush(): Promise<void> {
    await this.writing;
    const full = this.current;
    this.current = this.other ?? new ByteOutput(new Uint8Array(full.bytes.length));
    this.other = full;
    this.writing = this.write(full);
    // Whoever awaits it next is told of its failure; until then it is not unhandled.
    this.writing.catch(() => undefined);
  }

  /** Writes what is left. */
  async finish(): Promise<void> {
    await this.flush();
    await this.writing;
    await this.handle.close();
  }

  /** Closes the file as it is, after a failure. */
  async abandon(): Promise<void> {
    await this.writing.catch(() => undefined);
    await this.handle.close().catch(() => undefined);
  }

  private async write(output: ByteOutput): Promise<void> {
    let offset = 0;
    while (offset < output.used) {
      offset += (await this.handle.write(output.bytes, offset, output.used - offset)).bytesWritten;
    }
    this.bytes += output.used;
    output.used = 0;
  }
}
