import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { startTestApplication, type TestApplication } from '../support/application';

const SCRIPT = 'export const greeting = "hello";\n'.repeat(50);
const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

async function buildPage(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'page-'));
  await mkdir(join(directory, 'assets'));
  await writeFile(
    join(directory, 'index.html'),
    '<!doctype html><meta name="style-nonce" nonce="%STYLE_NONCE%"><title>Slipway</title>',
  );
  await writeFile(join(directory, 'assets', 'index-abc.js'), SCRIPT);
  await writeFile(join(directory, 'assets', 'index-abc.js.br'), brotliCompressSync(SCRIPT));
  await writeFile(join(directory, 'assets', 'index-abc.js.gz'), gzipSync(SCRIPT));
  await writeFile(join(directory, 'assets', 'icon-abc.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  await writeFile(join(directory, 'secret.txt'), 'not an asset');
  return directory;
}

describe('the web page', () => {
  let slipway: TestApplication;
  let directory: string;
  beforeAll(async () => {
    directory = await buildPage();
    slipway = await startTestApplication({ pageDirectory: directory });
  });
  afterAll(async () => {
    await slipway.close();
    await rm(directory, { recursive: true });
  });
  const get = (path: string, headers: Record<string, string> = BROWSER) => fetch(`${slipway.url}${path}`, { headers });
  const policyOf = (answer: Response) =>
    Object.fromEntries(
      (answer.headers.get('content-security-policy') ?? '').split('; ').map((directive) => {
        const [name = '', ...values] = directive.split(' ');
        return [name, values];
      }),
    );

  it.each(['/', '/sign-in', '/partners/demo/tenants/north/jobs?status=failed', '/admin/users', '/nothing/here'])(
    'is the same document at %s, asked for anew each time',
    async (path) => {
      const answer = await get(path);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(answer.headers.get('cache-control')).toBe('no-cache');
      expect(await answer.text()).toContain('<title>Slipway</title>');
    },
  );

  it('lets in its own files alone, styles by a nonce that is another each time, and requests to itself and the object store', async () => {
    const [first, second] = await Promise.all([get('/'), get('/')]);
    const nonceOf = async (answer: Response) => /nonce="([^"]+)"/.exec(await answer.text())?.[1];
    const nonces = [await nonceOf(first), await nonceOf(second)];
    expect(nonces[0]).toMatch(/^[A-Za-z0-9+/]{22}==$/);
    expect(nonces[0]).not.toBe(nonces[1]);
    expect(policyOf(first)).toEqual({
      'default-src': ["'none'"],
      'script-src': ["'self'"],
      'style-src': ["'self'", `'nonce-${nonces[0]}'`],
      'img-src': ["'self'", 'data:'],
      'connect-src': ["'self'", new URL(slipway.s3.endpoint).origin],
      'base-uri': ["'none'"],
      'form-action': ["'self'"],
      'frame-ancestors': ["'none'"],
    });
  });

  it.each([
    ['br, gzip', 'br'],
    ['gzip', 'gzip'],
    ['identity', null],
  ])('sends an asset compressed as the browser takes it: %s', async (accepted, encoding) => {
    const answer = await get('/assets/index-abc.js', { 'accept-encoding': accepted });
    expect(answer.headers.get('content-encoding')).toBe(encoding);
    expect(answer.headers.get('vary')).toContain('Accept-Encoding');
    expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(await answer.text()).toBe(SCRIPT);
  });

  it('sends an asset that is not compressed as it is', async () => {
    const answer = await get('/assets/icon-abc.svg');
    expect(answer.headers.get('content-encoding')).toBeNull();
    expect(answer.headers.get('content-type')).toBe('image/svg+xml');
  });

  it.each(['/v1/nothing', '/v2/jobs', '/docs/nothing', '/health/nothing', '/assets/old-abc.js', '/assets/..%2fsecret.txt'])(
    'is not at %s: that is a problem, also to a browser',
    async (path) => {
      const answer = await get(path);
      expect(answer.status).toBe(404);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(await answer.json()).toMatchObject({ code: 'route_not_found' });
    },
  );

  it('is not what /api answers, though that is disabled here', async () => {
    const answer = await get('/api/nothing');
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  it('is not what a program gets at a path that does not exist', async () => {
    const answer = await get('/nothing', { accept: '*/*' });
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: 'route_not_found' });
  });

  it('says so where it has not been built', async () => {
    const bare = await startTestApplication({ pageDirectory: join(directory, 'nothing') });
    try {
      const answer = await fetch(bare.url, { headers: BROWSER });
      expect(answer.status).toBe(503);
      expect(await answer.json()).toMatchObject({ code: 'page_not_built', detail: expect.stringContaining('npm run build') });
    } finally {
      await bare.close();
    }
  });
});
