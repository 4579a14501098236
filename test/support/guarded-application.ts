import { Body, Controller, Get, Module, Post } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
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
import { startTestIssuer, type TestIssuer } from './issuer';

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

export interface GuardedApplication {
  readonly app: NestExpressApplication;
  readonly port: number;
}

/** The routes above and `POST /v1/token/verify` behind the product's guards, without a database; an empty issuer is none. */
export async function startGuardedApplication(issuer: string, audience: string): Promise<GuardedApplication> {
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

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Record<string, unknown> & { code?: string };
}

/** @param headers name, value, name, value, …: as they go over the wire, twice the same name included. */
export function send(port: number, method: string, path: string, headers: string[] = [], body?: string): Promise<Answer> {
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

/** The header with a token, for `send`. */
export const bearer = (token: string): string[] => ['Authorization', `Bearer ${token}`];

export const challengeOf = ({ headers }: Answer) => headers['www-authenticate'];

/** The challenge of a request that has no token. */
export const BARE_CHALLENGE = 'Bearer realm="slipway"';

/** For a spec file: an issuer and the application that trusts it, there from before the first test to after the last. */
export function useGuardedApplication(): Readonly<GuardedApplication & { issuer: TestIssuer }> {
  const scene = {} as GuardedApplication & { issuer: TestIssuer };
  beforeAll(async () => {
    const issuer = await startTestIssuer();
    Object.assign(scene, { issuer }, await startGuardedApplication(issuer.issuer, issuer.audience));
  });
  afterAll(() => Promise.all([scene.app.close(), scene.issuer.close()]));
  return scene;
}
