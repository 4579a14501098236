import * as http from 'node:http';
import * as https from 'node:https';
import { connectionFailureOf } from '../platform/outbound/connection-failure';
import type { guardedAgents } from '../platform/outbound/guarded-agents';
import type { WebhookErrorCode } from './webhook-events';

/** What the receiver says is not looked at; reading a little of it lets an ordinary one end in order. */
const MAX_RESPONSE_BYTES = 64 * 1024;

/** Why a request was given up before it had its answer; the reason of its signal. */
export type SendAbort = 'timeout' | 'stopped';

export type SendResult =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfter: string | undefined }
  | { readonly kind: 'unanswered'; readonly errorCode: WebhookErrorCode }
  | { readonly kind: 'stopped' };

/**
 * Posts a message once. Redirects are answers like others. Never rejects.
 *
 * @param signal aborts with a `SendAbort` as its reason.
 */
export function sendWebhook(
  url: URL,
  agents: ReturnType<typeof guardedAgents>,
  { headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
  signal: AbortSignal,
): Promise<SendResult> {
  return new Promise((resolve) => {
    const options = {
      method: 'POST',
      signal,
      headers: { ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' },
    };
    const request =
      url.protocol === 'https:'
        ? https.request(url, { ...options, agent: agents.https })
        : http.request(url, { ...options, agent: agents.http });
    let answer: SendResult | undefined;
    let failure: Error | undefined;
    request.on('response', (response) => {
      answer = { kind: 'answered', status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] };
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MAX_RESPONSE_BYTES) request.destroy();
      });
      // The answer counts, whatever becomes of its body.
      response.on('error', () => undefined);
    });
    request.on('error', (error) => (failure = error));
    request.on('close', () => resolve(answer ?? unanswered(failure, signal)));
    request.end(body);
  });
}

function unanswered(error: Error | undefined, signal: AbortSignal): SendResult {
  if (signal.aborted) {
    const reason = signal.reason as SendAbort;
    return reason === 'stopped' ? { kind: 'stopped' } : { kind: 'unanswered', errorCode: 'timeout' };
  }
  return { kind: 'unanswered', errorCode: connectionFailureOf(error) };
}
