import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the embedded parts share with their clients. Made once for an installation, of no use to any other. */
export interface LocalSecrets {
  readonly s3SecretAccessKey: string;
  readonly pagingCursorSecret: string;
  /** As in ENCRYPTION_KEYS. */
  readonly encryptionKeys: string;
  /** By client id. */
  readonly clientSecrets: Readonly<Record<string, string>>;
  readonly sessionSecret: string;
  readonly webClientSecret: string;
  /** By the user's subject. */
  readonly userPasswords: Readonly<Record<string, string>>;
}

/** The secrets of an earlier start, completed where something is missing; kept in a file that only its owner reads. */
export async function loadLocalSecrets(
  directory: string,
  clientIds: readonly string[],
  subjects: readonly string[],
): Promise<LocalSecrets> {
  const file = join(directory, 'secrets.json');
  const kept = await readKept(file);
  const secrets: LocalSecrets = {
    s3SecretAccessKey: kept.s3SecretAccessKey ?? makeSecret(),
    pagingCursorSecret: kept.pagingCursorSecret ?? makeSecret(),
    encryptionKeys: kept.encryptionKeys ?? `local:${randomBytes(32).toString('base64')}`,
    clientSecrets: Object.fromEntries(clientIds.map((id) => [id, kept.clientSecrets?.[id] ?? makeSecret()])),
    sessionSecret: kept.sessionSecret ?? makeSecret(),
    webClientSecret: kept.webClientSecret ?? makeSecret(),
    userPasswords: Object.fromEntries(subjects.map((id) => [id, kept.userPasswords?.[id] ?? makePassword()])),
  };
  await mkdir(directory, { recursive: true });
  await writeFile(file, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  return secrets;
}

async function readKept(file: string): Promise<Partial<LocalSecrets>> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Partial<LocalSecrets>;
  } catch {
    return {};
  }
}

/** To be typed by people. */
const makePassword = (): string => randomBytes(6).toString('base64url');

const makeSecret = (): string => randomBytes(24).toString('base64url');
