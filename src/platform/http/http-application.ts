import { VersioningType, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { DynamicModule } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';
import { Logger } from 'nestjs-pino';
import { RequestLog } from '../logging/request-log';
import { Problem } from '../problem/problem';
import { ProblemFilter } from '../problem/problem.filter';
import { HttpAdapter, type HttpPatience } from './http-adapter';
import { HttpMetrics } from './http-metrics';
import { jsonBody } from './json-body';
import { formBody } from './form-body';
import { identifyRequest } from './request-id';
import { RequestValidationPipe } from './validation.pipe';

export interface HttpApplicationOptions {
  /** With slow clients. */
  readonly patience?: HttpPatience;
  /** The paths that take forms, because a standard says so; everywhere else a body is JSON. */
  readonly formPaths?: readonly string[];
}

/**
 * The web process's application, not yet listening: what stands before and behind every route is set up here, once, for
 * production, local mode and tests alike.
 */
export async function createHttpApplication(
  module: DynamicModule | Type,
  { patience, formPaths = [] }: HttpApplicationOptions = {},
): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(module, new HttpAdapter(patience), {
    bodyParser: false,
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(app.get(Logger));
  app.disable('x-powered-by');
  app.set('etag', false);
  // Repeated and nested parameters (`a[b]=c`) have no meaning in this API: they stay plain, and the DTOs refuse them.
  app.set('query parser', 'simple');
  app.use(app.get(HttpMetrics).observe);
  app.use(identifyRequest);
  app.use(securityHeaders);
  app.use(refuseLongUrl);
  app.use(app.get(RequestLog).observe);
  app.use(refuseOptions);
  if (formPaths.length > 0) app.use([...formPaths], formBody);
  app.use(jsonBody);
  app.enableVersioning({ type: VersioningType.URI });
  app.useGlobalPipes(new RequestValidationPipe());
  app.useGlobalFilters(new ProblemFilter());
  return app;
}

const securityHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: true,
    directives: {
      // Local mode is plain http on loopback.
      'upgrade-insecure-requests': null,
      'img-src': ["'self'", 'data:'],
    },
  },
});

/** As many octets as RFC 9110 §4.1 asks a server to take; the longest that is ours, a list's with all filters, is far below it. */
const MAX_URL_BYTES = 8_000;

/** Before anything else is made of it, the log's line included. */
function refuseLongUrl(request: Request, _response: Response, next: NextFunction): void {
  const tooLong = request.url.length > MAX_URL_BYTES;
  next(tooLong ? new Problem('uri_too_long', `The path and query are over ${MAX_URL_BYTES} bytes.`) : undefined);
}

/** Express answers OPTIONS by itself with a list of methods; to us it is a method that no route has. */
function refuseOptions(request: Request, _response: Response, next: NextFunction): void {
  next(request.method === 'OPTIONS' ? new Problem('route_not_found', 'No path here has the method OPTIONS.') : undefined);
}
