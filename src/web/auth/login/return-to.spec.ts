import { safeReturnTo } from './return-to';

it.each(['/', '/partners/demo/tenants/north/jobs?status=failed&search=a%20b', '/help/assessments/A#columns'])(
  'keeps %s',
  (path) => {
    expect(safeReturnTo(path)).toBe(path);
  },
);

it.each([
  undefined,
  '',
  'https://evil.test',
  'https:evil.test',
  '//evil.test',
  '///evil.test',
  '/\\evil.test',
  '\\\\evil.test',
  '/\t/evil.test',
  '/\n/evil.test',
  '/.//evil.test',
  '/a/..//evil.test',
  '/%2e//evil.test',
  'javascript:alert(1)',
  'jobs',
  '?a=b',
  '/api/auth/login',
  '/API/auth/login',
  '/api',
  `/${'a'.repeat(500)}`,
])('goes home instead of to %j', (path) => {
  expect(safeReturnTo(path)).toBe('/');
});

it('lets nothing into the header that could end it', () => {
  expect(safeReturnTo('/a\r\nSet-Cookie: b=c')).not.toMatch(/[\r\n]/);
});
