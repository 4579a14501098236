import { AddressPolicy, isCidr } from './address-policy';

describe('the address policy', () => {
  const policy = new AddressPolicy();

  it.each([
    ...['8.8.8.8', '1.1.1.1', '93.184.216.34', '100.63.255.255', '100.128.0.0', '172.15.255.255', '172.32.0.0', '192.0.1.1'],
    ...['198.17.255.255', '198.20.0.0', '223.255.255.255', '2606:4700::1111', '2a00:1450:4001::1', '2001:4860:4860::8888'],
  ])('allows %s', (address) => expect(policy.allows(address)).toBe(true));

  it.each([
    ['this network', ['0.0.0.0', '0.1.2.3']],
    ['loopback', ['127.0.0.1', '127.255.255.254', '::1', '0:0:0:0:0:0:0:1']],
    ['private', ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fd12:3456::1', 'fec0::1']],
    ['link-local', ['169.254.0.1', 'fe80::1', 'fe80::1%eth0']],
    ['metadata', ['169.254.169.254', '169.254.170.2', '100.100.100.200', '192.0.0.192', '168.63.129.16', 'fd00:ec2::254']],
    ['carrier NAT', ['100.64.0.1', '100.127.255.255']],
    ['multicast and broadcast', ['224.0.0.1', '239.255.255.255', '255.255.255.255', 'ff02::1']],
    [
      'reserved, benchmarks, documentation',
      ['240.0.0.1', '198.18.0.1', '192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1'],
    ],
    [
      'IPv4 inside IPv6',
      ['::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:8.8.8.8', '::127.0.0.1', '64:ff9b::7f00:1', '64:ff9b:1::1', '2002:7f00:1::'],
    ],
    ['tunnels and other protocols', ['2001::1', '2001:10::1', '192.88.99.1', '100::1', '5f00::1']],
    ['no address', ['', 'localhost', '127.1', '0x7f000001', '2130706433', '256.1.1.1']],
  ])('refuses %s', (_name, addresses) => {
    for (const address of addresses) expect([address, policy.allows(address)]).toEqual([address, false]);
  });

  it('allows the ranges that it was given, whatever they are, and nothing beside them', () => {
    const lenient = new AddressPolicy(['127.0.0.0/8', 'fd12::/16']);
    for (const address of ['127.0.0.1', '::ffff:127.0.0.1', 'fd12::1', '8.8.8.8']) expect(lenient.allows(address)).toBe(true);
    for (const address of ['10.0.0.1', '::1', 'fd13::1']) expect(lenient.allows(address)).toBe(false);
  });

  it.each(['10.0.0.0/8', '0.0.0.0/0', '::1/128', 'fd00::/8'])('takes %s as a range', (text) => expect(isCidr(text)).toBe(true));
  it.each(['10.0.0.0', '10.0.0.0/33', '::/129', '10.0.0/8', 'a/8', '10.0.0.0/8/8', '10.0.0.0/-1', '10.0.0.0/', 'fe80::%1/64'])(
    'does not take %s as a range',
    (text) => expect(isCidr(text)).toBe(false),
  );
});
