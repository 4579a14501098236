import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject } from '@nestjs/swagger';
import { createApiDocument } from '../platform/http/api-document';
import { ExternalApiModule } from './external-api.module';
import { IDEMPOTENCY_KEY, IDEMPOTENCY_REPLAYED } from './idempotency/repeatable.decorator';

/** The External API's document; the committed copy under test/contract is the promise to partners. */
export function createExternalApiDocument(app: INestApplication): OpenAPIObject {
  const options = new DocumentBuilder()
    .setTitle('Slipway External API')
    .setDescription(
      'Submit assessment files, have them turned into Ed-Fi JSON by a bundle, and fetch the outputs: create a job, PUT its files to the ' +
        'URLs of the answer, start it, follow it until its status is final, list its output set, and make download links.\n\n' +
        'Every request needs an access token (`Authorization: Bearer …`) with the scope of its operation and `partner:<code>` of ' +
        'the partner that it is about. Every error is `application/problem+json` (RFC 9457); programs go by its `code`.',
    )
    .setVersion('1')
    .addBearerAuth({
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description:
        'An access token (a JWT as in RFC 9068), here without the word `Bearer` before it. A client gets one from the issuer that ' +
        '`/.well-known/oauth-protected-resource` names, by the client credentials grant; local mode prints the lines for it. ' +
        'Verify a token (`/v1/token/verify`) says what it allows.',
    })
    .build();
  const document = createApiDocument(app, ExternalApiModule, options);
  describeCommonHeaders(document);
  return document;
}

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Headers = Record<string, { description: string; schema: { type: 'string' } }>;
const COMMON_HEADERS: Headers = {
  'X-Request-Id': { description: "The request's id: its own `X-Request-Id`, or a new one.", schema: { type: 'string' } },
};
const RATE_LIMIT_HEADERS: Headers = {
  RateLimit: {
    description: 'How many requests the client has left (`r`), and in how many seconds there is one more (`t`).',
    schema: { type: 'string' },
  },
  'RateLimit-Policy': {
    description: 'How many requests the client may send at once (`q`), and in how many seconds as many come back (`w`).',
    schema: { type: 'string' },
  },
};

const REPLAYED_HEADER: Headers = {
  [IDEMPOTENCY_REPLAYED]: { description: '`true` where the answer is that of an earlier request.', schema: { type: 'string' } },
};

/** What every answer has, and every answer to a client that is known; an error may come before it is. */
function describeCommonHeaders(document: OpenAPIObject): void {
  for (const { parameters, responses } of Object.values(document.paths).flatMap((item) => Object.values(item) as Operation[])) {
    const repeatable = parameters?.some((parameter) => 'name' in parameter && parameter.name === IDEMPOTENCY_KEY);
    for (const [status, response] of Object.entries(responses)) {
      if (!response || '$ref' in response) continue;
      const succeeds = status < '400';
      response.headers = {
        ...response.headers,
        ...COMMON_HEADERS,
        ...(succeeds || status === '429' ? RATE_LIMIT_HEADERS : {}),
        ...(succeeds && repeatable ? REPLAYED_HEADER : {}),
      };
    }
  }
}
