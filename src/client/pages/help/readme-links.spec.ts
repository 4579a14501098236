import { readmeLink } from './readme-links';

describe('a link of a README', () => {
  it('leads to other sites and to places of the text', () => {
    expect(readmeLink('https://example.org/a')).toEqual({ href: 'https://example.org/a', external: true });
    expect(readmeLink('mailto:help@example.org')).toEqual({ href: 'mailto:help@example.org', external: true });
    expect(readmeLink('#user-content-fn-1')).toEqual({ href: '#user-content-fn-1', external: false });
  });

  it.each([
    undefined,
    '',
    '#',
    'data/sample.csv',
    '../README.md',
    '/admin/users',
    '//example.org',
    'javascript:alert(1)',
    'data:text/html,x',
  ])('leads nowhere for %s', (href) => expect(readmeLink(href)).toBeNull());
});
