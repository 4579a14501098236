/**
 * The settings as the modules see them: one class a concern, injected by type. The classes are only names for plain values
 * that `loadConfig` makes; units are in the names.
 */

export class HttpSettings {
  readonly port: number;
}

export class MetricsSettings {
  /** null: metrics are off. 0 takes any free port. */
  readonly port: number | null;
}

export class TracingSettings {
  /** Whether traces are sent. Where to and how, the OpenTelemetry SDK reads from its own variables. */
  readonly enabled: boolean;
}

export class DatabaseSettings {
  readonly url: string;
  readonly poolSize: number;
}

export class ObjectStoreSettings {
  readonly bucket: string;
  /** null: AWS's own endpoint for the region. */
  readonly endpoint: string | null;
  readonly forcePathStyle: boolean;
  /** Only local mode sets these; otherwise the AWS SDK's own chain finds region and credentials. */
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly uploadUrlTtlSeconds: number;
  readonly downloadUrlTtlSeconds: number;
}

export class ExternalApiSettings {
  /** null: the External API is disabled and answers 503 `external_api_disabled`. */
  readonly issuer: string | null;
  /** Never null where there is an issuer. */
  readonly audience: string | null;
  readonly jwksCacheSeconds: number;
  readonly jwksMaxStaleSeconds: number;
}

/** An OpenID Connect issuer with which people sign in, and what it knows us as. */
export interface LoginIssuer {
  /** For URLs and the page; the issuer itself is told by `issuer`. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export class WebSettings {
  /** The origin at which browsers reach us, without a slash at its end; null only where there are no issuers. */
  readonly baseUrl: string | null;
  /** None: nobody can sign in, and the web page's API answers 503 `login_disabled`. */
  readonly issuers: readonly LoginIssuer[];
  /** The first signs session cookies, all verify; never empty. */
  readonly sessionSecrets: readonly string[];
  /** After how long without anybody using the page a session ends. */
  readonly sessionIdleMinutes: number;
  /** After how long a session ends, whatever is done in it. */
  readonly sessionMaxHours: number;
}

export class RateLimitSettings {
  /** Requests of one client in one process; 0: no limit. */
  readonly perMinute: number;
  /** The same for a person on the web page. */
  readonly userPerMinute: number;
}

export class PagingSettings {
  /** Key under which list cursors are signed; the same in every process. */
  readonly cursorSecret: string;
}

export class EncryptionSettings {
  /** The first encrypts, all decrypt; never empty. Each key has 32 bytes. */
  readonly keys: readonly { readonly id: string; readonly key: Buffer }[];
}

export class BundleSettings {
  /** A directory, or a git URL with an optional `#branch-or-tag`. */
  readonly registry: string;
  readonly refreshSeconds: number;
}

export class JobSettings {
  readonly startTtlHours: number;
  readonly maxUploadBytes: number;
  /** Jobs of one API client that are created, queued or running; 0: no limit. */
  readonly maxOpenPerClient: number;
  /** The same for a person on the web page. */
  readonly maxOpenPerUser: number;
}

export class RetentionSettings {
  /** How long after a job's end its input files are kept; null: for ever. */
  readonly inputDays: number | null;
  /** How long after a job's end its output files are kept; null: for ever. */
  readonly outputDays: number | null;
}

export class WebhookSettings {
  /** Ranges that may be sent to though they are not public. */
  readonly allowedCidrs: readonly string[];
  /** Whether an endpoint on a loopback address may be on plain http; never in production. */
  readonly httpOnLoopback: boolean;
  /** How long the delivery log goes back. */
  readonly logRetentionDays: number;
}

export class OdsSettings {
  /** Ranges in which an Ed-Fi API may be though they are not public. */
  readonly allowedCidrs: readonly string[];
  /** Whether one on a loopback address may be on plain http; never in production. */
  readonly httpOnLoopback: boolean;
}

export class WorkerSettings {
  /** Runs at once in one worker process. */
  readonly concurrency: number;
  readonly runTimeoutSeconds: number;
  readonly runMemoryMb: number;
  readonly maxLineBytes: number;
}

export class LoggingSettings {
  readonly level: 'silent' | 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';
}

export interface Config {
  readonly production: boolean;
  readonly http: HttpSettings;
  readonly metrics: MetricsSettings;
  readonly tracing: TracingSettings;
  readonly database: DatabaseSettings;
  readonly objectStore: ObjectStoreSettings;
  readonly externalApi: ExternalApiSettings;
  readonly web: WebSettings;
  readonly rateLimit: RateLimitSettings;
  readonly paging: PagingSettings;
  readonly encryption: EncryptionSettings;
  readonly bundles: BundleSettings;
  readonly jobs: JobSettings;
  readonly retention: RetentionSettings;
  readonly webhooks: WebhookSettings;
  readonly ods: OdsSettings;
  readonly worker: WorkerSettings;
  readonly logging: LoggingSettings;
  /** Things the operator should know though they do not stop the boot; logged once. */
  readonly warnings: readonly string[];
}
