import { ByteOutput } from '../jinja';
import type { OutputSink } from './output-sink';

/** Most destinations are small; the buffers of large ones grow. */
const firstBytes = 1 << 16;

/**
 * What the outputs of one run share: while one of them has a buffer written, its rows go on into the spare one, so that a run needs
 * not wait for its sinks unless they are slower than it is. There is one buffer more than outputs, however slow these are.
 */
export class OutputBuffers {
  private spare: ByteOutput | undefined;
  private writing: Promise<void> = Promise.resolve();

  /** Begins to write, when what was written before is taken. @returns an empty buffer, in exchange for the full one */
  async exchange(full: ByteOutput, write: () => Promise<void>): Promise<ByteOutput> {
    await this.writing;
    const next = this.spare ?? new ByteOutput(new Uint8Array(full.bytes.length));
    this.spare = undefined;
    this.writing = write().then(() => {
      full.used = 0;
      this.spare = full;
    });
    // Whoever awaits it next is told of its failure; until then it is not unhandled.
    this.writing.catch(() => undefined);
    return next;
  }

  /** Waits until what was to be written is taken. */
  async settle(): Promise<void> {
    await this.writing;
  }
}

/** Gathers an output's text and passes it on in large pieces. */
export class OutputWriter {
  /** Those passed on. */
  bytes = 0;
  /** Where the text is put; `flush` when it `isFull`. */
  current = new ByteOutput(new Uint8Array(firstBytes));
  private readonly chunkBytes: number;

  constructor(
    private readonly sink: OutputSink,
    private readonly buffers: OutputBuffers,
  ) {
    this.chunkBytes = sink.chunkBytes;
  }

  /** Whether enough has come together that `flush` should be awaited. */
  get isFull(): boolean {
    return this.current.used >= this.chunkBytes;
  }

  /** Passes on what fills whole chunks. */
  async flush(): Promise<void> {
    const full = this.current;
    // It is emptied as soon as it is written.
    const { used } = full;
    const whole = used - (used % this.chunkBytes);
    this.current = await this.buffers.exchange(full, () => this.sink.write(full.bytes.subarray(0, whole)));
    this.current.constant(full.bytes.subarray(whole, used));
    this.bytes += whole;
  }

  /** Passes on what is left. */
  async finish(): Promise<void> {
    if (this.isFull) {
      await this.flush();
    }
    await this.buffers.settle();
    await this.sink.end(this.current.bytes.subarray(0, this.current.used));
    this.bytes += this.current.used;
  }
}
