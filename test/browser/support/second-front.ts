import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Connection } from '../../../src/local/connection-file';
import { freePort } from '../../support/free-port';
import { LOGIN_CLIENT, startLoginIssuer, type LoginIssuer } from '../../support/login-issuer';
import { waitFor } from '../../support/wait';

const ROOT = join(__dirname, '../../..');

/** Somebody as the issuer knows them. */
export interface Person {
  readonly subject: string;
  readonly name: string;
}

/**
 * Another web process over the same database and storage, as an installation has several. Its login issuer signs in whomever a
 * test wants, since local mode knows its four users alone, and its bundle registry is a copy that a test may break.
 */
export class SecondFront {
  private constructor(
    readonly url: string,
    /** The folder of its bundle registry. */
    readonly registry: string,
    readonly issuer: LoginIssuer,
    private readonly process: ChildProcess,
  ) {}

  static async start({ databaseUrl, s3 }: Connection): Promise<SecondFront> {
    const [issuer, port] = await Promise.all([startLoginIssuer(), freePort()]);
    const registry = mkdtempSync(join(tmpdir(), 'slipway-registry-'));
    cpSync(join(ROOT, 'bundles'), registry, { recursive: true });
    const url = `http://127.0.0.1:${port}`;
    const child = spawn(process.execPath, [join(ROOT, 'dist/main.js')], {
      stdio: 'ignore',
      env: {
        ...process.env,
        NODE_ENV: 'test',
        PORT: String(port),
        DATABASE_URL: databaseUrl,
        EXTERNAL_API_TOKEN_ISSUER: '',
        WEB_BASE_URL: url,
        WEB_LOGIN_ISSUERS: JSON.stringify([{ id: 'second', name: 'District login', issuer: issuer.issuer, ...LOGIN_CLIENT }]),
        S3_ENDPOINT: s3.endpoint ?? '',
        S3_BUCKET: s3.bucket,
        S3_FORCE_PATH_STYLE: 'true',
        AWS_REGION: s3.region ?? '',
        AWS_ACCESS_KEY_ID: s3.accessKeyId ?? '',
        AWS_SECRET_ACCESS_KEY: s3.secretAccessKey ?? '',
        BUNDLE_REGISTRY: registry,
        BUNDLE_REGISTRY_REFRESH_SECONDS: '1',
      },
    });
    await waitFor(async () => (await fetch(`${url}/health/ready`)).ok);
    return new SecondFront(url, registry, issuer, child);
  }

  /** Comes back from the issuer to the page as a person whom it has signed in. */
  async signIn(page: Page, { subject, name }: Person): Promise<void> {
    const login = await page.request.get(`${this.url}/api/auth/login?issuer=second`, { maxRedirects: 0 });
    const request = Object.fromEntries(new URL(login.headers()['location'] ?? '').searchParams);
    const query = await this.issuer.authorize(request, { sub: subject, name, email: `${subject}@district.example` });
    await page.goto(`${request['redirect_uri']}?${query.toString()}`);
  }

  async stop(): Promise<void> {
    const ended = once(this.process, 'exit');
    this.process.kill('SIGTERM');
    await Promise.all([ended, this.issuer.close()]);
    rmSync(this.registry, { recursive: true, force: true });
  }
}
