import { createHash } from 'node:crypto';
import { environmentSchema, MAY_BE_EMPTY, type Environment } from './environment';
import { OperatorError } from '../operator-error';
import type { Config } from './settings';

/** Which program is starting: each needs a part of the settings, and only a missing part of its own stops it. */
export type Program = 'web' | 'worker' | 'migration' | 'provision';

/** Every fault of the configuration in one message: the variable, what is wrong and what is allowed, never its value. */
export class ConfigError extends OperatorError {
  constructor(readonly faults: readonly string[]) {
    super(
      `The configuration has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
    this.name = 'ConfigError';
  }
}

const REQUIRED: Record<Program, readonly (keyof Environment)[]> = {
  web: ['EXTERNAL_API_TOKEN_ISSUER', 'DATABASE_URL', 'S3_BUCKET', 'BUNDLE_REGISTRY'],
  worker: ['DATABASE_URL', 'S3_BUCKET'],
  migration: ['DATABASE_URL'],
  provision: ['DATABASE_URL'],
};

/** For development only: refused in production, where PAGING_CURSOR_SECRET has to be set. */
const DEVELOPMENT_CURSOR_SECRET = 'development-only-cursor-secret-0123456789';

/** For development only: refused in production, where SESSION_SECRETS has to be set. */
const DEVELOPMENT_SESSION_SECRET = 'development-only-session-secret-0123456789';

/** For development only: anybody can read what it encrypted. Refused in production, where ENCRYPTION_KEYS has to be set. */
const DEVELOPMENT_ENCRYPTION_KEY = { id: 'development', key: createHash('sha256').update('development only').digest() };

/**
 * Reads and checks the whole environment at once.
 *
 * @param env the process's environment; a variable that is set to nothing counts as unset, but for an empty issuer.
 * @throws ConfigError with all faults.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>, program: Program): Config {
  const faults: string[] = [];
  const environment = parse(env, faults);
  if (environment) {
    for (const name of REQUIRED[program]) if (environment[name] === undefined) faults.push(missing(name));
    faults.push(...contradictions(environment, program));
  }
  if (!environment || faults.length > 0) throw new ConfigError(faults);
  return toConfig(environment, program);
}

/** Reads the variables alone, without asking that any be set: local mode fills in what is absent. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const faults: string[] = [];
  const environment = parse(env, faults);
  if (!environment) throw new ConfigError(faults);
  return environment;
}

function parse(env: Readonly<Record<string, string | undefined>>, faults: string[]): Environment | undefined {
  const given = Object.fromEntries(
    Object.keys(environmentSchema.shape).flatMap((name) => {
      const value = env[name];
      return value === undefined || (value === '' && !MAY_BE_EMPTY.has(name)) ? [] : [[name, value]];
    }),
  );
  const parsed = environmentSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  // A refinement after a failed pattern repeats the pattern's message.
  const messages = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
  faults.push(...new Set(messages));
  return undefined;
}

function missing(name: string): string {
  const hint = MAY_BE_EMPTY.has(name) ? ' (set it to nothing to run without an issuer)' : '';
  return `${name} is not set${hint}; see env.copyme`;
}

function contradictions(environment: Environment, program: Program): string[] {
  const faults: string[] = [];
  const production = environment.NODE_ENV === 'production';
  if (program === 'web') {
    if (environment.EXTERNAL_API_TOKEN_ISSUER && !environment.EXTERNAL_API_TOKEN_AUDIENCE)
      faults.push('EXTERNAL_API_TOKEN_AUDIENCE is not set, and is required where EXTERNAL_API_TOKEN_ISSUER is');
    if (production && !environment.PAGING_CURSOR_SECRET) faults.push(missing('PAGING_CURSOR_SECRET'));
  }
  if (production && environment.PAGING_CURSOR_SECRET === DEVELOPMENT_CURSOR_SECRET)
    faults.push('PAGING_CURSOR_SECRET is the development default, which is refused in production');
  if (production && (program === 'web' || program === 'worker') && !environment.ENCRYPTION_KEYS)
    faults.push(missing('ENCRYPTION_KEYS'));
  if (production && environment.ENCRYPTION_KEYS?.some(({ key }) => key.equals(DEVELOPMENT_ENCRYPTION_KEY.key)))
    faults.push('ENCRYPTION_KEYS has the development default, which is refused in production');
  if (program === 'web' && environment.WEB_LOGIN_ISSUERS) {
    if (!environment.WEB_BASE_URL) faults.push('WEB_BASE_URL is not set, and is required where WEB_LOGIN_ISSUERS is');
    if (production && !environment.SESSION_SECRETS) faults.push(missing('SESSION_SECRETS'));
  }
  if (production && environment.SESSION_SECRETS?.includes(DEVELOPMENT_SESSION_SECRET))
    faults.push('SESSION_SECRETS has the development default, which is refused in production');
  if (environment.WEB_LOGIN_ISSUERS?.some(({ issuer }) => !isSafeUrl(issuer, production)))
    faults.push(`the issuers of WEB_LOGIN_ISSUERS ${mustUseHttps(production)}`);
  for (const name of ['EXTERNAL_API_TOKEN_ISSUER', 'WEB_BASE_URL', 'S3_ENDPOINT'] as const) {
    const value = environment[name];
    if (value && !isSafeUrl(value, production)) faults.push(`${name} ${mustUseHttps(production)}`);
  }
  if (environment.EXTERNAL_API_JWKS_MAX_STALE_SECONDS < environment.EXTERNAL_API_JWKS_CACHE_SECONDS)
    faults.push('EXTERNAL_API_JWKS_MAX_STALE_SECONDS must not be below EXTERNAL_API_JWKS_CACHE_SECONDS');
  return faults;
}

const mustUseHttps = (production: boolean): string =>
  `must use https${production ? '' : ' (http is allowed on a loopback address outside production)'}`;

function isSafeUrl(value: string, production: boolean): boolean {
  const { protocol, hostname } = new URL(value);
  return protocol === 'https:' || (!production && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname));
}

function toConfig(environment: Environment, program: Program): Config {
  const warnings: string[] = [];
  if (program === 'web' && !environment.PAGING_CURSOR_SECRET)
    warnings.push('PAGING_CURSOR_SECRET is not set: list cursors are signed with the development default');
  if ((program === 'web' || program === 'worker') && !environment.ENCRYPTION_KEYS)
    warnings.push('ENCRYPTION_KEYS is not set: stored secrets are encrypted with the development default');
  if (program === 'web' && environment.WEB_LOGIN_ISSUERS && !environment.SESSION_SECRETS)
    warnings.push('SESSION_SECRETS is not set: session cookies are signed with the development default');
  const production = environment.NODE_ENV === 'production';
  return {
    production,
    http: { port: environment.PORT },
    metrics: { port: environment.METRICS_PORT ?? null },
    tracing: { enabled: environment.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined },
    database: { url: environment.DATABASE_URL ?? '', poolSize: environment.DATABASE_POOL_SIZE },
    objectStore: {
      bucket: environment.S3_BUCKET ?? '',
      endpoint: environment.S3_ENDPOINT ?? null,
      forcePathStyle: environment.S3_FORCE_PATH_STYLE,
      uploadUrlTtlSeconds: environment.UPLOAD_URL_TTL_SECONDS,
      downloadUrlTtlSeconds: environment.DOWNLOAD_URL_TTL_SECONDS,
    },
    externalApi: {
      issuer: environment.EXTERNAL_API_TOKEN_ISSUER || null,
      audience: environment.EXTERNAL_API_TOKEN_AUDIENCE ?? null,
      jwksCacheSeconds: environment.EXTERNAL_API_JWKS_CACHE_SECONDS,
      jwksMaxStaleSeconds: environment.EXTERNAL_API_JWKS_MAX_STALE_SECONDS,
    },
    web: {
      baseUrl: environment.WEB_BASE_URL ?? null,
      issuers: environment.WEB_LOGIN_ISSUERS ?? [],
      sessionSecrets: environment.SESSION_SECRETS ?? [DEVELOPMENT_SESSION_SECRET],
      sessionIdleMinutes: environment.SESSION_IDLE_MINUTES,
      sessionMaxHours: environment.SESSION_MAX_HOURS,
    },
    rateLimit: { perMinute: environment.RATE_LIMIT_PER_MINUTE, userPerMinute: environment.USER_RATE_LIMIT_PER_MINUTE },
    paging: { cursorSecret: environment.PAGING_CURSOR_SECRET ?? DEVELOPMENT_CURSOR_SECRET },
    encryption: { keys: environment.ENCRYPTION_KEYS ?? [DEVELOPMENT_ENCRYPTION_KEY] },
    bundles: { registry: environment.BUNDLE_REGISTRY ?? '', refreshSeconds: environment.BUNDLE_REGISTRY_REFRESH_SECONDS },
    jobs: {
      startTtlHours: environment.JOB_START_TTL_HOURS,
      maxUploadBytes: environment.MAX_UPLOAD_BYTES,
      maxOpenPerClient: environment.MAX_OPEN_JOBS_PER_CLIENT,
      maxOpenPerUser: environment.MAX_OPEN_JOBS_PER_USER,
    },
    retention: {
      inputDays: environment.INPUT_RETENTION_DAYS || null,
      outputDays: environment.OUTPUT_RETENTION_DAYS || null,
    },
    webhooks: {
      allowedCidrs: environment.WEBHOOK_ALLOWED_CIDRS ?? [],
      httpOnLoopback: !production,
      logRetentionDays: environment.WEBHOOK_LOG_RETENTION_DAYS,
    },
    ods: { allowedCidrs: environment.ODS_ALLOWED_CIDRS ?? [], httpOnLoopback: !production },
    worker: {
      concurrency: environment.WORKER_CONCURRENCY,
      runTimeoutSeconds: environment.RUN_TIMEOUT_SECONDS,
      runMemoryMb: environment.RUN_MEMORY_MB,
      maxLineBytes: environment.MAX_LINE_BYTES,
    },
    logging: { level: environment.LOG_LEVEL },
    warnings,
  };
}
