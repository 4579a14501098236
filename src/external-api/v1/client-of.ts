import type { JobCreator } from '../../jobs/commands';
import type { Principal } from '../auth/principal';

/** The client that a job is recorded for. Only for routes whose token has to name one. */
export function clientOf({ issuer, clientId, clientName }: Principal): JobCreator {
  if (clientId === null) throw new Error('a route that records its client must require one (RequireScope with client: true)');
  return { kind: 'client', issuer, clientId, clientName };
}
