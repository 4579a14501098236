import * as http from 'node:http';
import * as https from 'node:https';
import { connectionFailureOf, type ConnectionFailure } from './connection-failure';
import type { guardedAgents } from './guarded-agents';

export interface GuardedRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** A longer answer is given up. */
  readonly maxBytes: number;
}

export type GuardedAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly body: Buffer }
  | { readonly kind: 'failed'; readonly reason: ConnectionFailure | 'timeout' | 'too_large' };

/**
 * Sends a request to a host that somebody outside chose and reads the whole answer. A redirect is an answer like others. Never
 * rejects.
 *
 * @param agents of `guardedAgents`, which check every address at connect.
 * @param signal ends the request as `timeout`, also while its answer is read.
 */
export function sendGuarded(
  agents: ReturnType<typeof guardedAgents>,
  { method, url, headers, body, maxBytes }: GuardedRequest,
  signal: AbortSignal,
): Promise<GuardedAnswer> {
  return new Promise((resolve) => {
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const options = { method, signal, headers: { ...headers, ...length, connection: 'close' } };
    const request =
      url.protocol === 'https:'
        ? https.request(url, { ...options, agent: agents.https })
        : http.request(url, { ...options, agent: agents.http });
    let answer: GuardedAnswer | undefined;
    let failure: Error | undefined;
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes <= maxBytes) return;
        answer = { kind: 'failed', reason: 'too_large' };
        request.destroy();
      });
      response.on('end', () => {
        answer ??= { kind: 'answered', status: response.statusCode ?? 0, body: Buffer.concat(chunks) };
      });
      response.on('error', (error) => (failure = error));
    });
    request.on('error', (error) => (failure = error));
    request.on('close', () =>
      resolve(answer ?? { kind: 'failed', reason: signal.aborted ? 'timeout' : connectionFailureOf(failure) }),
    );
    request.end(body);
  });
}
