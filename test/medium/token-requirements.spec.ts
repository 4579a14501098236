import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { describeProblems } from '../../src/platform/problem/problem-examples';
import { AnyValidToken } from '../../src/external-api/auth/scopes.decorator';
import { Public } from '../../src/platform/http/route-policy';
import { BARE_CHALLENGE, bearer, challengeOf, send, useGuardedApplication } from '../support/guarded-application';

const scene = useGuardedApplication();

describe('a scope', () => {
  it('that is there opens the route, and the handler gets the principal', async () => {
    expect(await send(scene.port, 'POST', '/probe/write', bearer(await scene.issuer.mint()))).toMatchObject({
      status: 201,
      body: { clientId: 'test-client' },
    });
  });

  it.each(['', 'read:jobs', 'create:job', 'create:jobs:all', 'CREATE:JOBS', 'partner:create:jobs', 'create:jobs\tread:jobs'])(
    'is missing among "%s"',
    async (scope) => {
      const answer = await send(scene.port, 'POST', '/probe/write', bearer(await scene.issuer.mint({ scope })));
      expect(answer).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
      expect(challengeOf(answer)).toBe(
        `${BARE_CHALLENGE}, error="insufficient_scope", error_description="The token needs the scope create:jobs.", scope="create:jobs"`,
      );
    },
  );

  it('of several is enough', async () => {
    for (const [scope, status] of [
      ['read:jobs', 200],
      ['create:jobs', 200],
      ['read:jobs:output-files', 403],
    ] as const)
      expect(await send(scene.port, 'GET', '/probe/any', bearer(await scene.issuer.mint({ scope })))).toMatchObject({ status });
  });
});

describe('a token without a client', () => {
  it('may not write, and no other scope would help', async () => {
    const answer = await send(scene.port, 'POST', '/probe/write', bearer(await scene.issuer.mint({ client_id: undefined })));
    expect(answer).toMatchObject({ status: 403, body: { code: 'client_missing' } });
    expect(challengeOf(answer)).toBe(BARE_CHALLENGE);
  });

  it('is told about the scope first', async () => {
    const token = await scene.issuer.mint({ client_id: undefined, scope: 'read:jobs' });
    expect(await send(scene.port, 'POST', '/probe/write', bearer(token))).toMatchObject({ body: { code: 'insufficient_scope' } });
  });

  it('may read', async () => {
    expect(await send(scene.port, 'GET', '/probe/any', bearer(await scene.issuer.mint({ client_id: undefined })))).toMatchObject({
      status: 200,
    });
  });
});

it.each([
  ['another', 'other'],
  ['with a quote', 'a"b'],
  ['with a line break', 'x\r\nSet-Cookie: a=b'],
  ['outside ASCII', 'ä'],
  ['of 5,000 characters', 'x'.repeat(5000)],
])('refuses a partner that is %s, with a header that stays whole', async (_, partner) => {
  const answer = await send(scene.port, 'POST', '/probe/partner', bearer(await scene.issuer.mint()), JSON.stringify({ partner }));
  expect(answer).toMatchObject({ status: 403, body: { code: 'partner_not_allowed' } });
  expect(challengeOf(answer)).toMatch(
    /^Bearer realm="slipway", error="insufficient_scope", error_description="[^"]*"(, scope="partner:other")?$/,
  );
  expect(answer.headers['set-cookie']).toBeUndefined();
});

describe('a route', () => {
  it('that does not say who may reach it is closed, to good tokens too', async () => {
    for (const headers of [[], bearer(await scene.issuer.mint())])
      expect(await send(scene.port, 'GET', '/probe/unsaid', headers)).toMatchObject({
        status: 500,
        body: { code: 'internal_error' },
      });
  });

  it('that is public is open without a token', async () => {
    expect(await send(scene.port, 'GET', '/probe/public')).toMatchObject({ status: 200, body: { text: 'open' } });
  });

  it('that is public has no principal', async () => {
    expect(await send(scene.port, 'GET', '/probe/public-principal', bearer(await scene.issuer.mint()))).toMatchObject({
      status: 500,
    });
  });

  it('documents its scope, its client and the problems that come of them', () => {
    const document = SwaggerModule.createDocument(scene.app, new DocumentBuilder().addBearerAuth().build());
    describeProblems(document);
    const operation = document.paths['/probe/write']?.post;
    expect(operation).toMatchObject({
      security: [{ bearer: [] }],
      description: 'Scope: `create:jobs`. The token names a client (`client_id` or `azp`).',
      responses: {
        401: {
          description: expect.stringMatching(/`token_missing`.*`token_invalid`.*`token_expired`/s) as string,
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemDto' } } },
        },
        403: { description: expect.stringMatching(/`insufficient_scope`.*`client_missing`/s) as string },
        503: { description: expect.stringMatching(/`external_api_disabled`.*`token_issuer_unavailable`/s) as string },
      },
    });
    expect(document.paths['/probe/partner']?.post?.responses).not.toHaveProperty('403');
    expect(document.paths['/probe/public']?.get?.security).toBeUndefined();
  });

  it('cannot have two policies', () => {
    expect(() => {
      class Twice {
        @Public()
        @AnyValidToken()
        handler(): void {}
      }
      return Twice;
    }).toThrow('Twice.handler has two policies: external_api_token and public.');
  });
});
