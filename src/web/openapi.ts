import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { describeProblems } from '../platform/problem/problem-examples';
import { WebModule } from './web.module';

/** The document of the web page's API; the page's own types are made from the committed copy under test/contract. */
export function createWebApiDocument(app: INestApplication): OpenAPIObject {
  const options = new DocumentBuilder()
    .setTitle('Slipway Web API')
    .setDescription(
      "What the web page asks for. It changes with the page: programs use the External API.\n\nWhoever is signed in has a session's " +
        'cookie. A request that changes something has to come from the page itself (`Origin`). A partner or tenant that the user may ' +
        'not reach is answered as one that there is not. Every error is `application/problem+json` (RFC 9457).\n\n' +
        'To try it out here, sign in on the page in the same browser: its session counts here, too.',
    )
    .setVersion('0')
    .addCookieAuth('slipway-session', {
      type: 'apiKey',
      in: 'cookie',
      description: 'Set by signing in; on https its name begins with `__Host-`.',
    })
    .build();
  const document = SwaggerModule.createDocument(app, options, {
    include: [WebModule],
    deepScanRoutes: true,
    operationIdFactory: (_controller, method) => method,
  });
  describeProblems(document);
  return document;
}
