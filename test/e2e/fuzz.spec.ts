import fc from 'fast-check';
import { startTestApplication, type Method, type TestApplication } from '../support/application';
import { OPERATIONS, type Operation } from '../support/api-document';
import { requestsOf, type ArbitraryRequest, type KnownValues } from '../support/arbitrary-requests';
import { createJob } from '../support/partner';

/** The same requests in every run, so that a failure is one of the change; FUZZ_SEED and FUZZ_RUNS look further. */
const SEED = Number(process.env.FUZZ_SEED ?? 20_260_112);
const RUNS = Number(process.env.FUZZ_RUNS ?? 40);

/**
 * Every operation of the document with requests made from its schemas: good, nearly good, and rubbish. That each answer is as
 * documented, its code included, is seen by the test application's `request`.
 */
describe('whatever is sent to', () => {
  let slipway: TestApplication;
  let token: string;
  let uids: Record<string, string[]>;
  beforeAll(async () => {
    slipway = await startTestApplication({ env: { RATE_LIMIT_PER_MINUTE: '0', MAX_OPEN_JOBS_PER_CLIENT: '0' } });
    token = await slipway.token({ exp: Math.floor(Date.now() / 1000) + 3600 });
    const [waiting, ended] = [(await createJob(slipway)).uid, (await createJob(slipway)).uid];
    await slipway.request('post', `/v1/jobs/${ended}/cancel`);
    const body = { partner: 'demo', url: 'https://hooks.example.org/' };
    const endpoint = (await slipway.request('post', '/v1/webhook-endpoints', { body })).json.uid;
    const delivery = (await slipway.request('post', `/v1/webhook-endpoints/${endpoint}/test`)).json.uid;
    // The events of a job that has not ended have no end either.
    uids = { jobs: [waiting, ended], events: [ended], endpoints: [endpoint], deliveries: [delivery] };
  });
  afterAll(() => slipway.close());

  function knownFor({ path }: Operation): KnownValues {
    const kind = path.endsWith('/events') ? 'events' : path.startsWith('/v1/webhook-endpoints') ? 'endpoints' : 'jobs';
    return {
      uid: uids[kind] ?? [],
      deliveryUid: uids.deliveries ?? [],
      path: ['bundles/scores'],
      partner: ['demo'],
      tenant: ['north', 'south'],
      bundle: ['bundles/scores'],
      schoolYear: ['2026', '2025'],
      url: ['https://hooks.example.org/', 'https://10.0.0.1/', 'http://hooks.example.org/'],
      name: ['scores.csv', 'scores.CSV', 'notes.txt'],
      sha256: ['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
      INPUT_FILE: ['scores.csv'],
      TEST_TYPE: ['Fall', 'Spring'],
      'keys of files': ['INPUT_FILE', 'RETAKE_FILE'],
      'keys of params': ['TEST_TYPE', 'NOTE', 'API_YEAR'],
    };
  }

  // What deletes comes last: the others need what there is.
  const operations = [...OPERATIONS].sort((a, b) => Number(a.method === 'delete') - Number(b.method === 'delete'));

  it.each(operations.map((operation) => [`${operation.method} ${operation.path}`, operation] as const))(
    '%s: no 5xx, an answer as documented, and nothing written where it is refused',
    async (_name, operation) => {
      let rows = await slipway.rowCounts();
      const holds = async ({ path, headers, body }: ArbitraryRequest): Promise<void> => {
        const { status, text } = await slipway.request(operation.method as Method, path, { token: null, headers, body });
        if (status >= 500) throw new Error(`answered ${status} ${text}`);
        const now = await slipway.rowCounts();
        if (status >= 400) expect(now).toEqual(rows);
        rows = now;
      };
      await fc.assert(fc.asyncProperty(requestsOf(operation, knownFor(operation), token), holds), { seed: SEED, numRuns: RUNS });
    },
  );
});
