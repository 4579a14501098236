import { bearerChallenge } from './bearer-challenge';

it('is bare where nothing was wrong with a token', () => {
  expect(bearerChallenge()).toBe('Bearer realm="slipway"');
});

it('names the error, the reason and the scope', () => {
  expect(bearerChallenge({ error: 'insufficient_scope', description: 'Not that one.', scope: 'partner:a:b' })).toBe(
    'Bearer realm="slipway", error="insufficient_scope", error_description="Not that one.", scope="partner:a:b"',
  );
});

it.each([
  ['a line break', 'partner:a\r\nSet-Cookie: x=1'],
  ['a quote', 'partner:a", error="none'],
  ['a backslash', 'partner:a\\'],
  ['a character outside ASCII', 'partner:ä'],
  ['a DEL', 'partner:a\x7f'],
  ['two spaces', 'a  b'],
  ['nothing', ''],
  ['more than a header should hold', `partner:${'a'.repeat(200)}`],
])('leaves out a scope with %s', (_, scope) => {
  expect(bearerChallenge({ error: 'insufficient_scope', description: 'x', scope })).toBe(
    'Bearer realm="slipway", error="insufficient_scope", error_description="x"',
  );
});

it('lets no description out of its quotes', () => {
  expect(bearerChallenge({ error: 'invalid_token', description: 'a"b\\c\r\nd' })).toBe(
    'Bearer realm="slipway", error="invalid_token", error_description="a?b?c??d"',
  );
});
