import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { ExternalApiModule } from './external-api.module';

/** The External API's document; the committed copy under test/contract is the promise to partners. */
export function createExternalApiDocument(app: INestApplication): OpenAPIObject {
  const options = new DocumentBuilder()
    .setTitle('Slipway External API')
    .setDescription(
      'Submit assessment files, have them turned into Ed-Fi JSON by a bundle, and fetch the outputs.\n\n' +
        'Every request needs an access token (`Authorization: Bearer …`) with the scope of its operation and `partner:<code>` of ' +
        'the partner that it is about. Every error is `application/problem+json` (RFC 9457); programs go by its `code`.',
    )
    .setVersion('1')
    .addBearerAuth({
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description: "An access token of this installation's issuer (RFC 9068).",
    })
    .build();
  return SwaggerModule.createDocument(app, options, {
    include: [ExternalApiModule],
    deepScanRoutes: true,
    operationIdFactory: (_controller, method) => method,
  });
}

/** Swagger UI at `/docs`, the document at `/docs/v1.json`. */
export function serveDocumentation(app: INestApplication): void {
  SwaggerModule.setup('docs', app, () => createExternalApiDocument(app), {
    jsonDocumentUrl: '/docs/v1.json',
    yamlDocumentUrl: '/docs/v1.yaml',
    customSiteTitle: 'Slipway API',
    swaggerOptions: { persistAuthorization: false, displayRequestDuration: true },
  });
}
