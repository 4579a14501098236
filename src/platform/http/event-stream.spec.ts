import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import type { Response } from 'express';
import { closedSignal, encodeEventStream, eventStreamAnswer, type ServerSentEvent } from './event-stream';

const event = (id: string, data: unknown = {}): ServerSentEvent => ({ id, event: 'job.queued', data });

async function* batchesOf(...batches: ServerSentEvent[][]) {
  yield* batches;
}

async function collect(frames: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const frame of frames) all.push(frame);
  return all;
}

describe('an event stream', () => {
  it('has the id, type and data of each event, after the time to wait before connecting again', async () => {
    const frames = await collect(encodeEventStream(batchesOf([event('1', { a: 'x\ny' }), event('2')], [event('3')])));
    expect(frames).toEqual([
      'retry: 3000\n\n',
      'id: 1\nevent: job.queued\ndata: {"a":"x\\ny"}\n\nid: 2\nevent: job.queued\ndata: {}\n\n',
      'id: 3\nevent: job.queued\ndata: {}\n\n',
    ]);
  });

  it('shows that it is alive while nothing happens, and loses no event by that', async () => {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    async function* batches() {
      await released;
      yield [event('1')];
    }
    const frames: string[] = [];
    for await (const frame of encodeEventStream(batches(), 5)) {
      frames.push(frame);
      if (frames.length === 4) release();
    }
    expect(frames.slice(0, 4)).toEqual(['retry: 3000\n\n', ': still here\n\n', ': still here\n\n', ': still here\n\n']);
    expect(frames.at(-1)).toMatch(/^id: 1\n/);
  });

  it('fails as its source fails', async () => {
    async function* batches(): AsyncGenerator<ServerSentEvent[]> {
      yield [event('1')];
      throw new Error('gone');
    }
    await expect(collect(encodeEventStream(batches()))).rejects.toThrow('gone');
  });
});

describe('a reader', () => {
  let server: Server;
  let produced = 0;
  let ended: Promise<void>;
  const STALLED_MS = 100;
  beforeEach(async () => {
    produced = 0;
    let end: () => void = () => undefined;
    ended = new Promise((resolve) => (end = resolve));
    async function* endless() {
      try {
        for (;;) {
          produced += 1;
          yield 'x'.repeat(10_000);
        }
      } finally {
        end();
      }
    }
    server = createServer((_request, raw) => {
      const response = raw as Response;
      const file = eventStreamAnswer(response, endless(), STALLED_MS);
      const signal = closedSignal(response);
      signal.addEventListener('abort', () => file.getStream().destroy());
      file.getStream().pipe(response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('who takes nothing is cut off, with little read ahead of it', async () => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.pause();
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await ended;
    // What the kernel takes for the connection is some megabytes at most.
    expect(produced).toBeLessThan(2_000);
    socket.destroy();
  });

  it('who goes away ends the stream', async () => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
    socket.destroy();
    await ended;
  });
});
