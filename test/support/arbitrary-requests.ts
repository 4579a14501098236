import fc from 'fast-check';
import { resolved, type Operation, type Parameter, type Schema } from './api-document';

export interface ArbitraryRequest {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string | Buffer | undefined;
}

/** What exists, by the name of the parameter, field or key: so that requests get past the first check. */
export type KnownValues = Readonly<Record<string, readonly string[]>>;

/** What has broken servers before. */
const NASTY_TEXTS = [
  ...['', ' ', '\0', 'a\0b', '\ud800', '\u202egpj.exe', '\r\nX-Injected: 1', '𝕏'.repeat(100), 'x'.repeat(300), 'x'.repeat(5000)],
  ...["'; DROP TABLE job; --", '../../etc/passwd', '..\\..\\x', '%00', '%2e%2e%2f', '${jndi:ldap://x}', '{{7*7}}', '<script>'],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'null',
    'undefined',
    'NaN',
    '-1',
    '0',
    '1e999',
    '9'.repeat(40),
    '2026-02-30T00:00:00Z',
  ],
  ...['2026-01-01', '0000-00-00T00:00:00Z', '+275760-09-14T00:00:00Z', '00000000-0000-0000-0000-000000000000', 'DEMO', 'demo '],
];
const nastyText = fc.oneof(fc.constantFrom(...NASTY_TEXTS), fc.string({ unit: 'binary' }));
const nastyJson = fc.oneof(
  nastyText,
  fc.jsonValue(),
  fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 1e308, 2 ** 53, [], [[]], {}, JSON.parse('{"__proto__":{"x":1}}')),
);

/** Requests for an operation: good ones, ones with a single fault, and rubbish; the client may do all that there is to do. */
export function requestsOf(operation: Operation, known: KnownValues, token: string): fc.Arbitrary<ArbitraryRequest> {
  return fc
    .record({
      path: pathOf(operation, known),
      query: queryOf(operation, known),
      headers: headersOf(operation, token),
      sent: operation.body ? bodyOf(operation.body, known) : fc.oneof({ weight: 9, arbitrary: noBody }, rubbish),
    })
    .map(({ path, query, headers, sent: { contentType, body } }) => ({
      path: query === '' ? path : `${path}?${query}`,
      headers: { ...headers, ...(contentType === null ? {} : { 'content-type': contentType }) },
      body,
    }));
}

function pathOf({ path, parameters }: Operation, known: KnownValues): fc.Arbitrary<string> {
  const names = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
  const values = names.map((name) =>
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...(known[name] ?? [''])) },
      // Not an empty one, or it is another path; and what cannot be encoded is there undecodable.
      {
        weight: 2,
        arbitrary: nastyText.filter((text) => text.isWellFormed() && !/^\.{0,2}$/.test(text)).map(encodeURIComponent),
      },
      fc.uuid(),
      fc.constantFrom('%E0%A4%A', '%zz', '%ff'),
    ),
  );
  return fc
    .tuple(...values)
    .map((texts) => names.reduce((text, name, at) => text.replace(`{${name}}`, () => texts[at] ?? ''), path));
}

function queryOf({ parameters }: Operation, known: KnownValues): fc.Arbitrary<string> {
  const queries = parameters.filter((parameter) => parameter.in === 'query');
  const pair = ({ name, schema, required }: Parameter): fc.Arbitrary<string> => {
    const encoded = (value: unknown) => `${name}=${encodeURIComponent(String(value).toWellFormed())}`;
    return fc.oneof(
      { weight: required ? 1 : 9, arbitrary: fc.constant('') },
      { weight: required ? 12 : 3, arbitrary: validValue(schema, name, known).map(encoded) },
      nastyText.map(encoded),
      fc.constantFrom(`${name}=1&${name}=2`, `${name}[]=x`, `${name}[a][b]=x`, `${name}=%E0%A4%A`, name),
    );
  };
  const unknown = fc.oneof({ weight: 12, arbitrary: fc.constant('') }, fc.constantFrom('x=1', '__proto__=1', '&&=&', '%=%'));
  return fc.tuple(...queries.map(pair), unknown).map((pairs) => pairs.filter((text) => text !== '').join('&'));
}

function headersOf({ parameters }: Operation, token: string): fc.Arbitrary<Record<string, string>> {
  // What Node's client sends as it is.
  const printable = fc.string({ unit: 'grapheme-ascii', minLength: 1 }).map((text) => text.trim());
  const sometimes = <T>(weight: number, arbitrary: fc.Arbitrary<T>) =>
    fc.oneof({ weight, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
  const authorization = fc.oneof(
    { weight: 20, arbitrary: fc.constant(`Bearer ${token}`) },
    fc.constantFrom(
      '',
      'Bearer',
      'Bearer a.b.c',
      'Basic eDp5',
      `Bearer  ${token}`,
      `bearer ${token}x`,
      `Bearer ${token}, Bearer x`,
    ),
    printable,
  );
  const own = parameters
    .filter((parameter) => parameter.in === 'header')
    .map(({ name }) => [name, sometimes(2, printable)] as const);
  return fc
    .record({
      authorization,
      accept: sometimes(
        3,
        fc.oneof(fc.constantFrom('*/*', 'text/html', 'text/event-stream', 'application/xml;q=0.1', ','), printable),
      ),
      'x-request-id': sometimes(3, printable),
      ...Object.fromEntries(own),
    })
    .map((headers) =>
      Object.fromEntries(Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined)),
    );
}

interface SentBody {
  readonly contentType: string | null;
  readonly body: string | Buffer | undefined;
}

const noBody = fc.constant<SentBody>({ contentType: null, body: undefined });
const asJson = (value: unknown): SentBody => ({ contentType: 'application/json', body: JSON.stringify(value) });
const nested = (depth: number): string => '{"params":'.repeat(depth) + '1' + '}'.repeat(depth);
const rubbish = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => ({ contentType: 'application/json', body: Buffer.from(bytes) })),
  fc
    .constantFrom(
      '{',
      '[',
      '"',
      '{"a":1,}',
      '\ufeff{}',
      'nul',
      '{}{}',
      '{"files":{"a":1e999}}',
      '{"a":"\\ud800"}',
      '{"a":"\\u0000"}',
    )
    .map((body) => ({ contentType: 'application/json', body })),
  fc.constantFrom(nested(33), nested(1000), '['.repeat(100_000), `"${'x'.repeat(300_000)}"`).map((body) => ({
    contentType: 'application/json',
    body,
  })),
  fc
    .constantFrom(
      'text/plain',
      'application/xml',
      'multipart/form-data',
      'application/json; charset=utf-16',
      'application/json;',
      ';;',
    )
    .map((contentType) => ({ contentType, body: '{"partner":"demo"}' })),
  nastyJson.map(asJson),
);

function bodyOf(schema: Schema, known: KnownValues): fc.Arbitrary<SentBody> {
  const good = validValue(schema, '', known);
  return fc.oneof(
    { weight: 3, arbitrary: good.map(asJson) },
    { weight: 8, arbitrary: withFault(good).map(asJson) },
    { weight: 4, arbitrary: rubbish },
    noBody,
  );
}

/** A value that the schema allows. */
function validValue(reference: Schema, name: string, known: KnownValues): fc.Arbitrary<unknown> {
  const schema = resolved(reference) as Schema & {
    readonly type?: string;
    readonly enum?: readonly unknown[];
    readonly oneOf?: readonly Schema[];
    readonly items?: Schema;
    readonly properties?: Readonly<Record<string, Schema>>;
    readonly required?: readonly string[];
    readonly additionalProperties?: Schema | boolean;
    readonly format?: string;
    readonly minimum?: number;
    readonly maximum?: number;
  };
  const values = known[name];
  if (schema.type !== 'object' && values) return fc.constantFrom(...values);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.oneOf) return fc.oneof(...schema.oneOf.map((choice) => validValue(choice, name, known)));
  if (schema.type === 'array' && schema.items) return fc.uniqueArray(validValue(schema.items, name, known), { maxLength: 4 });
  if (schema.type === 'boolean') return fc.boolean();
  if (schema.type === 'integer' || schema.type === 'number')
    return fc.integer({ min: schema.minimum ?? 0, max: schema.maximum ?? 1_000_000 });
  if (schema.type === 'object') {
    if (typeof schema.additionalProperties === 'object') {
      const keys = known[`keys of ${name}`] ?? [];
      const members = keys.map((key) => [key, validValue(schema.additionalProperties as Schema, key, known)] as const);
      return fc.record(Object.fromEntries(members), { requiredKeys: keys.slice(0, 1) });
    }
    const members = Object.entries(schema.properties ?? {}).map(([key, value]) => [key, validValue(value, key, known)] as const);
    return fc.record(Object.fromEntries(members), { requiredKeys: [...(schema.required ?? [])] });
  }
  if (schema.format === 'date-time') return fc.date({ noInvalidDate: true, min: new Date(0) }).map((date) => date.toISOString());
  if (schema.format === 'uuid') return fc.uuid();
  return fc.string();
}

/** The same value with one member, at any depth, replaced, removed or added. */
function withFault(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc
    .tuple(value, fc.nat(), nastyJson, nastyText, fc.constantFrom('replace', 'remove', 'add'))
    .map(([good, at, junk, key, how]) => {
      const copy = structuredClone({ root: good }) as Record<string, unknown>;
      const places = placesIn(copy);
      const place = places[at % places.length] ?? { holder: copy, key: 'root' };
      if (how === 'remove' && place.key !== 'root') delete place.holder[place.key];
      // Defined, for `__proto__` is set otherwise.
      else
        Object.defineProperty(place.holder, how === 'add' ? key : place.key, {
          value: junk,
          enumerable: true,
          configurable: true,
          writable: true,
        });
      return copy.root;
    });
}

interface Place {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

function placesIn(holder: Record<string, unknown>): Place[] {
  return Object.keys(holder).flatMap((key) => {
    const child = holder[key];
    const below = typeof child === 'object' && child !== null ? placesIn(child as Record<string, unknown>) : [];
    return [{ holder, key }, ...below];
  });
}
