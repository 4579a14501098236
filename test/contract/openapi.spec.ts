import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenAPIObject } from '@nestjs/swagger';
import { problemStatus, PROBLEMS, type ProblemCode } from '../../src/platform/problem/problem-codes';
import { createExternalApiDocument } from '../../src/external-api/openapi';
import { startTestApplication, type TestApplication } from '../support/application';

const COMMITTED = join(__dirname, 'external-api.v1.openapi.json');

type Schema = {
  $ref?: string;
  type?: string;
  nullable?: boolean;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  allOf?: Schema[];
  oneOf?: Schema[];
  additionalProperties?: Schema | boolean;
  description?: string;
};

/** The document is the promise to partners: it says everything, and it does not change unnoticed. */
describe('the External API document', () => {
  let slipway: TestApplication;
  let document: OpenAPIObject;
  beforeAll(async () => {
    slipway = await startTestApplication();
    document = JSON.parse(JSON.stringify(createExternalApiDocument(slipway.app))) as OpenAPIObject;
  });
  afterAll(() => slipway.close());

  const operations = () =>
    Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item as Record<string, Operation>).map(([method, operation]) => ({ name: `${method} ${path}`, operation })),
    );
  type Operation = {
    summary?: string;
    description?: string;
    security?: unknown[];
    requestBody?: { content: Record<string, { schema: Schema }> };
    responses: Record<string, { description: string; content?: Record<string, { schema: Schema }> }>;
  };
  const statusesOf = (code: ProblemCode) => [false, true].map((inPath) => String(problemStatus(code, inPath)));
  const schemas = () => (document.components?.schemas ?? {}) as Record<string, Schema>;

  it('is the committed one: a difference is to be reviewed, and written with UPDATE_CONTRACT=1', () => {
    const generated = `${JSON.stringify(document, null, 2)}\n`;
    if (process.env.UPDATE_CONTRACT === '1') writeFileSync(COMMITTED, generated);
    // By lines, so that the failure says which to look at.
    expect(generated.split('\n')).toEqual(readFileSync(COMMITTED, 'utf8').split('\n'));
  });

  it('is served as JSON, and as a page', async () => {
    const served = await slipway.request('get', '/docs/v1.json', { token: null });
    expect(served.json).toEqual(document);
    const page = await slipway.request('get', '/docs', { token: null });
    expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringMatching(/^text\/html/)]);
  });

  it('has the operations of the contract', () => {
    expect(
      operations()
        .map(({ name }) => name)
        .sort(),
    ).toEqual([
      'delete /v1/webhook-endpoints/{uid}',
      'get /v1/bundles',
      'get /v1/bundles/{path}',
      'get /v1/jobs',
      'get /v1/jobs/{uid}',
      'get /v1/jobs/{uid}/events',
      'get /v1/output-sets',
      'get /v1/webhook-endpoints',
      'get /v1/webhook-endpoints/{uid}',
      'get /v1/webhook-endpoints/{uid}/deliveries',
      'patch /v1/webhook-endpoints/{uid}',
      'post /v1/jobs',
      'post /v1/jobs/{uid}/cancel',
      'post /v1/jobs/{uid}/retry',
      'post /v1/jobs/{uid}/start',
      'post /v1/jobs/{uid}/upload-urls',
      'post /v1/output-sets/{uid}/download-links',
      'post /v1/token/verify',
      'post /v1/webhook-endpoints',
      'post /v1/webhook-endpoints/{uid}/deliveries/{deliveryUid}/redeliver',
      'post /v1/webhook-endpoints/{uid}/rotate-secret',
      'post /v1/webhook-endpoints/{uid}/test',
    ]);
  });

  it('says of every operation what it does, its scope, and how it answers', () => {
    for (const { name, operation } of operations()) {
      expect([name, operation.summary, operation.description]).toEqual([
        name,
        expect.any(String),
        expect.stringContaining('Scope:'),
      ]);
      expect([name, operation.security]).toEqual([name, [{ bearer: [] }]]);
      const statuses = Object.keys(operation.responses);
      expect([name, statuses]).toEqual([name, expect.arrayContaining(['401', '503'])]);
      for (const status of statuses.filter((candidate) => candidate >= '400')) {
        const response = operation.responses[status];
        expect([name, status, Object.keys(response?.content ?? {})]).toEqual([name, status, ['application/problem+json']]);
      }
      const [status, success] = Object.entries(operation.responses).find(([candidate]) => candidate < '300') ?? [];
      if (status === '204') continue;
      expect([name, success?.content?.['application/json']?.schema.$ref]).toEqual([name, expect.stringMatching(/Dto$/)]);
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
    expect(Object.keys(schemas()).length).toBeGreaterThan(12);
    for (const [name, schema] of Object.entries(schemas())) {
      if (name === 'EmptyBodyDto') continue;
      const properties = Object.entries(schema.properties ?? {});
      expect([name, properties.length > 0]).toEqual([name, true]);
      for (const [property, { type, $ref, allOf, oneOf }] of properties)
        expect([name, property, type ?? $ref ?? allOf ?? oneOf]).not.toContain(undefined);
    }
  });

  it.each([
    ['CreateJobDto', ['bundle', 'files', 'params', 'partner', 'schoolYear', 'tenant']],
    ['JobCreatedDto', ['expiresAt', 'status', 'uid', 'uploadUrls', 'uploads']],
    ['UploadUrlsDto', ['expiresAt', 'uploadUrls', 'uploads']],
    ['JobCancelledDto', ['status', 'uid']],
    ['JobRetriedDto', ['status', 'uid']],
    ['JobStartedDto', ['startedAt', 'status', 'uid']],
    [
      'JobDto',
      [
        'bundle',
        'bundleVersion',
        'createdAt',
        'error',
        'expiresAt',
        'files',
        'finishedAt',
        'origin',
        'params',
        'partner',
        'progress',
        'runs',
      ].concat(['schoolYear', 'startedAt', 'status', 'tenant', 'uid']),
    ],
    [
      'OutputSetDto',
      ['bundle', 'bundleVersion', 'createdAt', 'files', 'jobUid', 'partner', 'schoolYear', 'sentToOds', 'tenant', 'uid'],
    ],
    ['DownloadLinksDto', ['downloadLinks', 'expiresAt']],
    ['WebhookEndpointDto', ['createdAt', 'disabledReason', 'enabled', 'eventTypes', 'failingSince', 'partner', 'uid', 'url']],
    ['WebhookJobDto', ['bundle', 'error', 'finishedAt', 'jobUid', 'outputSetUid', 'partner', 'schoolYear', 'status', 'tenant']],
    ['TokenVerificationDto', ['clientId', 'clientName', 'expiresAt', 'issuer', 'partners', 'scopes']],
    ['ProblemDto', ['code', 'detail', 'errors', 'requestId', 'status', 'title', 'type']],
  ])('has all of %s', (name, properties) => {
    expect(Object.keys(schemas()[name]?.properties ?? {}).sort()).toEqual(properties);
  });
});
