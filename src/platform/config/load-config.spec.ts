import { createHash } from 'node:crypto';
import { ConfigError, loadConfig, type Program } from './load-config';

const KEY = `${'A'.repeat(43)}=`;

const LOGIN_ISSUER = {
  id: 'school',
  name: 'School login',
  issuer: 'https://login.example.org/realms/school',
  clientId: 'slipway',
  clientSecret: 'hunter2',
};
const WEB_LOGIN_ISSUERS = JSON.stringify([LOGIN_ISSUER]);
const WEB_BASE_URL = 'https://slipway.example.org';

const good = {
  EXTERNAL_API_TOKEN_ISSUER: 'https://login.example.org/realms/partners',
  EXTERNAL_API_TOKEN_AUDIENCE: 'https://slipway.example.org',
  DATABASE_URL: 'postgres://slipway:secret@db/slipway',
  S3_BUCKET: 'slipway',
  BUNDLE_REGISTRY: '/srv/bundles',
};

function faultsOf(changes: Record<string, string | undefined>, program: Program = 'web'): readonly string[] {
  try {
    loadConfig({ ...good, ...changes }, program);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

describe('the configuration', () => {
  it('has a default for whatever is not required', () => {
    const config = loadConfig(good, 'web');
    expect(config.http.port).toBe(3000);
    expect(config.objectStore).toMatchObject({
      bucket: 'slipway',
      endpoint: null,
      forcePathStyle: false,
      uploadUrlTtlSeconds: 3600,
    });
    expect(config.externalApi).toMatchObject({ jwksCacheSeconds: 600, jwksMaxStaleSeconds: 86_400 });
    expect(config.jobs).toEqual({
      startTtlHours: 72,
      maxUploadBytes: 1_073_741_824,
      maxOpenPerClient: 10_000,
      maxOpenPerUser: 1_000,
    });
    expect(config.worker).toEqual({ concurrency: 2, runTimeoutSeconds: 900, runMemoryMb: 512, maxLineBytes: 16_777_216 });
  });

  it.each<[Program, string[]]>([
    ['web', ['EXTERNAL_API_TOKEN_ISSUER', 'DATABASE_URL', 'S3_BUCKET', 'BUNDLE_REGISTRY']],
    ['worker', ['DATABASE_URL', 'S3_BUCKET']],
    ['migration', ['DATABASE_URL']],
    ['provision', ['DATABASE_URL']],
  ])('of the %s program lists everything that is not set', (program, names) => {
    try {
      loadConfig({}, program);
      throw new Error('it was accepted');
    } catch (error) {
      expect((error as ConfigError).faults.map((fault) => fault.split(' ')[0])).toEqual(names);
    }
  });

  it('lists every malformed value at once, and never shows one', () => {
    const faults = faultsOf({
      PORT: 'eighty',
      UPLOAD_URL_TTL_SECONDS: '604801',
      S3_FORCE_PATH_STYLE: 'yes',
      DATABASE_URL: 'mysql://root:hunter2@db',
      LOG_LEVEL: 'loud',
    });
    expect(faults).toHaveLength(5);
    expect(faults.join('\n')).not.toMatch(/eighty|604801|hunter2|loud/);
    expect(faults).toContain('PORT must be a whole number from 0 to 65535');
  });

  it.each([
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '3000.5'],
    ['PORT', '3e3'],
    ['JOB_START_TTL_HOURS', '0'],
    ['JOB_START_TTL_HOURS', '1h'],
    ['MAX_UPLOAD_BYTES', '5368709121'],
    ['WORKER_CONCURRENCY', '0'],
    ['S3_BUCKET', 'Not_A_Bucket'],
    ['S3_ENDPOINT', 's3.example.org'],
    ['EXTERNAL_API_TOKEN_ISSUER', 'login.example.org'],
    ['PAGING_CURSOR_SECRET', 'short'],
    ['ENCRYPTION_KEYS', 'AAAA'],
    ['ENCRYPTION_KEYS', `k1:${'A'.repeat(42)}==`],
    ['ENCRYPTION_KEYS', `k1:${KEY},`],
    ['ENCRYPTION_KEYS', `k1:${KEY},k1:${KEY}`],
    ['WEBHOOK_ALLOWED_CIDRS', '10.0.0.0'],
    ['WEBHOOK_ALLOWED_CIDRS', '10.0.0.0/8,'],
    ['WEBHOOK_LOG_RETENTION_DAYS', '0'],
    ['WEB_BASE_URL', 'https://slipway.example.org/'],
    ['WEB_BASE_URL', 'https://slipway.example.org/page'],
    ['WEB_BASE_URL', 'https://Slipway.example.org'],
    ['WEB_BASE_URL', 'slipway.example.org'],
    ['WEB_LOGIN_ISSUERS', 'https://login.example.org'],
    ['WEB_LOGIN_ISSUERS', '[]'],
    ['WEB_LOGIN_ISSUERS', JSON.stringify(LOGIN_ISSUER)],
    ['WEB_LOGIN_ISSUERS', JSON.stringify([{ ...LOGIN_ISSUER, id: 'School login' }])],
    ['WEB_LOGIN_ISSUERS', JSON.stringify([{ ...LOGIN_ISSUER, issuer: 'login.example.org' }])],
    ['WEB_LOGIN_ISSUERS', JSON.stringify([{ ...LOGIN_ISSUER, clientSecret: undefined }])],
    ['WEB_LOGIN_ISSUERS', JSON.stringify([{ ...LOGIN_ISSUER, secret: 'x' }])],
    ['WEB_LOGIN_ISSUERS', JSON.stringify([LOGIN_ISSUER, { ...LOGIN_ISSUER, issuer: 'https://login2.example.org' }])],
    ['WEB_LOGIN_ISSUERS', JSON.stringify([LOGIN_ISSUER, { ...LOGIN_ISSUER, id: 'other' }])],
    ['SESSION_SECRETS', 'short'],
    ['SESSION_SECRETS', `${'x'.repeat(32)},short`],
    ['SESSION_IDLE_MINUTES', '0'],
    ['SESSION_MAX_HOURS', '0'],
    ['ODS_ALLOWED_CIDRS', '10.0.0.0/33'],
  ])('refuses %s=%s', (name, value) => {
    expect(faultsOf({ [name]: value }).join()).toContain(name);
  });

  it('has login issuers only where it is told, and takes several session secrets', () => {
    expect(loadConfig(good, 'web').web).toMatchObject({
      baseUrl: null,
      issuers: [],
      sessionIdleMinutes: 60,
      sessionMaxHours: 12,
    });
    const [first, second] = ['x'.repeat(32), 'y'.repeat(32)];
    expect(
      loadConfig({ ...good, WEB_LOGIN_ISSUERS, WEB_BASE_URL, SESSION_SECRETS: `${first}, ${second}` }, 'web').web,
    ).toMatchObject({
      baseUrl: WEB_BASE_URL,
      issuers: [LOGIN_ISSUER],
      sessionSecrets: [first, second],
    });
  });

  it('never shows a login issuer, which has a secret', () => {
    const faults = faultsOf({ WEB_LOGIN_ISSUERS: JSON.stringify([{ ...LOGIN_ISSUER, id: '' }]) });
    expect(faults).toHaveLength(1);
    expect(faults.join()).not.toContain('hunter2');
  });

  it('takes fractions of hours', () => {
    expect(loadConfig({ ...good, JOB_START_TTL_HOURS: '0.001' }, 'web').jobs.startTtlHours).toBe(0.001);
    expect(loadConfig({ ...good, JOB_START_TTL_HOURS: '.5' }, 'web').jobs.startTtlHours).toBe(0.5);
  });

  it('takes an issuer set to nothing as none, and anything else set to nothing as unset', () => {
    const config = loadConfig({ ...good, EXTERNAL_API_TOKEN_ISSUER: '', EXTERNAL_API_TOKEN_AUDIENCE: '', PORT: '' }, 'web');
    expect(config.externalApi).toMatchObject({ issuer: null, audience: null });
    expect(config.http.port).toBe(3000);
  });

  it.each<[string, Record<string, string | undefined>, string]>([
    ['an issuer without an audience', { EXTERNAL_API_TOKEN_AUDIENCE: undefined }, 'EXTERNAL_API_TOKEN_AUDIENCE'],
    [
      'keys that are stale before they are old',
      { EXTERNAL_API_JWKS_MAX_STALE_SECONDS: '10' },
      'EXTERNAL_API_JWKS_MAX_STALE_SECONDS',
    ],
    ['an issuer on plain http', { EXTERNAL_API_TOKEN_ISSUER: 'http://login.example.org' }, 'EXTERNAL_API_TOKEN_ISSUER'],
    ['S3 on plain http', { S3_ENDPOINT: 'http://s3.example.org' }, 'S3_ENDPOINT'],
    [
      'loopback in production',
      {
        NODE_ENV: 'production',
        S3_ENDPOINT: 'http://127.0.0.1:9000',
        PAGING_CURSOR_SECRET: 'x'.repeat(32),
        ENCRYPTION_KEYS: `k1:${KEY}`,
      },
      'S3_ENDPOINT',
    ],
    ['no secret in production', { NODE_ENV: 'production', ENCRYPTION_KEYS: `k1:${KEY}` }, 'PAGING_CURSOR_SECRET'],
    ['no encryption key in production', { NODE_ENV: 'production', PAGING_CURSOR_SECRET: 'x'.repeat(32) }, 'ENCRYPTION_KEYS'],
    [
      'the development encryption key in production',
      {
        NODE_ENV: 'production',
        PAGING_CURSOR_SECRET: 'x'.repeat(32),
        ENCRYPTION_KEYS: `k1:${createHash('sha256').update('development only').digest('base64')}`,
      },
      'ENCRYPTION_KEYS',
    ],
    [
      'the development secret in production',
      {
        NODE_ENV: 'production',
        PAGING_CURSOR_SECRET: 'development-only-cursor-secret-0123456789',
        ENCRYPTION_KEYS: `k1:${KEY}`,
      },
      'PAGING_CURSOR_SECRET',
    ],
    ['login issuers without our own address', { WEB_LOGIN_ISSUERS }, 'WEB_BASE_URL'],
    [
      'a login issuer on plain http',
      { WEB_BASE_URL, WEB_LOGIN_ISSUERS: WEB_LOGIN_ISSUERS.replace('https:', 'http:') },
      'WEB_LOGIN_ISSUERS',
    ],
    ['a page on plain http', { WEB_LOGIN_ISSUERS, WEB_BASE_URL: 'http://slipway.example.org' }, 'WEB_BASE_URL'],
    [
      'login issuers but no session secret in production',
      {
        NODE_ENV: 'production',
        PAGING_CURSOR_SECRET: 'x'.repeat(32),
        ENCRYPTION_KEYS: `k1:${KEY}`,
        WEB_LOGIN_ISSUERS,
        WEB_BASE_URL,
      },
      'SESSION_SECRETS',
    ],
    [
      'the development session secret in production',
      {
        NODE_ENV: 'production',
        PAGING_CURSOR_SECRET: 'x'.repeat(32),
        ENCRYPTION_KEYS: `k1:${KEY}`,
        WEB_LOGIN_ISSUERS,
        WEB_BASE_URL,
        SESSION_SECRETS: `${'x'.repeat(32)},development-only-session-secret-0123456789`,
      },
      'SESSION_SECRETS',
    ],
  ])('refuses %s', (_name, changes, variable) => {
    const faults = faultsOf(changes);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(variable);
  });

  it.each(['http://127.0.0.1:9000', 'http://localhost:9000', 'http://[::1]:9000'])('takes %s outside production', (endpoint) => {
    expect(loadConfig({ ...good, S3_ENDPOINT: endpoint }, 'web').objectStore.endpoint).toBe(endpoint);
  });

  it('warns of development defaults, in the programs that use them', () => {
    const warnings = (program: Program, env = {}) =>
      loadConfig({ ...good, ...env }, program).warnings.map((text) => text.split(' ')[0]);
    expect(warnings('web')).toEqual(['PAGING_CURSOR_SECRET', 'ENCRYPTION_KEYS']);
    expect(warnings('worker')).toEqual(['ENCRYPTION_KEYS']);
    expect(warnings('migration')).toEqual([]);
    expect(warnings('web', { WEB_LOGIN_ISSUERS, WEB_BASE_URL })).toContain('SESSION_SECRETS');
    expect(warnings('web', { PAGING_CURSOR_SECRET: 'x'.repeat(32), ENCRYPTION_KEYS: `k1:${KEY}` })).toEqual([]);
  });

  it('takes several encryption keys, the first of which encrypts', () => {
    const { keys } = loadConfig({ ...good, ENCRYPTION_KEYS: `k2:${KEY},k1:${KEY}` }, 'worker').encryption;
    expect(keys).toEqual(['k2', 'k1'].map((id) => ({ id, key: Buffer.alloc(32) })));
  });

  it('allows webhooks nothing but public addresses unless told, and plain http only outside production', () => {
    expect(loadConfig(good, 'web').webhooks).toEqual({ allowedCidrs: [], httpOnLoopback: true, logRetentionDays: 30 });
    const env = { ...good, NODE_ENV: 'production', WEBHOOK_ALLOWED_CIDRS: '10.0.0.0/8, fd12::/48', ENCRYPTION_KEYS: `k1:${KEY}` };
    expect(loadConfig(env, 'worker').webhooks).toMatchObject({
      allowedCidrs: ['10.0.0.0/8', 'fd12::/48'],
      httpOnLoopback: false,
    });
  });

  it('allows Ed-Fi APIs the same, by a setting of their own', () => {
    expect(loadConfig(good, 'web').ods).toEqual({ allowedCidrs: [], httpOnLoopback: true });
    const env = { ...good, NODE_ENV: 'production', ODS_ALLOWED_CIDRS: '10.9.0.0/16', ENCRYPTION_KEYS: `k1:${KEY}` };
    expect(loadConfig(env, 'worker').ods).toEqual({ allowedCidrs: ['10.9.0.0/16'], httpOnLoopback: false });
  });
});
