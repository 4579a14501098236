import { localPath } from './local-path';

describe('the way back after the sign-in', () => {
  it.each(['/', '/partners/demo/tenants/north/jobs?status=failed', '/admin/users'])('leads to %s', (path) => {
    expect(localPath(path)).toBe(path);
  });

  it.each([null, '', 'https://evil.example', '//evil.example/x', '/\\evil.example', '/\t/evil.example', 'javascript:alert(1)'])(
    'does not lead away: %j',
    (path) => {
      expect(localPath(path)).toBe('/');
    },
  );

  it('leaves no second slash at the front, which would be a host', () => {
    expect(localPath('/.//evil.example')).toBe('/evil.example');
  });
});
