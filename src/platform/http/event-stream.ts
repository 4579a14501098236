import { StreamableFile } from '@nestjs/common';
import type { Response } from 'express';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

/** Server-sent events (WHATWG HTML, "Server-sent events"). */

export interface ServerSentEvent {
  /** What a reader goes on after; a stream that has no past has none. */
  readonly id?: string;
  readonly event: string;
  /** Sent as JSON. */
  readonly data: unknown;
}

/** Shows a client and the proxies before us that the stream is alive, while nothing happens. */
const HEARTBEAT_MS = 15_000;
/** How long a client should wait before it connects again. */
const RETRY_MS = 3_000;
/** A reader who takes nothing for so long, heartbeats included, is cut off. */
const STALLED_MS = 40_000;
/** What is kept ready for a reader, beside what its connection holds; nothing more is read until it has taken that. */
const BUFFER_BYTES = 16_384;

export const comment = (text: string): string => `: ${text}\n\n`;

/** Writes batches of events as they come, and a comment whenever there has been none for `heartbeatMs`. */
export async function* encodeEventStream(
  batches: AsyncIterable<readonly ServerSentEvent[]>,
  heartbeatMs = HEARTBEAT_MS,
): AsyncGenerator<string> {
  const iterator = batches[Symbol.asyncIterator]();
  try {
    yield `retry: ${RETRY_MS}\n\n`;
    for (let next = iterator.next(); ;) {
      const beat = new AbortController();
      const silence = delay(heartbeatMs, null, { signal: beat.signal, ref: false }).catch(() => null);
      const result = await Promise.race([next, silence]);
      beat.abort();
      if (result === null) {
        yield comment('still here');
        continue;
      }
      if (result.done) return;
      yield result.value.map(encode).join('');
      next = iterator.next();
    }
  } finally {
    // Not awaited: it may be waiting for an event, and ends by its own signal.
    void iterator.return?.();
  }
}

/** JSON has no line break outside of its texts, where it is escaped, so one line holds it. */
const encode = ({ id, event, data }: ServerSentEvent): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

/**
 * What a handler returns to answer with a stream. The reader's pace is the stream's: nothing is read ahead of it, and one who
 * takes nothing for long is cut off.
 */
export function eventStreamAnswer(response: Response, frames: AsyncIterable<string>, stalledMs = STALLED_MS): StreamableFile {
  // nginx and its like would collect the answer, to send it in larger pieces.
  response.setHeader('X-Accel-Buffering', 'no');
  response.setTimeout(stalledMs, () => response.destroy());
  const stream = Readable.from(frames, { objectMode: false, highWaterMark: BUFFER_BYTES });
  return new StreamableFile(stream, { type: 'text/event-stream; charset=utf-8' });
}

/** Aborts when the answer has been sent or its reader is gone. */
export function closedSignal(response: Response): AbortSignal {
  const closed = new AbortController();
  if (response.destroyed) closed.abort();
  else response.once('close', () => closed.abort());
  return closed.signal;
}
