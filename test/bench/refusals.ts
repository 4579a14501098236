import { performance } from 'node:perf_hooks';
import { PROBLEMS, type ProblemCode } from '../../src/platform/problem/problem-codes';
import { startProcess, WEB_PROCESS } from './processes';
import { startWorld } from './world';

/** `npm run bench:refusals`: how long refusals of bad input take, one after the other, by code. */

const ROUNDS = 200;

const JOB = { partner: 'demo', tenant: 'north', bundle: 'bundles/scores', schoolYear: '2026', files: { INPUT_FILE: 'a.csv' } };
const json = (changes: object): string => JSON.stringify({ ...JOB, params: { TEST_TYPE: 'Fall' }, ...changes });
const REFUSED: readonly (readonly [what: string, code: ProblemCode, body: string, contentType?: string])[] = [
  ['half of a body', 'malformed_json', json({}).slice(0, -1)],
  ['a body of 300 KiB', 'payload_too_large', json({ tenant: 'x'.repeat(300 * 1024) })],
  ['a body that is no JSON', 'unsupported_media_type', 'a=b', 'application/x-www-form-urlencoded'],
  ['a depth of 1,000', 'invalid_request', '{"params":'.repeat(1000) + '1' + '}'.repeat(1000)],
  ['NUL', 'invalid_request', json({ tenant: '\0' })],
  ['a lone surrogate', 'invalid_request', json({ tenant: '\ud800' })],
  ['an array for an object', 'invalid_request', json({ files: [] })],
  ['`__proto__`', 'unknown_field', json({}).replace('{', '{"__proto__":{"x":1},')],
  ['a tenant that there is not', 'tenant_not_found', json({ tenant: 'none' })],
  ['`../` in a file name', 'invalid_file_name', json({ files: { INPUT_FILE: '../a.csv' } })],
  ['a file type', 'unsupported_file_type', json({ files: { INPUT_FILE: 'a.exe' } })],
  ["another partner's scope", 'partner_not_allowed', json({ partner: 'other' })],
];

async function run(): Promise<void> {
  const world = await startWorld();
  const web = await startProcess(WEB_PROCESS, world.environment);
  try {
    const rows = [];
    for (const [what, code, body, contentType = 'application/json'] of REFUSED) {
      const times: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const began = performance.now();
        const response = await fetch(`${web.url}/v1/jobs`, {
          method: 'POST',
          headers: { authorization: `Bearer ${world.token}`, 'content-type': contentType },
          body,
        });
        const problem = (await response.json()) as { code?: string };
        times.push(performance.now() - began);
        // The registry is read in the background; until then there is another answer.
        if (problem.code !== code && problem.code !== 'bundle_registry_unavailable')
          throw new Error(`${what} was answered ${response.status} ${problem.code}`);
      }
      times.sort((a, b) => a - b);
      const at = (share: number): number => Number(times[Math.floor(times.length * share)]?.toFixed(1));
      rows.push({ what, status: PROBLEMS[code].status, code, 'p50 ms': at(0.5), 'p99 ms': at(0.99) });
    }
    console.table(rows);
  } finally {
    await web.stop();
    await world.close();
  }
}

run().catch((error: unknown) => {
  console.error(error);
  // What else was started ends with this process.
  process.exit(1);
});
