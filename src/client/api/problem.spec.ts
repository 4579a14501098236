import { toProblemError } from './problem';

const answer = (headers: Record<string, string> = {}) => ({ status: 429, headers: new Headers(headers) });

it('takes over what the server says, and for how long to wait', () => {
  const body = { code: 'rate_limited', detail: 'Too fast.', requestId: 'r' };
  expect(toProblemError(answer({ 'Retry-After': '7' }), body)).toMatchObject({
    ...{ status: 429, code: 'rate_limited', detail: 'Too fast.', errors: [], requestId: 'r' },
    retryAfter: 7,
  });
});

it.each([
  ['nothing', {}],
  ['a date', { 'Retry-After': 'Wed, 25 Nov 2026 18:00:00 GMT' }],
])('has no wait where the server says %s of it', (_, headers) => {
  expect(toProblemError(answer(headers), { code: 'rate_limited' }).retryAfter).toBeNull();
});

it.each([undefined, 'too many', {}, { code: 1 }])('understands nothing of %j, which is no problem of ours', (body) => {
  expect(toProblemError(answer(), body)).toMatchObject({ status: 429, code: 'unreachable' });
});
