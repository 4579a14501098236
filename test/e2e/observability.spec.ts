import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEMO_JOB } from '../../src/local/demo-data';
import { buildPrograms, makeLocalDirectory, startLocalMode, type RunningLocalMode } from '../support/local-mode';
import { startOtlpCollector, type CollectedSpan } from '../support/otlp-collector';
import { PartnerProgram } from '../support/partner-program';

/** What an operator sees of one job that goes through: log lines and a trace, from the built programs. */
describe('of a job that goes through', () => {
  const folder = makeLocalDirectory();
  let collector: Awaited<ReturnType<typeof startOtlpCollector>>;
  let local: RunningLocalMode;
  let jobUid: string;
  let spans: readonly CollectedSpan[];
  const secrets: string[] = [];

  beforeAll(async () => {
    buildPrograms();
    collector = await startOtlpCollector();
    local = await startLocalMode(folder.directory, {
      LOG_LEVEL: 'info',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    });
    const { api, tokenEndpoint = '', clients = [] } = local.connection;
    const [client] = clients;
    if (!client) throw new Error('there is no demo client');
    const program = PartnerProgram.signIn(api, tokenEndpoint, client.clientId, client.clientSecret);
    const data = join(__dirname, '../../bundles', DEMO_JOB.bundle, 'data');
    const files = Object.fromEntries(
      Object.entries(DEMO_JOB.files).map(([envVar, name]) => [envVar, { name, content: readFileSync(join(data, name)) }]),
    );
    const job = await program.submit(
      { partner: 'demo', tenant: 'north', schoolYear: '2026', bundle: DEMO_JOB.bundle, params: DEMO_JOB.params },
      files,
    );
    expect(job.status).toBe('succeeded');
    jobUid = job.uid;
    const headers = { 'content-type': 'application/json', 'x-request-id': 'not-json' };
    expect((await fetch(`${api}/v1/jobs`, { method: 'POST', headers, body: '{' })).status).toBe(400);
    secrets.push(client.clientSecret, ...Object.values(DEMO_JOB.files), 'X-Amz-Signature');
    expect(await local.stop()).toBe(0);
    spans = collector.spans;
  });
  afterAll(async () => {
    local?.process.kill('SIGKILL');
    await collector?.close();
    folder.remove();
  });

  /** Without the block of text for people, which is meant to have the demo client's secret. */
  const logLines = (): string[] =>
    local
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'));

  it('the lines of its requests have the request’s id, the client and the job', async () => {
    const lines = logLines().map(
      (line) => JSON.parse(line) as { req?: { method: string; path: string }; [field: string]: unknown },
    );
    for (const path of ['/v1/jobs', `/v1/jobs/${jobUid}/start`]) {
      const line = lines.find(({ req }) => req?.method === 'POST' && req.path === path);
      expect(line).toMatchObject({ reqId: expect.any(String), client: 'demo-client', jobUid, traceId: expect.any(String) });
    }
  });

  it('a request that no route was asked for has its line too', () => {
    const lines = logLines().map((line) => JSON.parse(line) as { reqId?: string });
    expect(lines.filter(({ reqId }) => reqId === 'not-json')).toEqual([
      expect.objectContaining({ req: { method: 'POST', path: '/v1/jobs' }, res: { statusCode: 400 }, msg: 'request completed' }),
    ]);
  });

  it('one trace has its creation, its start and its run', async () => {
    const create = spans.find(({ name }) => name === 'POST /v1/jobs');
    expect(create).toBeDefined();
    const named = (name: string) => spans.filter((span) => span.name === name && span.traceId === create?.traceId);
    expect(named('start job')).toHaveLength(1);
    expect(named('run')).toHaveLength(1);
    expect(named('run')[0]?.parentSpanId).toBe(create?.spanId);
    const start = spans.find(({ name }) => name === 'POST /v1/jobs/:uid/start');
    expect(named('start job')[0]?.links).toEqual([expect.objectContaining({ traceId: start?.traceId, spanId: start?.spanId })]);
  });

  it('the statements of its requests are in their traces, without values', async () => {
    const create = spans.find(({ name }) => name === 'POST /v1/jobs');
    const statements = spans.filter(({ name, traceId }) => traceId === create?.traceId && /^pg\.query/.test(name));
    expect(statements.length).toBeGreaterThan(0);
    expect(JSON.stringify(statements)).not.toContain(jobUid);
  });

  it('nothing secret and no file name is in logs or spans', () => {
    const all = logLines().join('\n') + JSON.stringify(spans);
    expect(secrets.filter((secret) => all.includes(secret))).toEqual([]);
  });
});
