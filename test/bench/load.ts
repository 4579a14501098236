import { Agent, request } from 'node:http';

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

export interface Load {
  readonly seconds: number;
  /** Of each request, in ascending order. */
  readonly latenciesMs: number[];
  /** The answers' bodies, in the order of the requests. */
  readonly bodies: string[];
}

/** Connections that stay open from one `sendAll` to the next. Whoever asks for them destroys them. */
export const openConnections = (count: number): Agent => new Agent({ keepAlive: true, maxSockets: count });

/**
 * Sends each request once, over connections that stay open and are always busy. Not autocannon: every start has a path
 * of its own, and what a create answers is needed.
 *
 * @param connections so many new ones, which end with the last request, or those of `openConnections`.
 * @throws Error at the first answer with another status than expected.
 */
export async function sendAll(
  requests: readonly HttpRequest[],
  expectedStatus: number,
  connections: number | Agent,
): Promise<Load> {
  const agent = typeof connections === 'number' ? openConnections(connections) : connections;
  const latenciesMs: number[] = [];
  const bodies: string[] = new Array<string>(requests.length);
  const queue = requests.entries();
  const lane = async (): Promise<void> => {
    for (const [index, each] of queue) {
      const sentAt = performance.now();
      const { status, body } = await send(each, agent);
      latenciesMs.push(performance.now() - sentAt);
      if (status !== expectedStatus) throw new Error(`${each.method} ${each.url} answered ${status}: ${body}`);
      bodies[index] = body;
    }
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: agent.maxSockets }, lane));
  const seconds = (performance.now() - begun) / 1000;
  if (agent !== connections) agent.destroy();
  return { seconds, latenciesMs: latenciesMs.sort((a, b) => a - b), bodies };
}

function send({ method, url, headers = {}, body = '' }: HttpRequest, agent: Agent): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const length = { 'content-length': String(Buffer.byteLength(body)) };
    const outgoing = request(url, { method, agent, headers: { ...headers, ...length } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
      response.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
