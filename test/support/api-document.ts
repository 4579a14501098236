import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv, { type ValidateFunction } from 'ajv';

/** The committed document of the External API, which is the promise to partners. */
export const API_DOCUMENT = join(__dirname, '../contract/external-api.v1.openapi.json');
/** And that of the web page's API, which the page's types are made of. */
const WEB_API_DOCUMENT = join(__dirname, '../contract/web-api.openapi.json');

export type Schema = Readonly<Record<string, unknown>>;
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
}
interface DocumentedAnswer {
  readonly description: string;
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}
export interface Operation {
  readonly method: string;
  /** With its parameters in braces. */
  readonly path: string;
  readonly operationId: string;
  readonly parameters: readonly Parameter[];
  /** Of a JSON body. */
  readonly body: Schema | null;
  readonly responses: Readonly<Record<string, DocumentedAnswer>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}
interface DocumentedOperation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, DocumentedAnswer>>;
}

/** A document, and what compares answers with it. */
class ApiDocument {
  /** Those with fewer parameters first, so that the first whose path fits is the one that is meant. */
  readonly operations: readonly Operation[];
  private readonly document: Document;
  private readonly validators = new WeakMap<object, ValidateFunction>();
  private readonly ajv: Ajv;

  constructor(file: string) {
    this.document = JSON.parse(readFileSync(file, 'utf8')) as Document;
    this.operations = Object.entries(this.document.paths)
      .flatMap(([path, item]) =>
        Object.entries(item).map(([method, { parameters = [], requestBody, responses, operationId }]) => ({
          method,
          path,
          operationId,
          parameters,
          body: requestBody?.content['application/json']?.schema ?? null,
          responses,
        })),
      )
      .sort((left, right) => left.path.split('{').length - right.path.split('{').length);
    this.ajv = new Ajv({
      strict: false,
      allErrors: true,
      formats: {
        uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
        email: /^[^@\s]+@[^@\s]+$/,
        date: /^\d{4}-\d\d-\d\d$/,
        'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
        uri: (text: string) => URL.canParse(text),
      },
    }).addSchema({ $id: 'document', components: toJsonSchema(this.document.components) as object });
  }

  /** A schema of the document with its reference, if it is one, followed. */
  resolved(schema: Schema): Schema {
    const name = typeof schema.$ref === 'string' ? schema.$ref.split('/').pop() : undefined;
    return name === undefined ? schema : (this.document.components.schemas[name] ?? schema);
  }

  operationOf(method: string, path: string): Operation | undefined {
    const [pathname = ''] = path.split('?');
    return this.operations.find(
      (operation) =>
        operation.method === method.toLowerCase() && patternOf(operation.path).test(pathname) && isDecodable(pathname),
    );
  }

  /** What keeps a text from being JSON of a schema of the document, or null. */
  mismatch(schema: Schema, text: string): string | null {
    let validate = this.validators.get(schema);
    if (!validate) {
      validate = this.ajv.compile(toJsonSchema(schema) as object);
      this.validators.set(schema, validate);
    }
    return validate(JSON.parse(text)) ? null : this.ajv.errorsText(validate.errors, { dataVar: 'body' });
  }
}

export const documentOf = (file: string): ApiDocument => new ApiDocument(file);

const externalApi = new ApiDocument(API_DOCUMENT);
const webApi = new ApiDocument(WEB_API_DOCUMENT);

export const OPERATIONS = externalApi.operations;
export const WEB_OPERATIONS = webApi.operations;

/** A schema of the External API's document with its reference, if it is one, followed. */
export const resolved = (schema: Schema): Schema => externalApi.resolved(schema);

/** The requests that could not be read, whatever they were for. */
const CODES_BEFORE_ROUTING = ['request_timeout', 'uri_too_long', 'headers_too_large'];
/** Of a body that was sent where none belongs, and that could not be read either. */
const CODES_OF_BODIES = ['payload_too_large', 'malformed_json', 'unsupported_media_type'];
/** What is said of a path or method that there is not. */
const CODES_WITHOUT_ROUTE = [
  ...['route_not_found', 'token_missing', 'token_invalid', 'token_expired', 'external_api_disabled'],
  ...['login_disabled', 'cross_origin_request'],
];

/**
 * Compares an answer with the document of the path's API: its status, content type, the shape of its body with nothing beside it, and for an
 * error its code.
 *
 * @param path as requested, with the query
 * @returns what is not as documented, or null
 */
export function undocumentedIn(method: string, path: string, { status, headers, text }: Answer): string | null {
  if (!headers.get('x-request-id')) return 'there is no X-Request-Id';
  const contentType = headers.get('content-type')?.split(';')[0] ?? null;
  const document = path.startsWith('/api/') ? webApi : externalApi;
  const operation = document.operationOf(method, path);
  if (status >= 400) {
    if (contentType !== 'application/problem+json') return `the content type of an error is ${contentType}`;
    const wrong = document.mismatch({ $ref: '#/components/schemas/ProblemDto' }, text);
    if (wrong !== null) return wrong;
    const problem = JSON.parse(text) as { code: string; status: number };
    if (problem.status !== status) return `the problem says ${problem.status}`;
    const described = operation?.responses[status]?.description.includes(`\`${problem.code}\``);
    const known = [
      ...CODES_BEFORE_ROUTING,
      ...(operation?.body ? [] : CODES_OF_BODIES),
      ...(operation ? [] : CODES_WITHOUT_ROUTE),
    ].includes(problem.code);
    return described || known ? null : `${problem.code} is not documented`;
  }
  const documented = operation?.responses[status];
  if (!documented) return 'the status is not documented';
  // Express gives a redirect a sentence.
  if (status >= 300) return null;
  if (!documented.content) return text === '' ? null : 'there is a body';
  const content = documented.content[contentType ?? ''];
  if (!content) return `the content type ${contentType} is not documented`;
  return contentType === 'application/json' ? document.mismatch(content.schema, text) : null;
}

/** A bundle's path has slashes. */
const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replace(/\{(\w+)\}/g, (_, name) => (name === 'path' ? '.+' : '[^/]+'))}$`);

function isDecodable(pathname: string): boolean {
  try {
    decodeURIComponent(pathname);
    return true;
  } catch {
    return false;
  }
}

/** OpenAPI 3.0 has `nullable` where JSON Schema has a type; and here an object has what is documented and nothing else. */
function toJsonSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(toJsonSchema);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { nullable, example: _example, ...rest } = schema as Record<string, unknown>;
  const converted = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, toJsonSchema(value)]));
  if (typeof converted.$ref === 'string') converted.$ref = converted.$ref.replace(/^#/, 'document#');
  if (converted.type === 'object' && converted.properties) converted.additionalProperties ??= false;
  return nullable === true ? { anyOf: [{ type: 'null' }, converted] } : converted;
}
