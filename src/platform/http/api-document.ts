import type { INestApplication, Type } from '@nestjs/common';
import { SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { describeProblems } from '../problem/problem-examples';

type Parameter = { required?: boolean; description?: string; example?: unknown; schema?: { example?: unknown } };

/** The document of one API. An operation is called as the controller's method is. */
export function createApiDocument(
  app: INestApplication,
  module: Type,
  options: Parameters<typeof SwaggerModule.createDocument>[1],
): OpenAPIObject {
  const document = SwaggerModule.createDocument(app, options, {
    include: [module],
    deepScanRoutes: true,
    operationIdFactory: (_controller, method) => method,
  });
  describeProblems(document);
  describeOptionalExamples(document);
  return document;
}

/**
 * Moves the examples of what may be left out into its description. Swagger UI fills them in and sends them, so that a list would be
 * filtered and a second request have the first one's `Idempotency-Key`, with nobody having asked for it.
 */
function describeOptionalExamples(document: OpenAPIObject): void {
  const operations = Object.values(document.paths).flatMap((item) => Object.values(item) as { parameters?: Parameter[] }[]);
  for (const parameter of operations.flatMap(({ parameters }) => parameters ?? [])) {
    const example = parameter.example ?? parameter.schema?.example;
    if (parameter.required || example === undefined) continue;
    delete parameter.example;
    delete parameter.schema?.example;
    parameter.description = `${parameter.description ?? ''} Example: \`${String(example)}\`.`.trim();
  }
}
