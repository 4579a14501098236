import { outboundUrlFault } from './outbound-url';

const production = { allowedCidrs: [], httpOnLoopback: false };
const local = { allowedCidrs: ['127.0.0.0/8', '::1/128'], httpOnLoopback: true };

describe('a URL that somebody outside chose', () => {
  it.each([
    'https://hooks.example.org/slipway',
    'https://hooks.example.org:8443/slipway?token=abc&x=%20',
    'https://8.8.8.8/',
    'https://[2606:4700::1111]/',
    'HTTPS://Hooks.Example.org',
  ])('may be %s', (url) => {
    expect(outboundUrlFault(url, production)).toBeNull();
    expect(outboundUrlFault(url, local)).toBeNull();
  });

  it.each([
    ['', 'absolute URL'],
    ['/slipway', 'absolute URL'],
    ['hooks.example.org', 'absolute URL'],
    ['https://', 'absolute URL'],
    ['http://hooks.example.org/', 'https'],
    ['http://127.0.0.1.example.org/', 'https'],
    ['ftp://hooks.example.org/', 'https'],
    ['file:///etc/passwd', 'https'],
    ['https://user@hooks.example.org/', 'user name'],
    ['https://:secret@hooks.example.org/', 'password'],
    ['https://hooks.example.org/#x', 'fragment'],
    ['https://hooks.example.org/#', 'fragment'],
    ['https://10.0.0.1/', 'private'],
    ['https://169.254.169.254/latest/meta-data', 'private'],
    ['https://[::ffff:10.0.0.1]/', 'private'],
    ['https://[fe80::1]/', 'private'],
    ['https://0/', 'private'],
    ['https://0xa000001/', 'private'],
    ['https://012.0.0.1/', 'private'],
  ])('may not be %j', (url, reason) => {
    expect(outboundUrlFault(url, production)).toContain(reason);
    expect(outboundUrlFault(url, local)).toContain(reason);
  });

  it.each([
    'http://127.0.0.1:4000/',
    'http://localhost:4000/',
    'http://[::1]:4000/',
    'https://localhost/',
    'https://a.localhost./',
  ])('may be %s in local mode only', (url) => {
    expect(outboundUrlFault(url, local)).toBeNull();
    expect(outboundUrlFault(url, production)).not.toBeNull();
    expect(outboundUrlFault(url, { ...local, allowedCidrs: [] })).toContain('loopback');
  });
});
