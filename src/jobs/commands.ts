import type { Alongside } from '../platform/database/alongside';

/** What the fronts hand to the core: plain values, whatever the DTOs look like. */

/** Who makes a job: an API client, as its token's issuer names it, or a person on the web page. */
export type JobCreator =
  | { readonly kind: 'client'; readonly issuer: string; readonly clientId: string; readonly clientName: string | null }
  | { readonly kind: 'user'; readonly userId: string };

export interface NewJobFile {
  /** For people; never part of the object's key. */
  readonly name: string;
  /** The name was given as the `name` of an object, not as the file's whole value; a fault points there. */
  readonly nameIsProperty: boolean;
  /** Bytes; S3 then takes only a file of this length. */
  readonly size: number | null;
  /** Lower-case hex; S3 then takes only a file with this checksum. */
  readonly sha256: string | null;
}

export interface CreateJobCommand {
  readonly creator: JobCreator;
  readonly partner: string;
  readonly tenant: string;
  /** The bundle's path in the registry. */
  readonly bundle: string;
  /** The four-digit year in which the school year ends. */
  readonly schoolYear: string;
  /** By the bundle's env_var; any own key counts, `__proto__` too. */
  readonly files: Readonly<Record<string, NewJobFile>>;
  readonly params: Readonly<Record<string, string>>;
}

/** Which jobs somebody may see or change. It becomes part of the query, so that what is foreign is not found. */
export interface JobAccess {
  readonly partners: readonly string[];
  /** A code: of those partners only the tenants with it; absent: all of them. */
  readonly tenant?: string;
}

/** What a change of a job may come with. */
export interface JobChange<Outcome> {
  /** The user who makes it on the web page; absent or null: an API client does. */
  readonly userId?: string | null;
  readonly alongside?: Alongside<Outcome>;
}

export type { Alongside };
