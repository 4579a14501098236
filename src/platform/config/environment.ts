import { z } from 'zod';
import { isCidr } from '../outbound/address-policy';

/** Every variable, in the order of `env.copyme`. A test holds the two together. */

const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be a whole number from ${min} to ${max}`);

const hours = (max: number) =>
  z
    .string()
    .regex(/^(\d{1,6}(\.\d{1,6})?|\.\d{1,6})$/, `must be a number of hours above 0 and up to ${max}; fractions are allowed`)
    .transform(Number)
    .refine((value) => value > 0 && value <= max, `must be a number of hours above 0 and up to ${max}; fractions are allowed`);

const days = (max: number) => {
  const rule = `must be a number of days from 0 to ${max}; fractions are allowed`;
  return z
    .string()
    .regex(/^(\d{1,5}(\.\d{1,9})?|\.\d{1,9})$/, rule)
    .transform(Number)
    .refine((value) => value <= max, rule);
};

const flag = z.enum(['true', 'false'], 'must be true or false').transform((value) => value === 'true');

function hasScheme(value: string, schemes: readonly string[]): boolean {
  try {
    return schemes.includes(new URL(value).protocol);
  } catch {
    return false;
  }
}
const url = (schemes: readonly string[], example: string) =>
  z.string().refine((value) => hasScheme(value, schemes), `must be a URL such as ${example}`);

/** Keys for AES-256, each with the id that is kept with whatever it encrypted; no two have one id. */
const ENCRYPTION_KEYS =
  'must be a comma-separated list of id:key, each key 32 bytes in base64 (openssl rand -base64 32), each id 1 to 32 of A-Z, a-z, 0-9, hyphen and underscore';
const encryptionKeys = z
  .string()
  .regex(/^[\w-]{1,32}:[A-Za-z0-9+/]{43}=(,[\w-]{1,32}:[A-Za-z0-9+/]{43}=)*$/, ENCRYPTION_KEYS)
  .transform((value) =>
    value.split(',').map((entry) => {
      const [id = '', base64 = ''] = entry.split(':');
      return { id, key: Buffer.from(base64, 'base64') };
    }),
  )
  .refine((keys) => new Set(keys.map(({ id }) => id)).size === keys.length, 'must not have two keys of one id');

const cidrs = z
  .string()
  .transform((value) => value.split(',').map((cidr) => cidr.trim()))
  .refine((list) => list.every(isCidr), 'must be a comma-separated list of ranges such as 10.20.0.0/16,fd12::/48');

/** An origin as a browser writes it (RFC 6454 §6.1), which a URL is when it has nothing behind its host and port. */
const origin = z
  .string()
  .refine(
    (value) => hasScheme(value, ['http:', 'https:']) && new URL(value).origin === value,
    'must be an origin such as https://slipway.example.org: no path, no slash at the end, lower case',
  );

const loginIssuer = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,32}$/),
  name: z.string().min(1).max(100),
  issuer: z.string().refine((value) => hasScheme(value, ['http:', 'https:'])),
  clientId: z.string().min(1).max(255),
  clientSecret: z.string().min(1).max(1024),
});
const LOGIN_ISSUERS =
  'must be a JSON list of { "id", "name", "issuer", "clientId", "clientSecret" }, each id 1 to 32 of a-z, 0-9 and hyphen, each issuer a URL; no two have one id or issuer';
const loginIssuers = z.string().transform((value, context) => {
  const list = z.array(loginIssuer).min(1).safeParse(parseJson(value));
  const isUnique = (key: 'id' | 'issuer') => new Set(list.data?.map((entry) => entry[key])).size === list.data?.length;
  if (list.success && isUnique('id') && isUnique('issuer')) return list.data;
  context.addIssue({ code: 'custom', message: LOGIN_ISSUERS });
  return z.NEVER;
});

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const sessionSecrets = z
  .string()
  .transform((value) => value.split(',').map((secret) => secret.trim()))
  .refine(
    (list) => list.every((secret) => secret.length >= 32),
    'must be a comma-separated list, each secret of at least 32 characters',
  );

/** S3 refuses presigned URLs that live longer than seven days (AWS, "Sharing objects with presigned URLs"). */
const MAX_PRESIGNED_SECONDS = 604_800;
/** The largest object that S3 takes in a single PUT (AWS, "Uploading objects"). */
const MAX_SINGLE_PUT_BYTES = 5 * 1024 ** 3;

export const environmentSchema = z.object({
  // Set but empty means "no issuer", so an empty text is a value of its own here.
  EXTERNAL_API_TOKEN_ISSUER: z
    .string()
    .refine(
      (value) => value === '' || hasScheme(value, ['http:', 'https:']),
      'must be a URL such as https://login.example.org/realms/partners, or empty',
    )
    .optional(),
  EXTERNAL_API_TOKEN_AUDIENCE: z.string().max(1024, 'must be at most 1,024 characters').optional(),
  EXTERNAL_API_JWKS_CACHE_SECONDS: integer(1, 86_400).default(600),
  EXTERNAL_API_JWKS_MAX_STALE_SECONDS: integer(0, 2_592_000).default(86_400),
  WEB_BASE_URL: origin.optional(),
  WEB_LOGIN_ISSUERS: loginIssuers.optional(),
  SESSION_SECRETS: sessionSecrets.optional(),
  SESSION_IDLE_MINUTES: integer(1, 10_080).default(60),
  SESSION_MAX_HOURS: hours(720).default(12),
  DATABASE_URL: url(['postgres:', 'postgresql:'], 'postgres://user:password@host:5432/slipway').optional(),
  DATABASE_POOL_SIZE: integer(1, 500).default(10),
  S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "must be a bucket's name: 3 to 63 of a-z, 0-9, dot and hyphen")
    .optional(),
  S3_ENDPOINT: url(['http:', 'https:'], 'https://s3.example.org').optional(),
  S3_FORCE_PATH_STYLE: flag.default(false),
  BUNDLE_REGISTRY: z.string().optional(),
  BUNDLE_REGISTRY_REFRESH_SECONDS: integer(1, 86_400).default(300),
  RATE_LIMIT_PER_MINUTE: integer(0, 10_000_000).default(6000),
  USER_RATE_LIMIT_PER_MINUTE: integer(0, 10_000_000).default(3000),
  PAGING_CURSOR_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  ENCRYPTION_KEYS: encryptionKeys.optional(),
  PORT: integer(0, 65_535).default(3000),
  METRICS_PORT: integer(0, 65_535).optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: url(['http:', 'https:'], 'http://127.0.0.1:4318').optional(),
  LOG_LEVEL: z
    .enum(
      ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'],
      'must be silent, fatal, error, warn, info, debug or trace',
    )
    .default('info'),
  UPLOAD_URL_TTL_SECONDS: integer(1, MAX_PRESIGNED_SECONDS).default(3600),
  DOWNLOAD_URL_TTL_SECONDS: integer(1, MAX_PRESIGNED_SECONDS).default(900),
  JOB_START_TTL_HOURS: hours(8760).default(72),
  INPUT_RETENTION_DAYS: days(36_500).default(30),
  OUTPUT_RETENTION_DAYS: days(36_500).default(90),
  MAX_UPLOAD_BYTES: integer(1, MAX_SINGLE_PUT_BYTES).default(1024 ** 3),
  WEBHOOK_ALLOWED_CIDRS: cidrs.optional(),
  WEBHOOK_LOG_RETENTION_DAYS: integer(1, 365).default(30),
  ODS_ALLOWED_CIDRS: cidrs.optional(),
  MAX_OPEN_JOBS_PER_CLIENT: integer(0, 1_000_000).default(10_000),
  MAX_OPEN_JOBS_PER_USER: integer(0, 1_000_000).default(1_000),
  WORKER_CONCURRENCY: integer(1, 64).default(2),
  RUN_TIMEOUT_SECONDS: integer(1, 86_400).default(900),
  RUN_MEMORY_MB: integer(64, 65_536).default(512),
  MAX_LINE_BYTES: integer(1024, 1024 ** 3).default(16 * 1024 ** 2),
  SLIPWAY_LOCAL_DIR: z.string().default('.local'),
  NODE_ENV: z.string().default('development'),
});

export type Environment = z.infer<typeof environmentSchema>;

/** The variables that mean something when they are set to an empty text; everywhere else empty counts as unset. */
export const MAY_BE_EMPTY: ReadonlySet<string> = new Set(['EXTERNAL_API_TOKEN_ISSUER']);
