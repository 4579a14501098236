import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Connection } from '../../src/local/connection-file';
import { buildPrograms, makeLocalDirectory, spawnLocalMode, startLocalMode, type RunningLocalMode } from '../support/local-mode';
import { PartnerProgram } from '../support/partner-program';

const ROOT = join(__dirname, '../..');
const CONFORMANCE = join(__dirname, '../conformance');

interface Variant {
  readonly tag: string;
  readonly bundle: string;
  readonly params: Record<string, string>;
  readonly files: Record<string, string>;
}
const { variants } = JSON.parse(readFileSync(join(CONFORMANCE, 'manifest.json'), 'utf8')) as { variants: Variant[] };

/** Everything together, as `npm start` runs it and a partner's program meets it. */
describe('local mode', () => {
  const place = makeLocalDirectory();
  let local: RunningLocalMode;
  let demo: PartnerProgram;
  let other: PartnerProgram;
  beforeAll(async () => {
    buildPrograms();
    local = await startLocalMode(place.directory);
    [demo, other] = [clientOf('demo'), clientOf('other')];
  });
  afterAll(async () => {
    await local?.stop();
    place.remove();
  });

  function clientOf(partner: string, connection: Connection = local.connection): PartnerProgram {
    const client = connection.clients?.find((candidate) => candidate.partner === partner);
    return PartnerProgram.signIn(
      connection.api,
      connection.tokenEndpoint ?? '',
      client?.clientId ?? '',
      client?.clientSecret ?? '',
    );
  }

  const dataOf = ({ bundle, files }: Variant): Record<string, { name: string; content: Buffer<ArrayBuffer> }> =>
    Object.fromEntries(
      Object.entries(files).map(([envVar, name]) => [
        envVar,
        { name, content: readFileSync(join(ROOT, 'bundles', bundle, 'data', name)) },
      ]),
    );

  const user = (email: string, rights: object) => ({ email, password: expect.stringMatching(/^.{8}$/), ...rights });

  it('writes connection.json for its owner alone', () => {
    expect(statSync(join(place.directory, 'connection.json')).mode & 0o777).toBe(0o600);
    expect(local.connection).toEqual({
      api: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      docs: `${local.connection.api}/docs`,
      web: local.connection.api,
      issuer: expect.any(String),
      tokenEndpoint: expect.any(String),
      audience: expect.any(String),
      clients: [
        expect.objectContaining({ partner: 'demo', tenants: ['north', 'south'] }),
        expect.objectContaining({ partner: 'other', tenants: ['east', 'north'] }),
      ],
      users: [
        user('operator@slipway.example', { role: 'operator' }),
        user('demo-admin@slipway.example', { role: 'partner_admin', partner: 'demo' }),
        user('demo-north@slipway.example', { role: 'staff', partner: 'demo', tenants: ['north'] }),
        user('demo-south@slipway.example', { role: 'staff', partner: 'demo', tenants: ['south'] }),
      ],
      databaseUrl: expect.stringMatching(/^postgres:/),
      s3: {
        endpoint: expect.any(String),
        region: expect.any(String),
        bucket: expect.any(String),
        accessKeyId: expect.any(String),
        secretAccessKey: expect.any(String),
      },
    });
  });

  it.each(variants.map((variant) => [variant.tag, variant] as const))('runs a job end to end: %s', async (tag, variant) => {
    const { API_YEAR: schoolYear = '', ...params } = variant.params;
    const job = await demo.submit(
      { partner: 'demo', tenant: 'north', bundle: variant.bundle, schoolYear, params },
      dataOf(variant),
    );
    expect(job).toMatchObject({
      status: 'succeeded',
      error: null,
      runs: [{ number: 1, status: 'succeeded', attempts: 1, error: null }],
    });
    const outputs = await demo.downloadOutputs('demo', job.uid);
    expect(outputs.size).toBe(5);
    for (const [name, content] of outputs) {
      const expected = gunzipSync(readFileSync(join(CONFORMANCE, tag, `${name}.gz`)));
      expect(content.equals(expected)).toBe(true);
    }
  });

  it('fails a job with words that its partner can act on', async () => {
    const variant = variants[0] as Variant;
    const files = dataOf(variant);
    const broken = { ...files, INPUT_FILE: { name: 'sample_results.csv', content: Buffer.from('nothing,that,fits\n1,2,3\n') } };
    const job = await demo.submit(
      { partner: 'demo', tenant: 'north', bundle: variant.bundle, schoolYear: '2026', params: {} },
      broken,
    );
    expect(job).toMatchObject({
      status: 'failed',
      error: { code: expect.any(String), title: expect.any(String), detail: expect.any(String) },
    });
    expect(job.error?.detail).toMatch(/column/);
    expect(JSON.stringify(job)).not.toMatch(/\/tmp\/|node_modules|\.js:|at Object/);
    expect(await demo.outputSets({ partner: 'demo', jobUid: job.uid })).toEqual([]);
  });

  it('keeps the two partners apart, also in the tenant code that both have', async () => {
    const variant = variants[0] as Variant;
    const job = await demo.submit(
      { partner: 'demo', tenant: 'north', bundle: variant.bundle, schoolYear: '2026', params: {} },
      dataOf(variant),
    );
    const [set] = await demo.outputSets({ partner: 'demo', jobUid: job.uid });
    const links = other.api.POST('/v1/output-sets/{uid}/download-links', { params: { path: { uid: set?.uid ?? '' } } });
    expect((await links).error?.code).toBe('output_set_not_found');
    await expect(other.job(job.uid)).rejects.toThrow('job_not_found');
    await expect(other.outputSets({ partner: 'demo' })).rejects.toThrow('partner_not_allowed');
    expect(await other.outputSets({ partner: 'other', tenant: 'north' })).toEqual([]);
    expect(await other.outputSets({ partner: 'other', jobUid: job.uid })).toEqual([]);
  });

  it('gives the last bundle of the registry to demo alone', async () => {
    const body = {
      tenant: 'north',
      bundle: 'assessments/Quarrystone_Math',
      schoolYear: '2026',
      params: { TEST_TYPE: 'Screener' },
      files: { INPUT_FILE: 'a.csv' },
    };
    const created = await demo.api.POST('/v1/jobs', { body: { ...body, partner: 'demo' } });
    expect(created.response.status).toBe(201);
    const refused = await other.api.POST('/v1/jobs', { body: { ...body, partner: 'other' } });
    expect(refused.error).toMatchObject({ status: 400, code: 'bundle_not_found' });
  });

  it('prints lines that do the main flow when they are pasted', async () => {
    const lines = local.output().split('\n');
    const first = lines.findIndex((line) => line.startsWith('TOKEN='));
    const script = lines.slice(first).join('\n');
    const answers = execFileSync('bash', ['-e', '-o', 'pipefail'], { input: script, encoding: 'utf8' })
      .trim()
      .split('\n')
      .filter(Boolean);
    const [started, seen] = answers.map((answer) => JSON.parse(answer) as { uid: string; status: string });
    expect(started?.status).toBe('queued');
    expect(seen?.uid).toBe(started?.uid);
    expect((await demo.waitUntilFinished(started?.uid ?? '')).status).toBe('succeeded');
  });

  it('does what docs/integrating.md says when its lines are pasted one after the other', () => {
    const page = readFileSync(join(ROOT, 'docs/integrating.md'), 'utf8');
    const script = [...page.matchAll(/^```sh\n(.*?)^```/gms)].map(([, lines]) => lines).join('\n');
    const env = { ...process.env, SLIPWAY_LOCAL_DIR: place.directory };
    const printed = execFileSync('bash', ['-e', '-o', 'pipefail'], { input: script, cwd: ROOT, encoding: 'utf8', env });
    expect(printed).toContain('event: job.succeeded');
    expect(printed).toMatch(/^succeeded$/m);
    // What the cursor at the end of the list gives: nothing new.
    expect(printed.trimEnd().split('\n').at(-1)).toBe('0');
  });

  it('refuses a port that is taken, in words', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const second = makeLocalDirectory();
    try {
      const { port } = holder.address() as AddressInfo;
      const { child, output } = spawnLocalMode(second.directory, { PORT: String(port) });
      const [code] = (await once(child, 'exit')) as [number];
      expect(code).toBe(1);
      expect(output()).toContain(`Port ${port} is in use`);
      expect(output()).not.toContain('    at ');
    } finally {
      holder.close();
      second.remove();
    }
  });

  it('stops within 5 s, whoever is connected, and a second start finds the earlier data', async () => {
    const variant = variants[0] as Variant;
    const job = await demo.submit(
      { partner: 'demo', tenant: 'south', bundle: variant.bundle, schoolYear: '2026', params: {} },
      dataOf(variant),
    );
    // It ends itself with 1 where it takes longer; this test's connections may rest for a minute.
    expect(await local.stop()).toBe(0);
    expect(() => statSync(join(place.directory, 'connection.json'))).toThrow('ENOENT');

    local = await startLocalMode(place.directory);
    demo = clientOf('demo');
    expect((await demo.job(job.uid)).status).toBe('succeeded');
    expect((await demo.downloadOutputs('demo', job.uid)).size).toBe(5);
  });
});
