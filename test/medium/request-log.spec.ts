import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import express, { type Request, type Response } from 'express';
import type { PinoLogger } from 'nestjs-pino';
import { pino } from 'pino';
import { identifyRequest } from '../../src/platform/http/request-id';
import { addLogFields, RequestLog, requestLogFields } from '../../src/platform/logging/request-log';
import { waitFor } from '../support/wait';

type Line = Record<string, unknown> & { reqId?: string; msg: string };

let server: Server;
let url: string;
let lines: Line[];
/** What the application does with a request. */
let handle: (request: Request, response: Response) => void;

beforeEach(async () => {
  lines = [];
  const stream = new Writable({ write: (line, _encoding, written) => (lines.push(JSON.parse(String(line)) as Line), written()) });
  const logger = pino({ mixin: requestLogFields, base: null }, stream);
  const application = express();
  application.use(identifyRequest, new RequestLog(logger as unknown as PinoLogger).observe);
  application.use((request, response) => {
    addLogFields({ client: request.path.slice(1) });
    logger.info('at work');
    handle(request, response);
  });
  server = createServer(application).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const ask = (path: string, id: string, init: RequestInit = {}) => fetch(url + path, { ...init, headers: { 'x-request-id': id } });
const linesOf = (id: string): Line[] => lines.filter(({ reqId }) => reqId === id);
const linesInAll = (count: number) => waitFor(() => Promise.resolve(lines.length === count));

it('a request has one line at its end, with its path but not its query, its status, and what was found out on the way', async () => {
  handle = (_request, response) => void response.status(404).end();
  await ask('/north?cursor=secret', 'one');
  await linesInAll(2);
  expect(linesOf('one')[1]).toEqual({
    ...{ level: 30, time: expect.any(Number), msg: 'request completed', reqId: 'one', client: 'north' },
    ...{ req: { method: 'GET', path: '/north' }, res: { statusCode: 404 }, responseTime: expect.any(Number) },
  });
});

it('whatever is logged while a request is handled has its id and fields, and those of no other that is handled at the time', async () => {
  const open: Response[] = [];
  handle = (_request, response) => {
    open.push(response);
    if (open.length === 2) for (const each of open) each.end();
  };
  await Promise.all([ask('/north', 'one'), ask('/south', 'two')]);
  await linesInAll(4);
  expect(linesOf('one')).toEqual(Array(2).fill(expect.objectContaining({ client: 'north' })));
  expect(linesOf('two')).toEqual(Array(2).fill(expect.objectContaining({ client: 'south' })));
});

it('a failure of ours is an error', async () => {
  handle = (_request, response) => void response.status(503).end();
  await ask('/', 'one');
  await linesInAll(2);
  expect(linesOf('one')[1]).toMatchObject({ level: 50, res: { statusCode: 503 } });
});

it('a client that does not wait for the answer is told from one that got it', async () => {
  const leaving = new AbortController();
  handle = () => leaving.abort();
  await expect(ask('/', 'one', { signal: leaving.signal })).rejects.toThrow('aborted');
  await linesInAll(2);
  expect(linesOf('one')[1]).toMatchObject({ msg: 'request aborted' });
});

it('requests for the health have none', async () => {
  handle = (_request, response) => void response.end();
  await ask('/health/ready', 'health');
  await ask('/', 'one');
  await linesInAll(3);
  expect(linesOf('health')).toEqual([expect.objectContaining({ msg: 'at work' })]);
});
