import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROBLEMS } from '../src/platform/problem/problem-codes';
import { documentOf, type Schema } from './support/api-document';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly example?: unknown;
  readonly schema: Schema;
}
interface Media {
  readonly schema: Schema;
  readonly examples?: Readonly<Record<string, { readonly $ref?: string }>>;
}
interface Response {
  readonly description: string;
  readonly content?: Readonly<Record<string, Media>>;
}
interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
  readonly responses: Readonly<Record<string, Response>>;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, { readonly properties?: Readonly<Record<string, Schema>> }>>;
    readonly examples: Readonly<Record<string, { readonly value: { readonly status: number; readonly code: string } }>>;
  };
}

/** What a developer sees at `/docs`: what the page shows as examples, and what it sends when something is tried. */
describe.each(['external-api.v1', 'web-api'])('the document %s, for who reads and tries it', (name) => {
  const file = join(__dirname, `contract/${name}.openapi.json`);
  const document = JSON.parse(readFileSync(file, 'utf8')) as Document;
  const compared = documentOf(file);
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ name: `${method} ${path}`, path, operation })),
  );
  const properties = Object.entries(document.components.schemas).flatMap(([dto, schema]) =>
    Object.entries(schema.properties ?? {}).map(([property, value]) => ({ name: `${dto}.${property}`, schema: value })),
  );

  it('says of every operation, parameter and good answer what it is', () => {
    const silent = operations.flatMap(({ name: operation, operation: { summary, description, parameters = [], responses } }) => [
      ...(summary && description ? [] : [operation]),
      ...parameters.filter((parameter) => !parameter.description).map((parameter) => `${operation} ${parameter.name}`),
      ...Object.entries(responses)
        .filter(([status, response]) => status < '400' && !response.description)
        .map(([status]) => `${operation} ${status}`),
    ]);
    expect(silent).toEqual([]);
  });

  it('has a parameter for every name in a path', () => {
    for (const {
      name: operation,
      path,
      operation: { parameters = [] },
    } of operations) {
      const inPath = parameters.filter((parameter) => parameter.in === 'path').map((parameter) => parameter.name);
      const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
      expect([operation, inPath.sort()]).toEqual([operation, names.sort()]);
    }
  });

  it('has no example of what may be left out, which Swagger UI would send', () => {
    const sent = operations.flatMap(({ name: operation, operation: { parameters = [] } }) =>
      parameters
        .filter(({ required, example, schema }) => !required && (example ?? schema.example) !== undefined)
        .map((parameter) => `${operation} ${parameter.name}`),
    );
    expect(sent).toEqual([]);
  });

  it('has an example of every property of which one could be made up', () => {
    const made = properties
      .filter(
        ({ schema }) =>
          schema.example === undefined &&
          schema.enum === undefined &&
          schema.default === undefined &&
          (['string', 'integer', 'number'].includes(schema.type as string) || typeof schema.additionalProperties === 'object'),
      )
      .map((property) => property.name);
    expect(made).toEqual([]);
  });

  it('has examples that are as the schema says', () => {
    const wrong = properties
      .filter(({ schema }) => schema.example !== undefined)
      .map(({ name: property, schema }) => [property, compared.mismatch(schema, JSON.stringify(schema.example))])
      .filter(([, mismatch]) => mismatch !== null);
    expect(wrong).toEqual([]);
  });

  it('shows for every error each of its problems, under its own status and code', () => {
    const problem = { $ref: '#/components/schemas/ProblemDto' };
    for (const {
      name: operation,
      operation: { responses },
    } of operations)
      for (const [status, { description, content }] of Object.entries(responses)) {
        const examples = content?.['application/problem+json']?.examples;
        if (status < '400') continue;
        const codes = [...description.matchAll(/`([a-z_]+)`:/g)].map(([, code]) => code);
        expect([operation, status, Object.keys(examples ?? {})]).toEqual([operation, status, codes]);
        for (const [code, { $ref = '' }] of Object.entries(examples ?? {})) {
          const example = document.components.examples[$ref.split('/').pop() ?? '']?.value;
          expect([operation, example?.status, example?.code]).toEqual([operation, Number(status), code]);
          expect([code in PROBLEMS, compared.mismatch(problem, JSON.stringify(example))]).toEqual([true, null]);
        }
      }
  });
});
