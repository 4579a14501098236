import { resolve } from 'node:path';
import { parseRegistrySource, redactCredentials } from './registry-source';

describe('where the registry comes from', () => {
  it.each([
    ['https://github.com/example/bundles.git#v2', 'https://github.com/example/bundles.git', 'v2'],
    ['https://github.com/example/bundles', 'https://github.com/example/bundles', null],
    ['ssh://git@git.example.org:2222/bundles#release/2026', 'ssh://git@git.example.org:2222/bundles', 'release/2026'],
    ['git@git.example.org:team/bundles.git#main', 'git@git.example.org:team/bundles.git', 'main'],
    ['file:///srv/bundles#v1.0', 'file:///srv/bundles', 'v1.0'],
    ['/srv/bundles.git', '/srv/bundles.git', null],
    ['../bundles#develop', resolve('../bundles'), 'develop'],
  ])('takes %s as a git repository', (text, url, ref) => {
    expect(parseRegistrySource(text)).toMatchObject({ kind: 'git', url, ref });
  });

  it.each(['bundles', '/srv/bundles', './my bundles', ' bundles '])('takes %j as a directory', (text) => {
    expect(parseRegistrySource(text)).toMatchObject({ kind: 'directory', directory: resolve(text.trim()) });
  });

  it.each([
    '',
    '--upload-pack=touch /tmp/x',
    '-#main',
    '#main',
    'http://example.org/bundles.git',
    'ext::sh -c whoami#main',
    'ssh://-oProxyCommand=whoami/x',
    'git://example.org/bundles',
    'https://example.org/bundles.git#--upload-pack=whoami',
    'https://example.org/bundles.git#',
    'https://example.org/bundles.git#a..b',
    'https://example.org/bundles.git#a b',
    'https://example.org/bundles.git#a:b',
    'https://#main',
  ])('never gives %j to git', (text) => {
    const source = parseRegistrySource(text);
    // `ext::…` is no URL of git's here but a path, which git refuses to find.
    if (source.kind === 'git') expect(source.url).toMatch(/^\//);
    else expect(source.kind).toBe('invalid');
  });

  it('shows no credentials', () => {
    expect(parseRegistrySource('https://bot:t0ken@git.example.org/bundles.git#main').display).toBe(
      'https://***@git.example.org/bundles.git#main',
    );
    expect(redactCredentials("fatal: unable to access 'https://a:p@ss@host/x?token=1': no")).toBe(
      "fatal: unable to access 'https://***@host/x?***': no",
    );
  });
});
