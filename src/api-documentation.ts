import type { INestApplication } from '@nestjs/common';
import { SwaggerModule } from '@nestjs/swagger';
import { createExternalApiDocument } from './external-api/openapi';
import { createWebApiDocument } from './web/openapi';

/** Swagger UI at `/docs` for both APIs, their documents at `/docs/v1.json` and `/docs/web.json`. */
export function serveDocumentation(app: INestApplication): void {
  SwaggerModule.setup('docs/web', app, () => createWebApiDocument(app), {
    ui: false,
    jsonDocumentUrl: '/docs/web.json',
    yamlDocumentUrl: '/docs/web.yaml',
  });
  SwaggerModule.setup('docs', app, () => createExternalApiDocument(app), {
    jsonDocumentUrl: '/docs/v1.json',
    yamlDocumentUrl: '/docs/v1.yaml',
    customSiteTitle: 'Slipway API',
    explorer: true,
    swaggerOptions: {
      persistAuthorization: false,
      displayRequestDuration: true,
      urls: [
        { name: 'External API v1', url: '/docs/v1.json' },
        { name: 'Web API', url: '/docs/web.json' },
      ],
    },
  });
}
