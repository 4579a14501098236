import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Role } from '../tenancy/entities/user-role.entity';

/** Where everything of a local installation is, for people and scripts. */
export interface Connection {
  readonly api: string;
  readonly docs: string;
  /** The web page. */
  readonly web: string;
  readonly issuer: string | null;
  /** Absent with an issuer of one's own, which has clients of its own. */
  readonly tokenEndpoint?: string;
  readonly audience: string | null;
  readonly clients?: readonly ConnectionClient[];
  /** Who can sign in on the page; absent with a login issuer of one's own. */
  readonly users?: readonly ConnectionUser[];
  readonly databaseUrl: string;
  readonly s3: {
    readonly endpoint: string | null;
    readonly region: string | null;
    readonly bucket: string;
    readonly accessKeyId: string | null;
    readonly secretAccessKey: string | null;
  };
}

export interface ConnectionClient {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly partner: string;
  readonly tenants: readonly string[];
  readonly scopes: readonly string[];
}

export interface ConnectionUser {
  readonly email: string;
  readonly password: string;
  readonly role: Role;
  /** Absent for an operator, who has every one. */
  readonly partner?: string;
  /** Of staff. */
  readonly tenants?: readonly string[];
}

const fileIn = (directory: string): string => join(directory, 'connection.json');

/** Written whole or not at all, since scripts wait for it; only its owner may read the secrets in it. */
export async function writeConnection(directory: string, connection: Connection): Promise<void> {
  const temporary = `${fileIn(directory)}.${process.pid}`;
  await rm(temporary, { force: true });
  await writeFile(temporary, `${JSON.stringify(connection, null, 2)}\n`, { mode: 0o600 });
  await rename(temporary, fileIn(directory));
}

/** A stopped installation has no connection. */
export async function removeConnection(directory: string): Promise<void> {
  await rm(fileIn(directory), { force: true });
}
