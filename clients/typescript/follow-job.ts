import { dataOf, type Schemas, type SlipwayClient } from '.';

/** How long to wait before a stream that was cut off is opened again. */
const RECONNECT_MS = 1000;
/** After these a stream ends, unless the job is retried. */
const LAST_EVENTS: readonly string[] = ['job.succeeded', 'job.failed', 'job.cancelled', 'job.expired'];

export interface FollowJobOptions {
  /** The `uid` of the last event that you have; without it all events come. */
  readonly lastEventId?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A job's events as they happen, until the job has ended. A stream that ends before, with its token or the connection, is
 * opened again after the last event, so none is missed or comes twice.
 *
 * @throws SlipwayProblem where the stream is refused; the signal's reason where it is aborted; what `fetch` throws where there is
 *   no connection: call again with the last event's `uid`
 */
export async function* followJob(
  client: SlipwayClient,
  uid: string,
  { lastEventId, signal }: FollowJobOptions = {},
): AsyncGenerator<Schemas['JobEventDto']> {
  for (;;) {
    const stream = await dataOf(
      client.GET('/v1/jobs/{uid}/events', {
        params: { path: { uid }, header: lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId } },
        headers: { Accept: 'text/event-stream' },
        parseAs: 'stream',
        signal: signal ?? null,
      }),
    );
    // 204: the job has ended and nothing follows.
    if (!stream) return;
    let last: Schemas['JobEventDto'] | null = null;
    try {
      for await (const event of eventsOf(stream)) {
        last = event;
        lastEventId = event.uid;
        yield event;
      }
    } catch (error) {
      // Anything but a connection that broke is a fault on one of the two sides.
      if (signal?.aborted || !(error instanceof TypeError)) throw error;
    }
    if (last && LAST_EVENTS.includes(last.type)) return;
    await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS));
  }
}

/** The `data` of server-sent events; comments, which keep the connection open, have none. */
async function* eventsOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Schemas['JobEventDto']> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of stream) {
    const blocks = (text + decoder.decode(bytes, { stream: true })).split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = block.split('\n').flatMap((line) => (line.startsWith('data:') ? [line.slice('data:'.length)] : []));
      if (data.length > 0) yield JSON.parse(data.join('\n')) as Schemas['JobEventDto'];
    }
  }
}
