import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenAPIObject } from '@nestjs/swagger';
import { problemStatus, PROBLEMS, type ProblemCode } from '../../src/platform/problem/problem-codes';
import { createWebApiDocument } from '../../src/web/openapi';
import { startWebTestApplication, type WebTestApplication } from '../support/web';

const COMMITTED = join(__dirname, 'web-api.openapi.json');

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}
interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly security?: readonly unknown[];
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >;
}

/** The document that the page's own types are made of: with it the page cannot ask for what there is not. */
describe('the Web API document', () => {
  let slipway: WebTestApplication;
  let document: OpenAPIObject;
  beforeAll(async () => {
    slipway = await startWebTestApplication();
    document = JSON.parse(JSON.stringify(createWebApiDocument(slipway.app))) as OpenAPIObject;
  });
  afterAll(() => slipway.close());

  const operations = () =>
    Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item as unknown as Record<string, Operation>).map(([method, operation]) => ({
        name: `${method} ${path}`,
        operation,
      })),
    );
  const statusesOf = (code: ProblemCode) => [false, true].map((inPath) => String(problemStatus(code, inPath)));

  it('is the committed one: after a change write it with UPDATE_CONTRACT=1, then run `npm run generate:client`', () => {
    const generated = `${JSON.stringify(document, null, 2)}\n`;
    if (process.env.UPDATE_CONTRACT === '1') writeFileSync(COMMITTED, generated);
    expect(generated.split('\n')).toEqual(readFileSync(COMMITTED, 'utf8').split('\n'));
  });

  it('is served beside that of the External API, and the page at /docs offers both', async () => {
    expect((await slipway.nobody.request('get', '/docs/web.json')).json).toEqual(document);
    expect((await slipway.nobody.request('get', '/docs')).status).toBe(200);
    const script = await slipway.nobody.request('get', '/docs/swagger-ui-init.js');
    expect(script.text).toContain('"/docs/v1.json"');
    expect(script.text).toContain('"/docs/web.json"');
  });

  it('has nothing but /api, and each operation under a name of its own', () => {
    for (const { name } of operations()) expect(name).toMatch(/ \/api\//);
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(ids).toEqual([...new Set(ids)]);
  });

  it('says of every operation what it does and how it answers', () => {
    for (const { name, operation } of operations()) {
      expect([name, operation.summary]).toEqual([name, expect.any(String)]);
      const statuses = Object.entries(operation.responses);
      expect([name, statuses.some(([status]) => status < '400')]).toEqual([name, true]);
      for (const [status, { content }] of statuses.filter(([candidate]) => candidate >= '400'))
        expect([name, status, Object.keys(content ?? {})]).toEqual([name, status, ['application/problem+json']]);
      if (operation.security)
        expect([name, Object.keys(operation.responses)]).toEqual([name, expect.arrayContaining(['401', '403'])]);
    }
  });

  it('names only problems that there are, under their own status', () => {
    for (const { name, operation } of operations())
      for (const [status, { description }] of Object.entries(operation.responses))
        for (const [, code] of description.matchAll(/`([a-z_]+)`:/g))
          expect([name, code, code! in PROBLEMS && statusesOf(code as ProblemCode)]).toEqual([
            name,
            code,
            expect.arrayContaining([status]),
          ]);
  });

  it('describes every property of every DTO', () => {
    const schemas = Object.entries((document.components?.schemas ?? {}) as Record<string, Schema>);
    expect(schemas.length).toBeGreaterThan(3);
    for (const [name, schema] of schemas) {
      if (name === 'EmptyBodyDto') continue;
      const properties = Object.entries(schema.properties ?? {});
      expect([name, properties.length > 0]).toEqual([name, true]);
      for (const [property, { type, $ref, allOf, oneOf }] of properties)
        expect([name, property, type ?? $ref ?? allOf ?? oneOf]).not.toContain(undefined);
    }
  });
});
