import type { Readable } from 'node:stream';
import { decodeHeader, FRAME_BYTES, HEADER_BYTES } from './output-frames';

/**
 * Frames that are held at once, in one run: those being stored, whichever outputs they are of, and one that is being received. When
 * they are all in use nothing is read from the child, which then has to wait.
 */
export const FRAMES_HELD = 6;

/** Takes one output, in parts. A rejection ends the run. */
export interface ReceivedOutput {
  /** Takes a part of `FRAME_BYTES`, which is overwritten once this has resolved. Called again before that for the next part. */
  write(part: Buffer): Promise<unknown>;
  /** Takes the last, shorter part. Resolves when the output is stored as a whole. */
  end(part: Buffer): Promise<unknown>;
}

/** What the child sent is no output: it is broken, or was made to do that. */
export class InvalidFrameError extends Error {
  constructor(how: string) {
    super(how);
    this.name = 'InvalidFrameError';
  }
}

/** An output's taker has rejected; the cause is what with. */
export class RefusedOutputError extends Error {
  constructor(cause: unknown) {
    super('an output was not taken', { cause });
    this.name = 'RefusedOutputError';
  }
}

interface Output {
  readonly sink: ReceivedOutput;
  isWhole: boolean;
}

/** The parent's end of the outputs' pipe: passes what comes on to where it is stored, no faster than that takes it. */
export class OutputReceiver {
  private readonly opened: Promise<readonly Output[]>;
  private resolveOpened: (outputs: readonly Output[]) => void = () => undefined;
  private outputs: readonly Output[] | undefined;
  private readonly storing = new Set<Promise<void>>();
  private readonly free: Buffer[] = [];
  private waited = 0;
  private waitsSince: number | undefined;

  constructor(private readonly pipe: Readable) {
    this.opened = new Promise((resolve) => (this.resolveOpened = resolve));
  }

  /** Says where the outputs go, in the order by which their frames name them. To be called once. */
  open(sinks: readonly ReceivedOutput[]): void {
    this.outputs = sinks.map((sink) => ({ sink, isWhole: false }));
    this.resolveOpened(this.outputs);
  }

  /** How long, in milliseconds, it has not taken what the child may have had for it. */
  get waitedMs(): number {
    return this.waited + (this.waitsSince === undefined ? 0 : performance.now() - this.waitsSince);
  }

  /**
   * Receives to the pipe's end, and waits until all is stored.
   *
   * @returns whether every output has come as a whole.
   * @throws InvalidFrameError, RefusedOutputError as soon as a part is not taken, or an error of the pipe.
   */
  async receive(): Promise<boolean> {
    const bytes = new PipeReader(this.pipe);
    const header = Buffer.alloc(HEADER_BYTES);
    while (await bytes.fill(header)) {
      const { index, length } = decodeHeader(header);
      // The names come on another channel, and may be later than the first frame.
      const output = (await this.opened)[index];
      if (output === undefined || output.isWhole) throw new InvalidFrameError('there is no such output');
      if (length > FRAME_BYTES) throw new InvalidFrameError('a frame is too long');
      const buffer = await this.takeBuffer();
      const part = buffer.subarray(0, length);
      if (!(await bytes.fill(part))) return false;
      output.isWhole = length < FRAME_BYTES;
      this.store(output.isWhole ? output.sink.end(part) : output.sink.write(part), buffer);
    }
    await Promise.all(this.storing);
    return this.outputs?.every(({ isWhole }) => isWhole) ?? false;
  }

  private store(stored: Promise<unknown>, buffer: Buffer): void {
    const storing = stored.then(
      () => {
        this.storing.delete(storing);
        this.free.push(buffer);
      },
      (cause: unknown) => {
        throw new RefusedOutputError(cause);
      },
    );
    this.storing.add(storing);
    // Whoever reads from the pipe is told, so that nothing more is.
    storing.catch((error: Error) => this.pipe.destroy(error));
  }

  private async takeBuffer(): Promise<Buffer> {
    this.waitsSince = performance.now();
    while (this.storing.size >= FRAMES_HELD) await Promise.race(this.storing);
    this.waited = this.waitedMs;
    this.waitsSince = undefined;
    return this.free.pop() ?? Buffer.allocUnsafeSlow(FRAME_BYTES);
  }
}

/** Reads given numbers of bytes from a stream whose pieces are of any size, each copied once. */
class PipeReader {
  private readonly pieces: AsyncIterator<Buffer>;
  private piece: Buffer = Buffer.alloc(0);

  constructor(pipe: Readable) {
    this.pieces = pipe[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** Fills the buffer; false if the stream ends before. */
  async fill(target: Buffer): Promise<boolean> {
    for (let filled = 0; filled < target.length;) {
      if (this.piece.length === 0) {
        const next = await this.pieces.next();
        if (next.done === true) return false;
        this.piece = next.value;
      }
      const count = this.piece.copy(target, filled);
      filled += count;
      this.piece = this.piece.subarray(count);
    }
    return true;
  }
}
