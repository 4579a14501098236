import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import { request as requestTls } from 'node:https';
import type { AddressInfo } from 'node:net';
import { AddressPolicy } from '../../src/platform/outbound/address-policy';
import { guardedAgents, type ResolveHost } from '../../src/platform/outbound/guarded-agents';

let server: Server;
let port: number;
let connections = 0;

beforeAll(async () => {
  server = createServer((_request, response) => response.end('reached')).on('connection', () => connections++);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
beforeEach(() => (connections = 0));
afterAll(() => void server.close());

/** Resolves each name to the next of its lists of addresses, and to the last one ever after. */
function resolver(answers: Record<string, string[][]>): ResolveHost {
  const resolve = (host: string, _options: unknown, done: (error: Error | null, found: LookupAddress[]) => void): void => {
    const lists = answers[host] ?? [];
    const addresses = lists.length > 1 ? lists.shift() : lists[0];
    if (!addresses) return done(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }), []);
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  return resolve as ResolveHost;
}

/** @returns the answer's status, or the error's code. */
async function get(url: string, resolve: ResolveHost, policy = new AddressPolicy()): Promise<number | string> {
  const agents = guardedAgents(policy, resolve);
  const sent = url.startsWith('https:') ? requestTls(url, { agent: agents.https }) : request(url, { agent: agents.http });
  try {
    const [response] = (await once(sent.end(), 'response')) as [{ statusCode: number; resume(): void }];
    response.resume();
    return response.statusCode;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

describe('an agent for hosts that somebody outside chose', () => {
  it.each(['http', 'https'])('does not connect over %s to an address that is not public', async (scheme) => {
    const none = resolver({});
    for (const host of ['127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '0.0.0.0', '2130706433', '0x7f.1', '169.254.169.254'])
      expect([host, await get(`${scheme}://${host}:${port}/`, none)]).toEqual([host, 'ADDRESS_REFUSED']);
    expect(connections).toBe(0);
  });

  it.each(['http', 'https'])('does not connect over %s to a name that resolves to such addresses only', async (scheme) => {
    const resolve = resolver({ 'hooks.example.org': [['127.0.0.1', '::1', '10.0.0.1', '::ffff:127.0.0.1']] });
    expect(await get(`${scheme}://hooks.example.org:${port}/`, resolve)).toBe('ADDRESS_REFUSED');
    expect(connections).toBe(0);
  });

  it('does not connect to a name that was public when it was first looked up', async () => {
    const policy = new AddressPolicy(['127.0.0.1/32']);
    const resolve = resolver({ 'rebinding.example.org': [['127.0.0.1'], ['127.0.0.2']] });
    const url = `http://rebinding.example.org:${port}/`;
    expect(await get(url, resolve, policy)).toBe(200);
    expect(await get(url, resolve, policy)).toBe('ADDRESS_REFUSED');
    expect(connections).toBe(1);
  });

  it('connects to the address that was checked, and to no other of the name', async () => {
    const resolve = resolver({ 'mixed.example.org': [['10.0.0.1', '127.0.0.1', '169.254.169.254']] });
    expect(await get(`http://mixed.example.org:${port}/`, resolve, new AddressPolicy(['127.0.0.0/8']))).toBe(200);
    expect(connections).toBe(1);
  });

  it('says of a name that is not there that it is not', async () => {
    expect(await get(`http://nowhere.example.org:${port}/`, resolver({}))).toBe('ENOTFOUND');
  });
});
