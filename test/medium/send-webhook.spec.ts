import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { AddressPolicy } from '../../src/platform/outbound/address-policy';
import { guardedAgents } from '../../src/platform/outbound/guarded-agents';
import { sendWebhook, type SendAbort, type SendResult } from '../../src/webhooks/send-webhook';
import { waitFor } from '../support/wait';
import { answerNothing, answerWith, startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver';

let receiver: WebhookReceiver;
let abort: (reason: SendAbort) => void;

beforeEach(async () => (receiver = await startWebhookReceiver()));
afterEach(() => receiver.close());

function send(): Promise<SendResult> {
  const controller = new AbortController();
  abort = (reason) => controller.abort(reason);
  const agents = guardedAgents(new AddressPolicy(['127.0.0.1/32']));
  return sendWebhook(new URL(receiver.url), agents, { headers: { 'webhook-id': 'x' }, body: '{"ü":1}' }, controller.signal);
}

describe('one attempt at a webhook', () => {
  it('posts the body as it is, and tells the status and Retry-After', async () => {
    receiver.answer(answerWith(429, { 'retry-after': '60' }));
    expect(await send()).toEqual({ kind: 'answered', status: 429, retryAfter: '60' });
    expect(receiver.received).toMatchObject([
      { method: 'POST', body: '{"ü":1}', headers: { 'webhook-id': 'x', connection: 'close' } },
    ]);
  });

  it.each<[SendAbort, SendResult]>([
    ['timeout', { kind: 'unanswered', errorCode: 'timeout' }],
    ['stopped', { kind: 'stopped' }],
  ])('ends by %s where there is no answer', async (reason, result) => {
    receiver.answer(answerNothing);
    const sent = send();
    await waitFor(() => receiver.received.length === 1);
    abort(reason);
    expect(await sent).toEqual(result);
  });

  it('does not begin where it is to stop', async () => {
    const controller = AbortSignal.abort('stopped' satisfies SendAbort);
    const agents = guardedAgents(new AddressPolicy(['127.0.0.1/32']));
    expect(await sendWebhook(new URL(receiver.url), agents, { headers: {}, body: '{}' }, controller)).toEqual({
      kind: 'stopped',
    });
    expect(receiver.received).toEqual([]);
  });

  it('reads no more than a little of the answer', async () => {
    let sentBytes = 0;
    let isClosed = false;
    receiver.answer((_request, response) => {
      response.writeHead(200);
      response.on('close', () => (isClosed = true));
      const more = (): void => {
        if (isClosed) return;
        sentBytes += 16_384;
        response.write(Buffer.alloc(16_384), () => setImmediate(more));
      };
      more();
    });
    expect(await send()).toMatchObject({ kind: 'answered', status: 200 });
    await waitFor(() => isClosed);
    // What fits into the buffers of both ends may be on its way.
    expect(sentBytes).toBeLessThan(16 * 1024 ** 2);
  });

  it('takes the status for the answer though its body never ends', async () => {
    receiver.answer((_request, response) => void response.writeHead(200, { 'content-length': '10' }).write('x'));
    // The attempt's time runs out once the headers are there.
    const runOut = (): void => void setImmediate(() => abort('timeout'));
    subscribe('http.client.response.finish', runOut);
    try {
      expect(await send()).toEqual({ kind: 'answered', status: 200, retryAfter: undefined });
    } finally {
      unsubscribe('http.client.response.finish', runOut);
    }
  });

  it.each([
    ['closes the connection', (socket: { destroy(): void }) => socket.destroy(), 'connection_failed'],
    ['answers what is no HTTP', (socket: { end(text: string): void }) => socket.end('SSH-2.0\r\n'), 'invalid_response'],
    [
      'switches to another protocol',
      (socket: { end(text: string): void }) =>
        socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
      'connection_failed',
    ],
  ] as const)('has failed where the receiver %s', async (_name, act, errorCode) => {
    receiver.answer((request) => act(request.socket));
    expect(await send()).toEqual({ kind: 'unanswered', errorCode });
  });
});
