import { join } from 'node:path';
import type { Environment } from '../platform/config/environment';
import { CALLBACK_PATH, SIGN_IN_PAGE } from '../web/auth/login/login.service';
import { BACKCHANNEL_LOGOUT_PATH } from '../web/auth/login/login.controller';
import { DEMO_CLIENTS, DEMO_USERS } from './demo-data';
import { startLocalIssuer, type LocalIssuer, type LocalWebClient } from './issuer/local-issuer';
import { onLastPort } from './local-ports';
import { loadLocalSecrets, type LocalSecrets } from './local-secrets';
import { startLocalPostgres } from './postgres/local-postgres';
import { startLocalS3 } from './s3/server';

const WEB_CLIENT_ID = 'slipway-web';
const AUDIENCE = 'http://localhost/slipway';
const S3_ACCESS_KEY_ID = 'slipway-local';
const S3_REGION = 'us-east-1';
const S3_BUCKET = 'slipway';

/** An S3 of our own making: where it is and how to get in. */
export interface EmbeddedS3 {
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Issues tokens for the External API, signs people in on the web page, or both: whatever no setting names another issuer for. */
export interface EmbeddedIssuer {
  readonly issuer: string;
  readonly tokenEndpoint: string;
  /** null: the External API's tokens are another issuer's. */
  readonly audience: string | null;
  /** null: people sign in with another issuer. */
  readonly webClient: { readonly clientId: string; readonly clientSecret: string } | null;
}

/** The parts that no setting names, started. A part is null where a setting names a real one. */
export interface EmbeddedParts {
  readonly databaseUrl: string | null;
  readonly s3: EmbeddedS3 | null;
  readonly issuer: EmbeddedIssuer | null;
  readonly secrets: LocalSecrets;
  stop(): Promise<void>;
}

/**
 * Starts, at once, each part whose setting is absent.
 *
 * @param webOrigin where the page will be.
 * @throws whatever kept one from starting, after stopping the others.
 */
export async function startEmbeddedParts(environment: Environment, directory: string, webOrigin: string): Promise<EmbeddedParts> {
  const secrets = await loadLocalSecrets(
    directory,
    DEMO_CLIENTS.map((client) => client.clientId),
    DEMO_USERS.map((user) => user.subject),
  );
  const running: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => void (await Promise.all(running.map((stopPart) => stopPart())));
  const started = await Promise.allSettled([
    environment.DATABASE_URL ? null : startPostgres(directory, running),
    environment.S3_BUCKET || environment.S3_ENDPOINT ? null : startS3(directory, secrets, running),
    environment.EXTERNAL_API_TOKEN_ISSUER === undefined || !environment.WEB_LOGIN_ISSUERS
      ? startIssuer(environment, directory, webOrigin, secrets, running)
      : null,
  ]);
  const failed = started.find((result) => result.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  const [databaseUrl, s3, issuer] = started.map((result) => (result.status === 'fulfilled' ? result.value : null)) as [
    string | null,
    EmbeddedS3 | null,
    EmbeddedIssuer | null,
  ];
  return { databaseUrl, s3, issuer, secrets, stop };
}

async function startPostgres(directory: string, running: (() => Promise<void>)[]): Promise<string> {
  const postgres = await startLocalPostgres({ directory: join(directory, 'postgres') });
  running.push(() => postgres.stop());
  return postgres.url;
}

async function startS3(
  directory: string,
  { s3SecretAccessKey }: LocalSecrets,
  running: (() => Promise<void>)[],
): Promise<EmbeddedS3> {
  const access = { accessKeyId: S3_ACCESS_KEY_ID, secretAccessKey: s3SecretAccessKey, region: S3_REGION };
  const start = (port: number) =>
    startLocalS3({ ...access, directory: join(directory, 's3'), port, buckets: [S3_BUCKET], corsOrigins: ['*'] });
  const server = await onLastPort(directory, 's3', start, ({ port }) => port);
  running.push(() => server.close());
  return { ...access, endpoint: server.endpoint, bucket: S3_BUCKET };
}

async function startIssuer(
  environment: Environment,
  directory: string,
  webOrigin: string,
  secrets: LocalSecrets,
  running: (() => Promise<void>)[],
): Promise<EmbeddedIssuer> {
  const issuesTokens = environment.EXTERNAL_API_TOKEN_ISSUER === undefined;
  const web = environment.WEB_LOGIN_ISSUERS ? undefined : webClientOf(webOrigin, secrets);
  const audience = environment.EXTERNAL_API_TOKEN_AUDIENCE ?? AUDIENCE;
  const clients = (issuesTokens ? DEMO_CLIENTS : []).map(({ clientId, clientName, scopes }) => ({
    clientId,
    clientName,
    clientSecret: secrets.clientSecrets[clientId] ?? '',
    scopes: [...scopes],
  }));
  const start = (port: number): Promise<LocalIssuer> =>
    startLocalIssuer({ directory: join(directory, 'issuer'), port, audience, clients, web });
  const server = await onLastPort(directory, 'issuer', start, ({ issuer }) => Number(new URL(issuer).port));
  running.push(() => server.close());
  return {
    issuer: server.issuer,
    tokenEndpoint: server.tokenEndpoint,
    audience: issuesTokens ? audience : null,
    webClient: web ?? null,
  };
}

function webClientOf(origin: string, { webClientSecret, userPasswords }: LocalSecrets): LocalWebClient {
  return {
    clientId: WEB_CLIENT_ID,
    clientSecret: webClientSecret,
    origin,
    callbackPath: CALLBACK_PATH,
    signedOutPath: SIGN_IN_PAGE,
    backchannelLogoutPath: BACKCHANNEL_LOGOUT_PATH,
    users: DEMO_USERS.map((user) => ({ ...user, password: userPasswords[user.subject] ?? '' })),
  };
}
