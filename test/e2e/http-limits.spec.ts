import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { startTestApplication, type TestApplication } from '../support/application';

/** What a client may send at most, and how slowly, on bare sockets. */
describe('the limits of HTTP', () => {
  let slipway: TestApplication;
  let token: string;
  beforeAll(async () => {
    slipway = await startTestApplication({ patience: { headersMs: 1_000, requestMs: 2_000, checkMs: 50 } });
    token = await slipway.token();
  });
  afterAll(() => slipway.close());

  const open = (): Socket => {
    const { hostname, port } = new URL(slipway.url);
    // One that is cut off while it sends learns of it by an error.
    return connect({ port: Number(port), host: hostname }).on('error', () => undefined);
  };
  /** All that comes until the connection ends. */
  async function answersOf(socket: Socket): Promise<string> {
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    // Not by `once` of node:events, which rejects at an error: a byte that is sent to who has just closed makes one.
    await new Promise((resolve) => socket.once('close', resolve));
    return text;
  }
  const statuses = (answers: string) => [...answers.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => Number(status));
  const problemOf = (answers: string) => JSON.parse(answers.slice(answers.lastIndexOf('\r\n\r\n'))) as Record<string, unknown>;
  const post = (headers: string, body = '') =>
    `POST /v1/token/verify HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n${headers}\r\n${body}`;
  /** Sends a byte now and then until it is cut off. */
  function dribble(socket: Socket, byte: string): void {
    const timer = setInterval(() => socket.write(byte), 20);
    socket.on('close', () => clearInterval(timer));
  }

  describe('end with 408, and the connection,', () => {
    const slow: [name: string, start: () => string, more?: string][] = [
      ['nothing', () => ''],
      ['half a line', () => 'GET /health/live HT'],
      ['headers that never end', () => 'GET /health/live HTTP/1.1\r\nHost: x\r\nX-Slow: ', 'x'],
      ['a body that dribbles', () => post('Content-Length: 100000\r\n', '{"a":"'), 'x'],
      ['a body that stops', () => post('Content-Length: 100\r\n', '{')],
      ['a chunk that never ends', () => post('Transfer-Encoding: chunked\r\n', 'ffff\r\n{"a":"'), 'x'],
    ];
    const ended = new Map<string, Promise<string>>();
    // All at once, so that their times pass together.
    beforeAll(() => {
      for (const [name, start, more] of slow) {
        const socket = open();
        socket.write(start());
        if (more) dribble(socket, more);
        ended.set(name, answersOf(socket));
      }
    });

    it.each(slow)('%s', async (name) => {
      const answers = (await ended.get(name)) ?? '';
      expect(statuses(answers)).toEqual([408]);
      expect(answers).toMatch(/content-type: application\/problem\+json/i);
      expect(answers).toMatch(/x-request-id: [0-9a-f-]{36}/i);
      expect(problemOf(answers)).toMatchObject({ code: 'request_timeout', status: 408, requestId: expect.any(String) });
    });
  });

  it('end a body that dribbles on after it was refused, without a second answer', async () => {
    const socket = open();
    socket.write(`POST /v1/jobs HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: ${1024 ** 3}\r\n\r\nx`);
    dribble(socket, 'x');
    const answers = await answersOf(socket);
    expect(statuses(answers)).toEqual([415]);
    expect(problemOf(answers)).toMatchObject({ code: 'unsupported_media_type' });
  });

  it('do not end a connection that rests between two requests', async () => {
    const socket = open();
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const request = 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n';
    const answered = async (count: number) => {
      while (statuses(text).length < count) await once(socket, 'data');
    };
    socket.write(request);
    await answered(1);
    // Longer than any of the times above.
    await delay(2_500);
    socket.write(request);
    await answered(2);
    expect(statuses(text)).toEqual([200, 200]);
    socket.destroy();
  });

  it('let others be served meanwhile', async () => {
    const slow = Array.from({ length: 200 }, open);
    for (const socket of slow) socket.write(post('Content-Length: 100\r\n', '{'));
    expect((await slipway.request('post', '/v1/token/verify', { token })).status).toBe(200);
    const answers = await Promise.all(slow.map(answersOf));
    expect(new Set(answers.flatMap(statuses))).toEqual(new Set([408]));
  });

  it.each([
    ['a URL of 8,000 bytes', `/v1/jobs/${'x'.repeat(8_000 - '/v1/jobs/'.length)}`, 404, 'job_not_found'],
    ['a longer path', `/v1/jobs/${'x'.repeat(8_000)}`, 414, 'uri_too_long'],
    ['a longer query', `/v1/jobs?a=${'x'.repeat(8_000)}`, 414, 'uri_too_long'],
  ])('answer %s', async (_name, path, status, code) => {
    const response = await slipway.request('get', path);
    expect([response.status, response.json.code]).toEqual([status, code]);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  it.each([
    ['headers of 100 KiB', `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(100 * 1024)}\r\n\r\n`, 431, 'headers_too_large'],
    ['a URL of 100 KiB', `GET /${'x'.repeat(100 * 1024)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431, 'headers_too_large'],
    ['no HTTP at all', 'hello\r\n\r\n', 400, 'invalid_request'],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400, 'invalid_request'],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      400,
      'invalid_request',
    ],
    ['a header with a NUL', 'GET / HTTP/1.1\r\nHost: x\r\nX-Nul: \0\r\n\r\n', 400, 'invalid_request'],
  ])('answer %s with a problem', async (_name, bytes, status, code) => {
    const socket = open();
    socket.write(bytes);
    const answers = await answersOf(socket);
    expect(statuses(answers)).toEqual([status]);
    expect(problemOf(answers)).toMatchObject({ status, code });
  });
});
