import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { Json } from './application';

export interface ReceivedWebhook {
  readonly path: string;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly json: Json;
}

export type ReceiverAnswer = (request: IncomingMessage, response: ServerResponse) => void;

export interface WebhookReceiver {
  /** With the path `/hook`. */
  readonly url: string;
  readonly port: number;
  /** What came, in its order. */
  readonly received: ReceivedWebhook[];
  /** Changes how requests are answered, which is by 204. */
  answer(answer: ReceiverAnswer): void;
  close(): Promise<void>;
}

export const answer204: ReceiverAnswer = (_request, response) => void response.writeHead(204).end();
/** Nothing, ever, until the connection is closed. */
export const answerNothing: ReceiverAnswer = () => undefined;
export const answerWith =
  (status: number, headers: Record<string, string> = {}): ReceiverAnswer =>
  (_request, response) =>
    void response.writeHead(status, headers).end('{"a":"body"}');

/** A partner's HTTP server on 127.0.0.1. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const received: ReceivedWebhook[] = [];
  let answer = answer204;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const { url: path = '', method = '', headers } = request;
      received.push({ path, method, headers, body, json: JSON.parse(body) });
      answer(request, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    port,
    received,
    answer: (next) => (answer = next),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** As a partner verifies it, with the package of the specification. @throws where no signature is by this secret */
export const verifyWebhook = ({ body, headers }: ReceivedWebhook, secret: string): unknown =>
  new Webhook(secret).verify(body, headers as Record<string, string>);
