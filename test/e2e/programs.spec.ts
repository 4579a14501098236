import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrations } from '../../migrations';
import { TEST_REGISTRY } from '../support/application';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { buildPrograms } from '../support/local-mode';
import { freePort } from '../support/free-port';
import { startTestS3, type TestS3 } from '../support/s3';
import { waitFor } from '../support/wait';

const NEWEST_MIGRATION = migrations.at(-1)?.name;
const DIST = join(__dirname, '../../dist');

/** The built programs as an operator starts them: configured by the environment alone. */
describe('the programs', () => {
  let database: TestDatabase;
  let s3: TestS3;
  let env: Record<string, string>;
  const children: ChildProcess[] = [];
  beforeAll(async () => {
    buildPrograms();
    [database, s3] = await Promise.all([createTestDatabase(), startTestS3()]);
    env = {
      PATH: process.env.PATH ?? '',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      AWS_REGION: s3.region,
      AWS_ACCESS_KEY_ID: s3.accessKeyId,
      AWS_SECRET_ACCESS_KEY: s3.secretAccessKey,
      EXTERNAL_API_TOKEN_ISSUER: '',
      DATABASE_URL: database.url,
      S3_BUCKET: s3.bucket,
      S3_ENDPOINT: s3.endpoint,
      S3_FORCE_PATH_STYLE: 'true',
      BUNDLE_REGISTRY: TEST_REGISTRY,
      PORT: '0',
    };
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await Promise.all([database.drop(), s3.close()]);
  });

  function start(program: string, args: readonly string[] = [], changes: Record<string, string | undefined> = {}) {
    const child = spawn(process.execPath, [join(DIST, `${program}.js`), ...args], {
      env: { ...env, ...changes },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
    return { child, output: () => text };
  }

  async function run(...parameters: Parameters<typeof start>): Promise<{ code: number | null; output: string }> {
    const { child, output } = start(...parameters);
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, output: output() };
  }

  it('do not start with a bad configuration, and say all that is wrong without a value or a stack', async () => {
    const result = await run('main', [], { DATABASE_URL: undefined, S3_BUCKET: '', PORT: 'http', MAX_UPLOAD_BYTES: '1e9' });
    expect(result.code).toBe(1);
    expect(result.output).toMatch(/PORT must be a whole number[^]*MAX_UPLOAD_BYTES must be/);
    expect(result.output).not.toMatch(/1e9|\n {4}at /);
    const missing = await run('main', [], { DATABASE_URL: undefined, S3_BUCKET: '' });
    expect(missing.output).toMatch(/2 faults[^]*DATABASE_URL is not set[^]*S3_BUCKET is not set/);
  });

  it('refuse in production what is for development', async () => {
    const result = await run('main', [], { NODE_ENV: 'production' });
    expect(result.code).toBe(1);
    expect(result.output).toMatch(/PAGING_CURSOR_SECRET[^]*S3_ENDPOINT must use https/);
    const local = await run('main.local', [], { NODE_ENV: 'production' });
    expect([local.code, local.output]).toEqual([1, expect.stringContaining('NODE_ENV is production')]);
  });

  it('migrate, revert and migrate again', async () => {
    expect(await run('main.migration', ['run'])).toEqual({ code: 0, output: 'The schema is up to date.\n' });
    expect(await run('main.migration', ['revert'])).toEqual({ code: 0, output: `Reverted ${NEWEST_MIGRATION}.\n` });
    expect(await run('main.migration', ['run'])).toEqual({ code: 0, output: `Ran ${NEWEST_MIGRATION}.\n` });
    expect((await run('main.migration', ['up'])).code).toBe(1);
  });

  it('provision a file, again without a change, and refuse a bad one with all its faults', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'slipway-test-'));
    try {
      const file = join(directory, 'partners.yaml');
      writeFileSync(
        file,
        'partners:\n  - { code: acme, name: Acme, bundles: all, tenants: [{ code: a, name: A, schoolYears: [2026] }] }\n',
      );
      const added = { code: 0, output: 'Added 1 partners, 1 tenants, 1 school years, 2 bundles and 0 operators.\n' };
      expect(await run('main.provision', [file])).toEqual(added);
      expect(await run('main.provision', [file])).toEqual({
        code: 0,
        output: 'Added 0 partners, 0 tenants, 0 school years, 0 bundles and 0 operators.\n',
      });
      writeFileSync(file, 'partners:\n  - { code: "a b", bundles: all, tenants: [], more: 1 }\n');
      const refused = await run('main.provision', [file]);
      expect(refused.code).toBe(1);
      expect(refused.output).toMatch(/partners\.0\.code[^]*partners\.0\.name/);
      expect(refused.output).not.toContain('    at ');
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });

  it('answer what is under way when SIGTERM comes, and exit with 0', async () => {
    const port = await freePort();
    const origin = `http://127.0.0.1:${port}`;
    const web = start('main', [], { PORT: String(port) });
    await waitFor(async () => (await fetch(`${origin}/health/ready`).catch(() => null))?.ok);
    // A request whose body is still coming is under way.
    const request = httpRequest(`${origin}/v1/jobs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': '2' },
      // The client keeps its connection open, as clients do; that must not hold the process up, which it could for a minute.
      agent: new Agent({ keepAlive: true }),
    });
    request.write('{');
    await new Promise((resolve) => request.on('socket', (socket) => socket.on('connect', resolve)));
    await waitFor(async () => (await fetch(`${origin}/health/live`)).ok);
    const ended = once(web.child, 'exit');
    web.child.kill('SIGTERM');
    await waitFor(async () => (await fetch(`${origin}/health/live`).catch(() => null)) === null);
    request.end('}');
    const [response] = (await once(request, 'response')) as [{ statusCode: number; resume(): void }];
    response.resume();
    expect(response.statusCode).toBe(503);
    const answeredAt = Date.now();
    expect(((await ended) as [number])[0]).toBe(0);
    expect(Date.now() - answeredAt).toBeLessThan(30_000);
  });
});
