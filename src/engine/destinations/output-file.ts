import { open, type FileHandle } from 'node:fs/promises';

/** As much as is kept before it is written: large enough that writing costs little, small enough for many destinations. */
const flushLength = 1 << 20;

/** A text file that is written as it is made, with no more than a piece of it in memory. */
export class OutputFile {
  bytes = 0;
  private pieces: string[] = [];
  private pending = 0;

  private constructor(private readonly handle: FileHandle) {}

  static async create(path: string): Promise<OutputFile> {
    return new OutputFile(await open(path, 'w'));
  }

  append(text: string): void {
    this.pieces.push(text);
    this.pending += text.length;
  }

  /** Whether enough has come together that `flush` should be awaited. */
  get isFull(): boolean {
    return this.pending >= flushLength;
  }

  async flush(): Promise<void> {
    const buffer = Buffer.from(this.pieces.join(''), 'utf8');
    this.pieces = [];
    this.pending = 0;
    let offset = 0;
    while (offset < buffer.length) {
      offset += (await this.handle.write(buffer, offset)).bytesWritten;
    }
    this.bytes += buffer.length;
  }

  /** Writes what is left. */
  async finish(): Promise<void> {
    await this.flush();
    await this.handle.close();
  }

  /** Closes the file as it is, after a failure. */
  async abandon(): Promise<void> {
    this.pieces = [];
    await this.handle.close().catch(() => undefined);
  }
}
