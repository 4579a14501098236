import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject } from '@nestjs/swagger';
import { createApiDocument } from '../platform/http/api-document';
import { WebModule } from './web.module';

/** The document of the web page's API; the page's own types are made from the committed copy under test/contract. */
export function createWebApiDocument(app: INestApplication): OpenAPIObject {
  const options = new DocumentBuilder()
    .setTitle('Slipway Web API')
    .setDescription(
      'What the web page asks for. It changes with the page: programs use the External API.\n\n' +
        'To try an operation here, sign in on the page (`/`) in this browser first: requests are sent with the cookie of your session. ' +
        'One that changes something has to come from here or from the page, which is told by its `Origin`; there is no token to add.\n\n' +
        'A partner or tenant that the user may not reach is answered as one that there is not. Every error is ' +
        '`application/problem+json` (RFC 9457). Answers to somebody who is signed in have `RateLimit` and `RateLimit-Policy`, as those of ' +
        'the External API have.',
    )
    .setVersion('0')
    .addCookieAuth('slipway-session', {
      type: 'apiKey',
      in: 'cookie',
      description:
        'There is nothing to fill in here, since a browser sends its cookies itself: sign in on the page (`/`). ' +
        'On https the name of the cookie begins with `__Host-`.',
    })
    .build();
  return createApiDocument(app, WebModule, options);
}
