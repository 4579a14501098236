import { Body, Controller, Get, Module, Post } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AuthModule } from '../../src/external-api/auth/auth.module';
import { requirePartner } from '../../src/external-api/auth/partner-access';
import type { Principal } from '../../src/external-api/auth/principal';
import { CurrentPrincipal } from '../../src/external-api/auth/principal.decorator';
import { AnyValidToken, RequireAnyScope, RequireScope } from '../../src/external-api/auth/scopes.decorator';
import { TokenController } from '../../src/external-api/v1/token.controller';
import { ConfigModule } from '../../src/platform/config/config.module';
import { loadConfig } from '../../src/platform/config/load-config';
import { createHttpApplication } from '../../src/platform/http/http-application';
import { ClosedByDefaultGuard, Public } from '../../src/platform/http/route-policy';
import { HttpMetrics } from '../../src/platform/http/http-metrics';
import { LoggingModule } from '../../src/platform/logging/logging.module';
import { MetricsModule } from '../../src/platform/metrics/metrics.module';
import { startTestIssuer, type TestIssuer } from '../support/issuer';

@Controller('probe')
class ProbeController {
  @Get('unsaid')
  unsaid(): string {
    return 'open';
  }

  @Public()
  @Get('public')
  public(): string {
    return 'open';
  }

  @Public()
  @Get('public-principal')
  publicPrincipal(@CurrentPrincipal() principal: Principal): Principal {
    return principal;
  }

  @RequireScope('create:jobs', { client: true })
  @Post('write')
  write(@CurrentPrincipal() { clientId }: Principal): { clientId: string | null } {
    return { clientId };
  }

  @RequireAnyScope(['read:jobs', 'create:jobs'])
  @Get('any')
  any(): string {
    return 'open';
  }

  @AnyValidToken()
  @Post('partner')
  partner(@CurrentPrincipal() principal: Principal, @Body() { partner }: Record<string, string>): string {
    requirePartner(principal, partner ?? '', { pointer: '/partner' });
    return 'open';
  }
}

async function startApplication(issuer: string, audience: string): Promise<{ app: NestExpressApplication; port: number }> {
  const config = loadConfig(
    {
      EXTERNAL_API_TOKEN_ISSUER: issuer,
      EXTERNAL_API_TOKEN_AUDIENCE: audience,
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
      S3_BUCKET: 'unused',
      BUNDLE_REGISTRY: '/unused',
      LOG_LEVEL: 'silent',
    },
    'web',
  );
  @Module({
    imports: [ConfigModule.forRoot(config), LoggingModule, MetricsModule, AuthModule],
    controllers: [ProbeController, TokenController],
    providers: [HttpMetrics, { provide: APP_GUARD, useClass: ClosedByDefaultGuard }],
  })
  class ProbeModule {}
  const app = await createHttpApplication(ProbeModule);
  await app.listen(0, '127.0.0.1');
  return { app, port: (app.getHttpServer().address() as AddressInfo).port };
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Record<string, unknown> & { code?: string };
}

/** @param headers name, value, name, value, …: as they go over the wire, twice the same name included. */
function send(port: number, method: string, path: string, headers: string[] = [], body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    // Said for no body too: Node would send an empty one in chunks.
    const length = ['Content-Length', String(Buffer.byteLength(body ?? ''))];
    const json = body === undefined ? length : [...length, 'Content-Type', 'application/json'];
    const all = ['Host', `127.0.0.1:${port}`, 'Connection', 'close', ...json, ...headers];
    const outgoing = httpRequest({ host: '127.0.0.1', port, method, path, headers: all, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        const parsed = /json/.test(response.headers['content-type'] ?? '') ? (JSON.parse(text) as Answer['body']) : { text };
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: parsed });
      });
    });
    outgoing.on('error', reject).end(body);
  });
}

const bearer = (token: string): string[] => ['Authorization', `Bearer ${token}`];
const challengeOf = ({ headers }: Answer) => headers['www-authenticate'];
const BARE = 'Bearer realm="slipway"';
const now = () => Math.floor(Date.now() / 1000);

describe('with an issuer', () => {
  let issuer: TestIssuer;
  let app: NestExpressApplication;
  let port: number;
  beforeAll(async () => {
    issuer = await startTestIssuer();
    ({ app, port } = await startApplication(issuer.issuer, issuer.audience));
  });
  afterAll(() => Promise.all([app.close(), issuer.close()]));

  const verify = (headers: string[], body?: string) => send(port, 'POST', '/v1/token/verify', headers, body);

  describe('POST /v1/token/verify', () => {
    it.each([undefined, '{}'])('says what the token allows, for the body %s', async (body) => {
      const exp = now() + 100;
      const claims = {
        exp,
        scope: 'read:jobs partner:demo partner:a:b partner: partner:demo PARTNER:C',
        scp: ['create:jobs', 'partner:d'],
      };
      const answer = await verify(bearer(await issuer.mint(claims)), body);
      expect(answer).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
      expect(answer.body).toEqual({
        issuer: issuer.issuer,
        clientId: 'test-client',
        clientName: 'Test client',
        scopes: ['read:jobs', 'PARTNER:C', 'create:jobs'],
        partners: ['demo', 'a:b', 'd'],
        expiresAt: new Date(exp * 1000).toISOString(),
      });
    });

    it('takes a token without client and scopes', async () => {
      const token = await issuer.mint({ client_id: undefined, client_name: undefined, scope: undefined });
      expect((await verify(bearer(token))).body).toMatchObject({ clientId: null, clientName: null, scopes: [], partners: [] });
    });

    it.each([
      ['{"token":"x"}', 'unknown_field'],
      ['[]', 'invalid_request'],
      ['"x"', 'invalid_request'],
      ['{', 'malformed_json'],
    ])('refuses the body %s', async (body, code) => {
      expect(await verify(bearer(await issuer.mint()), body)).toMatchObject({ status: 400, body: { code } });
    });
  });

  describe('a missing token', () => {
    it.each([[[]], [['Authorization', 'Basic eDp5']], [['Authorization', 'Bearer']], [['Authorization', '']]])(
      'such as %j gets a bare challenge',
      async (headers) => {
        const answer = await verify(headers);
        expect(answer).toMatchObject({ status: 401, body: { code: 'token_missing', status: 401 } });
        expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
        expect(challengeOf(answer)).toBe(BARE);
      },
    );

    it('is one that came in the query, the body or a cookie', async () => {
      const token = await issuer.mint();
      const path = `/v1/token/verify?access_token=${token}&token=${token}`;
      const answer = await send(port, 'POST', path, ['Cookie', `access_token=${token}`], JSON.stringify({ access_token: token }));
      expect(answer).toMatchObject({ status: 401, body: { code: 'token_missing' } });
    });
  });

  it.each(['Bearer', 'bearer', 'BEARER'])('takes the scheme %s', async (scheme) => {
    expect(await verify(['Authorization', `${scheme} ${await issuer.mint()}`])).toMatchObject({ status: 200 });
  });

  it('takes a token of 16,384 bytes and refuses one of 17 KiB', async () => {
    const bytes = async (padding: number) => issuer.mint({ padding: 'x'.repeat(padding) });
    const base = (await bytes(0)).length;
    let token = '';
    for (let padding = Math.floor(((16_384 - base) * 3) / 4) - 4; token.length < 16_384; padding++) token = await bytes(padding);
    expect(token).toHaveLength(16_384);
    expect(await verify(bearer(token))).toMatchObject({ status: 200 });
    expect(await verify(bearer('a'.repeat(17 * 1024)))).toMatchObject({ status: 401, body: { code: 'token_invalid' } });
  });

  it('refuses two Authorization headers, whichever is good', async () => {
    const good = bearer(await issuer.mint());
    for (const headers of [
      [...good, ...good],
      [...good, ...bearer('x')],
      ['authorization', 'Basic x', ...good],
    ])
      expect(await verify(headers)).toMatchObject({ status: 401, body: { code: 'token_invalid' } });
  });

  it('says why a token is invalid, in the body and in the challenge', async () => {
    const answer = await verify(bearer(await issuer.mint({ aud: 'https://another.test' })));
    expect(answer).toMatchObject({
      status: 401,
      body: { code: 'token_invalid', detail: 'The token is for another audience (aud).' },
    });
    expect(challengeOf(answer)).toBe(
      `${BARE}, error="invalid_token", error_description="The token is for another audience (aud)."`,
    );
  });

  it('says that a token has expired', async () => {
    const answer = await verify(bearer(await issuer.mint({ exp: now() - 60 })));
    expect(answer).toMatchObject({ status: 401, body: { code: 'token_expired' } });
    expect(challengeOf(answer)).toMatch(
      /^Bearer realm="slipway", error="invalid_token", error_description="The token has expired[^"]*"$/,
    );
  });

  it('lets nothing of a token into a header', async () => {
    const evil = 'x"\r\nSet-Cookie: a=b';
    const token = await issuer.mint(
      { iss: evil, aud: evil, client_id: evil, scope: `partner:${evil}` },
      { header: { typ: evil } },
    );
    const answer = await verify(bearer(token));
    expect(answer.status).toBe(401);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(JSON.stringify(answer.headers)).not.toContain('a=b');
  });

  describe('a scope', () => {
    it('that is there opens the route, and the handler gets the principal', async () => {
      expect(await send(port, 'POST', '/probe/write', bearer(await issuer.mint()))).toMatchObject({
        status: 201,
        body: { clientId: 'test-client' },
      });
    });

    it.each(['', 'read:jobs', 'create:job', 'create:jobs:all', 'CREATE:JOBS', 'partner:create:jobs', 'create:jobs\tread:jobs'])(
      'is missing among "%s"',
      async (scope) => {
        const answer = await send(port, 'POST', '/probe/write', bearer(await issuer.mint({ scope })));
        expect(answer).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
        expect(challengeOf(answer)).toBe(
          `${BARE}, error="insufficient_scope", error_description="The token needs the scope create:jobs.", scope="create:jobs"`,
        );
      },
    );

    it('of several is enough', async () => {
      for (const [scope, status] of [
        ['read:jobs', 200],
        ['create:jobs', 200],
        ['read:jobs:output-files', 403],
      ] as const)
        expect(await send(port, 'GET', '/probe/any', bearer(await issuer.mint({ scope })))).toMatchObject({ status });
    });
  });

  describe('a token without a client', () => {
    it('may not write, and no other scope would help', async () => {
      const answer = await send(port, 'POST', '/probe/write', bearer(await issuer.mint({ client_id: undefined })));
      expect(answer).toMatchObject({ status: 403, body: { code: 'client_missing' } });
      expect(challengeOf(answer)).toBe(BARE);
    });

    it('is told about the scope first', async () => {
      const token = await issuer.mint({ client_id: undefined, scope: 'read:jobs' });
      expect(await send(port, 'POST', '/probe/write', bearer(token))).toMatchObject({ body: { code: 'insufficient_scope' } });
    });

    it('may read', async () => {
      expect(await send(port, 'GET', '/probe/any', bearer(await issuer.mint({ client_id: undefined })))).toMatchObject({
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
    const answer = await send(port, 'POST', '/probe/partner', bearer(await issuer.mint()), JSON.stringify({ partner }));
    expect(answer).toMatchObject({ status: 403, body: { code: 'partner_not_allowed' } });
    expect(challengeOf(answer)).toMatch(
      /^Bearer realm="slipway", error="insufficient_scope", error_description="[^"]*"(, scope="partner:other")?$/,
    );
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  describe('a route', () => {
    it('that does not say who may reach it is closed, to good tokens too', async () => {
      for (const headers of [[], bearer(await issuer.mint())])
        expect(await send(port, 'GET', '/probe/unsaid', headers)).toMatchObject({
          status: 500,
          body: { code: 'internal_error' },
        });
    });

    it('that is public is open without a token', async () => {
      expect(await send(port, 'GET', '/probe/public')).toMatchObject({ status: 200, body: { text: 'open' } });
    });

    it('that is public has no principal', async () => {
      expect(await send(port, 'GET', '/probe/public-principal', bearer(await issuer.mint()))).toMatchObject({ status: 500 });
    });

    it('documents its scope, its client and the problems that come of them', () => {
      const document = SwaggerModule.createDocument(app, new DocumentBuilder().addBearerAuth().build());
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
});

it('answers 503 with Retry-After while the issuer is down, and still says that a token is missing', async () => {
  const issuer = await startTestIssuer();
  const { app, port } = await startApplication(issuer.issuer, issuer.audience);
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
  const { app, port } = await startApplication('', '');
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
