import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { holdPort } from '../../src/local/held-port';

const HOST = '127.0.0.1';
const listen = async (port: number) => {
  const server = createServer().listen(port, HOST);
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
};

describe('a port that is held', () => {
  it('is nobody else’s until it is released, and then anybody’s', async () => {
    const held = await holdPort(HOST, 0);
    await expect(listen(held.port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await expect(holdPort(HOST, held.port)).rejects.toThrow(`Port ${held.port} is in use by another program.`);
    await held.release();
    await held.release();
    await listen(held.port);
  });

  it('lets nobody wait who connects to it', async () => {
    const held = await holdPort(HOST, 0);
    const socket = connect(held.port, HOST).on('error', () => undefined);
    await new Promise((resolve) => socket.once('close', resolve));
    await held.release();
  });
});
