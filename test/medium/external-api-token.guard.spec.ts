import { startTestIssuer } from '../support/issuer';
import {
  BARE_CHALLENGE,
  bearer,
  challengeOf,
  send,
  startGuardedApplication,
  useGuardedApplication,
} from '../support/guarded-application';

const scene = useGuardedApplication();
const verify = (headers: string[], body?: string) => send(scene.port, 'POST', '/v1/token/verify', headers, body);
const now = () => Math.floor(Date.now() / 1000);

describe('a missing token', () => {
  it.each([[[]], [['Authorization', 'Basic eDp5']], [['Authorization', 'Bearer']], [['Authorization', '']]])(
    'such as %j gets a bare challenge',
    async (headers) => {
      const answer = await verify(headers);
      expect(answer).toMatchObject({ status: 401, body: { code: 'token_missing', status: 401 } });
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(challengeOf(answer)).toBe(BARE_CHALLENGE);
    },
  );

  it('is one that came in the query, the body or a cookie', async () => {
    const token = await scene.issuer.mint();
    const path = `/v1/token/verify?access_token=${token}&token=${token}`;
    const answer = await send(
      scene.port,
      'POST',
      path,
      ['Cookie', `access_token=${token}`],
      JSON.stringify({ access_token: token }),
    );
    expect(answer).toMatchObject({ status: 401, body: { code: 'token_missing' } });
  });
});

it.each(['Bearer', 'bearer', 'BEARER'])('takes the scheme %s', async (scheme) => {
  expect(await verify(['Authorization', `${scheme} ${await scene.issuer.mint()}`])).toMatchObject({ status: 200 });
});

it('takes a token of 16,384 bytes; one more, or 17 KiB, is 401', async () => {
  const bytes = async (padding: number) => scene.issuer.mint({ padding: 'x'.repeat(padding) });
  const base = (await bytes(0)).length;
  let token = '';
  for (let padding = Math.floor(((16_384 - base) * 3) / 4) - 4; token.length < 16_384; padding++) token = await bytes(padding);
  expect(token).toHaveLength(16_384);
  expect(await verify(bearer(token))).toMatchObject({ status: 200 });
  for (const longer of [`${token}x`, 'a'.repeat(17 * 1024)])
    expect(await verify(bearer(longer))).toMatchObject({ status: 401, body: { code: 'token_invalid' } });
});

it('refuses two Authorization headers, whichever is good', async () => {
  const good = bearer(await scene.issuer.mint());
  for (const headers of [
    [...good, ...good],
    [...good, ...bearer('x')],
    ['authorization', 'Basic x', ...good],
  ])
    expect(await verify(headers)).toMatchObject({ status: 401, body: { code: 'token_invalid' } });
});

it('says why a token is invalid, in the body and in the challenge', async () => {
  const answer = await verify(bearer(await scene.issuer.mint({ aud: 'https://another.test' })));
  expect(answer).toMatchObject({
    status: 401,
    body: { code: 'token_invalid', detail: 'The token is for another audience (aud).' },
  });
  expect(challengeOf(answer)).toBe(
    `${BARE_CHALLENGE}, error="invalid_token", error_description="The token is for another audience (aud)."`,
  );
});

it('says that a token has expired', async () => {
  const answer = await verify(bearer(await scene.issuer.mint({ exp: now() - 60 })));
  expect(answer).toMatchObject({ status: 401, body: { code: 'token_expired' } });
  expect(challengeOf(answer)).toMatch(
    /^Bearer realm="slipway", error="invalid_token", error_description="The token has expired[^"]*"$/,
  );
});

it('lets nothing of a token into a header', async () => {
  const evil = 'x"\r\nSet-Cookie: a=b';
  const token = await scene.issuer.mint(
    { iss: evil, aud: evil, client_id: evil, scope: `partner:${evil}` },
    { header: { typ: evil } },
  );
  const answer = await verify(bearer(token));
  expect(answer.status).toBe(401);
  expect(answer.headers['set-cookie']).toBeUndefined();
  expect(JSON.stringify(answer.headers)).not.toContain('a=b');
});

it('answers 503 with Retry-After while the issuer is down, and still says that a token is missing', async () => {
  const issuer = await startTestIssuer();
  const { app, port } = await startGuardedApplication(issuer.issuer, issuer.audience);
  try {
    await issuer.goDown();
    const answer = await send(port, 'POST', '/v1/token/verify', bearer(await issuer.mint()));
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '1' }, body: { code: 'token_issuer_unavailable' } });
    expect(challengeOf(answer)).toBeUndefined();
    expect(await send(port, 'POST', '/v1/token/verify')).toMatchObject({ status: 401, body: { code: 'token_missing' } });
  } finally {
    await app.close();
  }
});

it('answers 503 to everybody without an issuer', async () => {
  const { app, port } = await startGuardedApplication('', '');
  try {
    for (const headers of [[], bearer('a.b.c'), ['Authorization', 'Basic x']]) {
      const answer = await send(port, 'POST', '/v1/token/verify', headers);
      expect(answer).toMatchObject({ status: 503, body: { code: 'external_api_disabled' } });
      expect(answer.headers['retry-after']).toMatch(/^\d+$/);
    }
    expect(await send(port, 'GET', '/probe/public')).toMatchObject({ status: 200 });
  } finally {
    await app.close();
  }
});
