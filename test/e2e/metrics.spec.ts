import { MetricsServer } from '../../src/platform/metrics/metrics-server';
import { startTestApplication, type TestApplication } from '../support/application';
import { createJob, upload } from '../support/partner';

/** GET /metrics as a scraper meets it, on a port of its own. */
describe('GET /metrics', () => {
  let slipway: TestApplication;
  let storageFails = false;
  beforeAll(async () => {
    slipway = await startTestApplication({
      env: { METRICS_PORT: '0' },
      s3: {
        intercept: (request, response) => {
          if (request.method !== 'HEAD' || !storageFails) return false;
          response.writeHead(403).end();
          return true;
        },
      },
    });
  });
  afterEach(() => (storageFails = false));
  afterAll(() => slipway.close());

  const metricsUrl = () => `http://127.0.0.1:${slipway.app.get(MetricsServer).port}`;

  async function scrape(): Promise<string> {
    const response = await fetch(`${metricsUrl()}/metrics`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    return response.text();
  }

  /** The value of the sample with this name and these labels; undefined where there is none. */
  function sample(text: string, name: string, labels: Record<string, string> = {}): number | undefined {
    const has = (line: string): boolean =>
      /^[{ ]/.test(line.slice(name.length)) &&
      Object.entries(labels).every(([label, value]) => line.includes(`${label}="${value}"`));
    const line = text.split('\n').find((candidate) => candidate.startsWith(name) && has(candidate));
    return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ')));
  }

  it('counts and times requests by route, and never has a path or an id in it', async () => {
    const { uid } = await createJob(slipway);
    await slipway.request('get', `/v1/jobs/${uid}`);
    await slipway.request('get', '/v1/bundles/bundles/scores');
    await slipway.request('get', `/nothing/at/${uid}`);
    const text = await scrape();
    const count = 'slipway_http_request_duration_seconds_count';
    expect(sample(text, count, { method: 'POST', route: '/v1/jobs', status: '201' })).toBe(1);
    expect(sample(text, count, { method: 'GET', route: '/v1/jobs/:uid', status: '200' })).toBe(1);
    expect(sample(text, count, { method: 'GET', route: '/v1/bundles/*path', status: '200' })).toBe(1);
    expect(sample(text, count, { method: 'any', route: 'unmatched', status: '404' })).toBe(1);
    expect(text).not.toContain(uid);
  });

  it('counts token failures by their code, and how the issuer answered', async () => {
    await slipway.request('get', '/v1/bundles-of-nobody', { token: null });
    await slipway.request('post', '/v1/token/verify', { token: null });
    await slipway.request('post', '/v1/token/verify', { token: 'a.b.c' });
    const text = await scrape();
    expect(sample(text, 'slipway_token_failures_total', { code: 'token_missing' })).toBe(1);
    expect(sample(text, 'slipway_token_failures_total', { code: 'token_invalid' })).toBe(1);
    expect(sample(text, 'slipway_token_issuer_fetches_total', { outcome: 'answered' })).toBe(1);
  });

  it('tells how many runs wait and for how long', async () => {
    const before = await scrape();
    const { uid, uploads } = await createJob(slipway);
    await upload(uploads['INPUT_FILE'], 'student_id,score\n1,2\n');
    expect((await slipway.request('post', `/v1/jobs/${uid}/start`)).status).toBe(202);
    const after = await scrape();
    const queued = (text: string) => sample(text, 'slipway_live_runs', { status: 'queued' }) ?? NaN;
    expect(queued(after) - queued(before)).toBe(1);
    expect(sample(after, 'slipway_oldest_queued_run_age_seconds')).toBeGreaterThan(0);
  });

  it('counts what the object store fails at, but not that an object is missing', async () => {
    const { uid } = await createJob(slipway);
    expect((await slipway.request('post', `/v1/jobs/${uid}/start`)).json.code).toBe('files_missing');
    expect(sample(await scrape(), 'slipway_object_store_errors_total')).toBeUndefined();
    storageFails = true;
    expect((await slipway.request('post', `/v1/jobs/${uid}/start`)).json.code).toBe('storage_unavailable');
    expect(sample(await scrape(), 'slipway_object_store_errors_total', { operation: 'HeadObject' })).toBeGreaterThan(0);
  });

  it('has the figures of the process itself', async () => {
    expect(sample(await scrape(), 'nodejs_eventloop_lag_seconds')).toBeGreaterThanOrEqual(0);
  });

  it('is not served where the API is, and serves nothing else', async () => {
    expect((await slipway.request('get', '/metrics', { token: null })).status).toBe(404);
    expect((await fetch(`${metricsUrl()}/v1/jobs`)).status).toBe(404);
  });
});

describe('without METRICS_PORT', () => {
  it('listens on no second port', async () => {
    const slipway = await startTestApplication();
    expect(slipway.app.get(MetricsServer).port).toBeNull();
    await slipway.close();
  });
});
