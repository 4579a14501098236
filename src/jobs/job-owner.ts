import type { JobSettings } from '../platform/config/settings';

/** Whose open jobs are counted: those of an API client, as its token's issuer names it, or of a person on the web page. */
export type JobOwner =
  | { readonly kind: 'client'; readonly issuer: string; readonly clientId: string }
  | { readonly kind: 'user'; readonly userId: string };

/** How many open jobs the owner may have; 0: no limit. */
export const maxOpenJobs = (settings: JobSettings, { kind }: JobOwner): number =>
  kind === 'client' ? settings.maxOpenPerClient : settings.maxOpenPerUser;

/** No two owners have the same. */
export const ownerKey = (owner: JobOwner): string =>
  JSON.stringify(owner.kind === 'client' ? [owner.issuer, owner.clientId] : [owner.userId]);
