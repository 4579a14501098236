import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import type { Json } from './application';

export interface TestEventStream {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** What has come so far. */
  text(): string;
  /** The `data` of the events that have come so far. */
  events(): Json[];
  /** Resolves when the server has ended the answer, or cut it off. */
  readonly ended: Promise<void>;
  close(): void;
}

/** Opens an event stream as a program does that reads it as it comes. */
export async function openEventStream(url: string, headers: Record<string, string>): Promise<TestEventStream> {
  const outgoing = request(url, { headers: { accept: 'text/event-stream', ...headers }, agent: false });
  outgoing.end();
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const ended = new Promise<void>((resolve) => response.once('close', resolve));
  // A stream that is cut off, by whichever side, is an error to Node.
  outgoing.on('error', () => undefined);
  response.on('error', () => undefined);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    text: () => text,
    events: () => [...text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => JSON.parse(data) as Json),
    ended,
    close: () => outgoing.destroy(),
  };
}
