import { Injectable } from '@nestjs/common';

const MAX_STREAMS_PER_READER = 20;
/** In one process: each holds a socket, and costs a statement whenever its job has news. */
const MAX_STREAMS = 1_000;

/** The event streams that are open in this process, of both fronts. */
@Injectable()
export class OpenStreams {
  private readonly byReader = new Map<string, number>();
  private all = 0;

  /**
   * Counts a stream until the signal aborts; false where there are too many.
   *
   * @param reader who reads, in any words that tell one from another.
   * @param signal has to abort in the end, however that comes.
   */
  take(reader: string, signal: AbortSignal): boolean {
    const ofReader = this.byReader.get(reader) ?? 0;
    if (ofReader >= MAX_STREAMS_PER_READER || this.all >= MAX_STREAMS) return false;
    if (signal.aborted) return true;
    this.byReader.set(reader, ofReader + 1);
    this.all += 1;
    signal.addEventListener('abort', () => this.giveBack(reader), { once: true });
    return true;
  }

  private giveBack(reader: string): void {
    this.all -= 1;
    const left = (this.byReader.get(reader) ?? 1) - 1;
    if (left === 0) this.byReader.delete(reader);
    else this.byReader.set(reader, left);
  }
}
